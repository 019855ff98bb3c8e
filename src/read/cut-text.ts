import type { Field } from '../detect/field.ts';

/** Where a service cuts the texts of some keys. */
interface Cut {
  readonly keys: RegExp;
  /** In bytes or characters. */
  readonly lengths: readonly number[];
  /** What it puts behind what is left. */
  readonly mark: string;
}

const CUTS: readonly Cut[] = [
  // amazon-ecs-agent, agent/api/statechange.go and ecsclient: ecsMaxContainerReasonLength was 255, and is 1024 since 2025-03.
  { keys: /(?:reason|message)$/i, lengths: [255, 1024], mark: '' },
  // moby, daemon/health.go: maxOutputLen.
  { keys: /^output$/i, lengths: [4096], mark: '...' },
];
const SHORTEST = Math.min(...CUTS.flatMap(({ lengths }) => lengths));
const LONGEST = Math.max(...CUTS.map(({ lengths, mark }) => Math.max(...lengths) + mark.length));
/** Bytes of the longest character. */
const CHARACTER_BYTES = 4;
/** What is left of a character that was cut: Go writes the replacement character for each of its bytes. */
const BROKEN_END = /\ufffd{1,3}$/;
/** What may stand between a value and the end of its text. */
const LAST_WORD = /[\p{L}\p{N}]{1,64}(?=[^\p{L}\p{N}]{0,8}$)/u;
const BEHIND_VALUE = /^[\s,.;:"'`\])}\\&?(-]*$/;

/** True where the text of a key is exactly as long as its service lets it be: it was cut, as far as one can tell. */
function isCut(key: string, text: string): boolean {
  if (text.length * CHARACTER_BYTES < SHORTEST || text.length > LONGEST) return false;
  return CUTS.some(({ keys, lengths, mark }) => {
    if (!keys.test(key) || !text.endsWith(mark)) return false;
    const left = text.slice(0, text.length - mark.length);
    const whole = left.replace(BROKEN_END, '');
    const bytes = Buffer.byteLength(whole);
    // The characters of UTF-16, of Unicode, and bytes: each is a length to some service.
    const isBroken = whole !== left;
    return lengths.some(
      (length) =>
        left.length === length ||
        Array.from(left).length === length ||
        bytes === length ||
        (isBroken && bytes < length && bytes > length - CHARACTER_BYTES),
    );
  });
}

/** Marks those of a leaf's fields, from the index on, that its text ends with, if that was cut. */
export function markCut(fields: Field[], from: number, { labels, value: text }: Field): void {
  if (!isCut(labels[0] ?? '', text)) return;
  for (let index = from; index < fields.length; index++) {
    const field = fields[index];
    if (field === undefined || field.value === '') continue;
    if (endsWith(text, field.value)) fields[index] = { ...field, truncated: true };
  }
}

/** What was decoded does not stand in the text; its last word does. */
function endsWith(text: string, value: string): boolean {
  const start = text.lastIndexOf(value);
  if (start >= 0) return BEHIND_VALUE.test(text.slice(start + value.length));
  const word = LAST_WORD.exec(value)?.[0];
  const at = word === undefined ? -1 : text.lastIndexOf(word);
  return at >= 0 && BEHIND_VALUE.test(text.slice(at + (word?.length ?? 0)));
}
