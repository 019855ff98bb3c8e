import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { BUILT_IN_LABELS } from './built-in.ts';
import type { Detector } from './detector.ts';
import { LabelTrie } from './label-trie.ts';
import { shortForms, spellingsOf } from './spellings.ts';
import { splitLabel } from './words.ts';

/** What a run of words means: a label of this detector. */
export interface LabelUse {
  /** Index into the detectors. */
  readonly detector: number;
  readonly strong: boolean;
  /** Counts only when it is the nearest label as a whole. */
  readonly whole: boolean;
  /** As the detector spells it. */
  readonly label: string;
}

/** All that runs of words mean, the words put together without separators. */
export interface LabelTable {
  /** From each such run, and to every beginning of one. Its numbers are indexes into `meanings`. */
  readonly trie: LabelTrie;
  readonly meanings: readonly LabelMeaning[];
}

interface LabelMeaning {
  readonly uses: readonly LabelUse[];
  /** Indexes of the detectors that it silences. */
  readonly silences: readonly number[];
}

/**
 * From the build where it has prepared them, else made now, which takes some time for all spellings. A hospital's own detectors,
 * which come before the built-in ones, have a table of their own.
 */
export function labelTables(detectors: readonly Detector[]): readonly LabelTable[] {
  const [key, count = '0', meanings = '', trie = ''] = BUILT_IN_LABELS?.split('\n') ?? [];
  const own = detectors.slice(0, Math.max(0, detectors.length - Number(count)));
  if (key !== keyOf(detectors.slice(own.length))) return [madeTable(detectors)];
  const inflated = (text: string): Buffer => inflateRawSync(Buffer.from(text, 'base64'));
  const prepared = {
    meanings: behind(own.length, JSON.parse(inflated(meanings).toString()) as LabelTable['meanings']),
    trie: LabelTrie.unpack(inflated(trie)),
  };
  return own.length === 0 ? [prepared] : [madeTable(own), prepared];
}

/** As the meanings are when so many detectors come before theirs. */
function behind(count: number, meanings: LabelTable['meanings']): LabelTable['meanings'] {
  if (count === 0) return meanings;
  return meanings.map(({ uses, silences }) => ({
    uses: uses.map((use) => ({ ...use, detector: use.detector + count })),
    silences: silences.map((detector) => detector + count),
  }));
}

/** What scripts/build.js puts in the place of src/detect/built-in.ts: key, number of detectors, meanings and trie, a line each. */
export function packedLabels(detectors: readonly Detector[]): string {
  const { meanings, trie } = madeTable(detectors);
  const deflated = (bytes: string | Uint8Array): string => deflateRawSync(bytes, { level: 9 }).toString('base64');
  return [keyOf(detectors), detectors.length, deflated(JSON.stringify(meanings)), deflated(trie.pack())].join('\n');
}

function keyOf(detectors: readonly Detector[]): string {
  return createHash('sha256')
    .update(JSON.stringify(detectors.map(({ labels }) => labels)))
    .digest('hex');
}

function madeTable(detectors: readonly Detector[]): LabelTable {
  const uses = new Map<string, LabelUse[]>();
  const silences = new Map<string, Set<number>>();
  for (const [index, detector] of detectors.entries()) {
    addUses(uses, index, detector.labels);
    for (const label of detector.labels.not) {
      for (const word of [label, ...shortForms(label)]) listOf(silences, runOf(word), () => new Set()).add(index);
    }
  }
  const meanings: LabelMeaning[] = [NOTHING];
  const numbers = new Map<string, number>();
  const values = new Map<string, number>();
  for (const run of new Set([...uses.keys(), ...silences.keys()])) {
    const meaning = { uses: uses.get(run) ?? [], silences: [...(silences.get(run) ?? [])] };
    const text = JSON.stringify(meaning);
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, (number = meanings.push(meaning) - 1));
    values.set(run, number);
  }
  return { trie: LabelTrie.of(values), meanings };
}

const NOTHING: LabelMeaning = { uses: [], silences: [] };

function addUses(all: Map<string, LabelUse[]>, detector: number, labels: Detector['labels']): void {
  const whole = new Set(labels.whole);
  const strong = new Set(labels.strong);
  const written = new Set([...labels.strong, ...labels.weak]);
  for (const label of written) {
    listOf(all, runOf(label), newList).push({
      detector,
      strong: strong.has(label),
      whole: whole.has(label),
      label,
    });
  }
  for (const label of written) {
    for (const { text, weak, whole: alone } of spellingsOf(label)) {
      const uses = listOf(all, runOf(text), newList);
      if (uses.some((use) => use.detector === detector)) continue;
      uses.push({ detector, strong: strong.has(label) && !weak, whole: alone || whole.has(label), label });
    }
  }
}

function newList(): LabelUse[] {
  return [];
}

function listOf<Value>(all: Map<string, Value>, run: string, make: () => Value): Value {
  let list = all.get(run);
  if (list === undefined) all.set(run, (list = make()));
  return list;
}

/** The words of a label, put together. Most are plain words already. */
function runOf(label: string): string {
  return /^[a-z ]+$/.test(label) ? label.replaceAll(' ', '') : splitLabel(label).join('');
}
