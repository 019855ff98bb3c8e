import type { Engine } from '../engine/engine.ts';
import { SCRUBBED } from '../detect/scrub.ts';
import type { EntryFinding } from '../finding.ts';

/** Members and levels of a document that is taken apart; a larger or deeper one, which may be an attack, is not. */
const MAX_MEMBERS = 20_000;
const MAX_LEVELS = 64;
const WORD = /\p{L}{4,}|\p{N}{4,}/gu;

/** False for a document whose findings stay as they are. */
export function canBeTakenApart(json: unknown): boolean {
  const pending: { readonly value: unknown; readonly level: number }[] = [{ value: json, level: 0 }];
  let members = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, level } = next;
    if (typeof value !== 'object' || value === null) continue;
    const inner = Object.values(value);
    members += inner.length;
    if (level >= MAX_LEVELS || members > MAX_MEMBERS) return false;
    for (const one of inner) pending.push({ value: one, level: level + 1 });
  }
  return true;
}

/**
 * The findings without any word of the document's values in their pointers and fields. A finding from a part of the
 * document was judged without the rest: there, the name of a patient may be a key.
 */
export function withoutValues(
  engine: Engine,
  json: unknown,
  findings: readonly EntryFinding[],
): readonly EntryFinding[] {
  if (findings.length === 0) return findings;
  const words = valueWords(engine, json);
  const clean = (text: string): string =>
    text.replace(WORD, (word) => (words.has(word.toLowerCase()) ? SCRUBBED : word));
  return findings.map((finding) => {
    const { pointer, field, ...place } = finding.place;
    const texts = {
      ...(pointer === undefined ? {} : { pointer: clean(pointer) }),
      ...(field === undefined ? {} : { field: clean(field) }),
    };
    return { ...finding, place: { ...place, ...texts } };
  });
}

/** Words that masking takes away. */
function valueWords(engine: Engine, json: unknown): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of textsOf(json, '')) {
    const masked = engine.maskText(text);
    if (masked === text) continue;
    const left = new Set(masked.match(WORD));
    for (const word of text.match(WORD) ?? []) if (!left.has(word)) words.add(word.toLowerCase());
  }
  return words;
}

/** Every text, behind its key. */
function* textsOf(value: unknown, key: string): Generator<string, void, undefined> {
  if (typeof value === 'string' || typeof value === 'number') yield key === '' ? String(value) : `${key}: ${value}`;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* textsOf(member, Array.isArray(value) ? key : name);
}
