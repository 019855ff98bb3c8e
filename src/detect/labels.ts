import type { EvidenceTerm } from '../finding.ts';
import type { Detector } from './detector.ts';
import { type LabelTable, type LabelUse, labelTables } from './label-table.ts';
import { ROOT } from './label-trie.ts';
import { type Word, wordEnd, wordsOf, wordStart } from './words.ts';
import type { LabelSpan, Vocabulary } from './vocabulary.ts';

/** A detector that a field's labels speak for. */
export interface Candidate extends LabelUse {
  /** The label stands only in a far key (`ssn` in `{ssn: {value: …}}`). */
  readonly far: boolean;
  /** What the values of a column say, when the field is a cell. */
  readonly column?: ColumnEvidence;
}

interface ColumnEvidence {
  readonly terms: readonly EvidenceTerm[];
  /** The values alone show what the column is; it has no name that says so. */
  readonly inferred: boolean;
  /** So many of its values are known fakes that the others are fakes too. */
  readonly synthetic: boolean;
}

interface Occurrence {
  readonly first: number;
  readonly last: number;
  readonly uses: readonly LabelUse[];
}

/** Words of a line that mean something. */
interface Run {
  readonly end: number;
  readonly uses: readonly LabelUse[];
}

/** What may stand between the words of one label in running text. */
const GAP = /^(?:['’]s)?[ _.-]{0,2}$/;
const WIDEST_GAP = 4;
const SMALL_S = 0x73;
const NO_SPANS: readonly LabelSpan[] = [];
/** What shows that a word such as `name` is a label here: a quote or bracket, then `:`, `=`, `>`, `|` or a tab. */
const LABEL_END = /^["'\])\\]{0,3} {0,2}(?:[:=>|\t]|$)/;
/** What may stand before such a word. */
const LABEL_START = /(?:^|[^\w .-]| {2}|[^\w ] )$/;
/** An assignment of a line of log: no blank around the sign, and a value. */
const ASSIGNED = /^=["']?[\p{L}\d]/u;
/** What a digest, a UUID or base64 is made of. */
const CODE = /[0-9A-Za-z_-]/;
/** Characters on each side of a word that are looked at. */
const CODE_REACH = 48;
const FEWEST_CODE = 8;
/** Letters and digits side by side so often, in one run, are no words: `51c2dea86f`. */
const FEWEST_CHANGES = 3;
/** Meanings that are remembered: more than any real file has labels. */
const MAX_REMEMBERED = 10_000;

/** The words of all detectors' labels: finds them in text, and tells which detectors a field's labels speak for. */
export class Labels implements Vocabulary {
  readonly #detectors: readonly Detector[];
  /** Made at the first question: most scans of a small image ask none. */
  #tables: readonly LabelTable[] | undefined;
  readonly #byList = new WeakMap<readonly string[], readonly Candidate[]>();
  readonly #byText = new Map<string, readonly Candidate[]>();

  constructor(detectors: readonly Detector[]) {
    this.#detectors = detectors;
  }

  get #known(): readonly LabelTable[] {
    return (this.#tables ??= labelTables(this.#detectors));
  }

  find(line: string): readonly LabelSpan[] {
    const tables = this.#known;
    let spans: LabelSpan[] | undefined;
    for (let start = wordStart(line, 0); start < line.length;) {
      const end = wordEnd(line, start);
      const run = longestOf(tables, line, start, end);
      const isLabel = run !== undefined && standsAsLabel(line, start, run.end, run.uses);
      if (isLabel) (spans ??= []).push({ start, end: run.end });
      start = wordStart(line, isLabel ? run.end : end);
    }
    return spans ?? NO_SPANS;
  }

  #longestAt(words: readonly Word[], first: number, upTo: number): Occurrence | undefined {
    let longest: Occurrence | undefined;
    for (const table of this.#known) {
      const found = longestAt(table, words, first, upTo);
      if (found === undefined || (longest !== undefined && found.last < longest.last)) continue;
      longest = found.last === longest?.last ? { ...found, uses: [...longest.uses, ...found.uses] } : found;
    }
    return longest;
  }

  /** The detectors that a field's labels (nearest first) speak for, best first: the nearest label with a meaning decides. */
  candidates(labels: readonly string[]): readonly Candidate[] {
    const known = this.#byList.get(labels);
    if (known !== undefined) return known;
    const text = labels.length === 1 ? (labels[0] ?? '') : labels.join('\u0000');
    let candidates = this.#byText.get(text);
    if (candidates === undefined) {
      candidates = this.#weigh(labels);
      if (this.#byText.size >= MAX_REMEMBERED) this.#byText.clear();
      this.#byText.set(text, candidates);
    }
    this.#byList.set(labels, candidates);
    return candidates;
  }

  #weigh(labels: readonly string[]): readonly Candidate[] {
    const words: Word[] = [];
    /** For each word, how far its label is: 0 is the nearest. */
    const levels: number[] = [];
    for (let level = labels.length - 1; level >= 0; level--) {
      for (const word of wordsOf(labels[level] ?? '')) {
        words.push(word);
        levels.push(level);
      }
    }
    let nearest = Infinity;
    const found: { readonly use: LabelUse; readonly level: number; readonly last: number }[] = [];
    for (let first = 0; first < words.length; first++) {
      for (let upTo = words.length; upTo > first;) {
        const occurrence = this.#longestAt(words, first, upTo);
        if (occurrence === undefined) break;
        upTo = occurrence.last;
        const level = levels[occurrence.last] ?? 0;
        for (const use of occurrence.uses) {
          if (use.whole && !isWholeNearest(words, levels, occurrence)) continue;
          if (this.#isSilenced(words, levels, level, use.detector)) continue;
          found.push({ use, level, last: occurrence.last });
          nearest = Math.min(nearest, level);
        }
      }
    }
    const best = new Map<number, Candidate>();
    found
      .filter(({ level }) => level === nearest)
      .sort(
        (a, b) =>
          b.use.label.length - a.use.label.length || b.last - a.last || Number(b.use.strong) - Number(a.use.strong),
      )
      .forEach(({ use, level }) => {
        if (!best.has(use.detector)) best.set(use.detector, { ...use, far: level > 0 });
      });
    return [...best.values()];
  }

  /** A silencer acts in the label that it stands in, and on labels farther out: `{ssn: {regex: …}}`. */
  #isSilenced(words: readonly Word[], levels: readonly number[], level: number, detector: number): boolean {
    for (const { trie, meanings } of this.#known) {
      for (let first = 0; first < words.length; first++) {
        let node = ROOT;
        for (let last = first; last < words.length && (levels[last] ?? 0) <= level && node !== 0; last++) {
          if (levels[last] !== levels[first]) break;
          const { text = '' } = words[last] ?? {};
          node = trie.walk(node, text, 0, text.length);
          if (meanings[trie.value(node)]?.silences.includes(detector) === true) return true;
        }
      }
    }
    return false;
  }
}

/** The longest run of one table, which begins with the first of the words. */
function longestAt(table: LabelTable, words: readonly Word[], first: number, upTo: number): Occurrence | undefined {
  const { trie } = table;
  let longest: Occurrence | undefined;
  let node = ROOT;
  for (let last = first; last < upTo && node !== 0; last++) {
    const { text = '' } = words[last] ?? {};
    const before = trie.walk(node, text, 0, text.length - 1);
    node = trie.walk(before, text, Math.max(0, text.length - 1), text.length);
    const uses = usesAt(table, node, text.length > 1 && text.endsWith('s') ? before : 0);
    if (uses !== undefined) longest = { first, last, uses };
  }
  return longest;
}

/** The longest run of all tables. */
function longestOf(tables: readonly LabelTable[], line: string, start: number, end: number): Run | undefined {
  let longest: Run | undefined;
  for (const table of tables) {
    const run = longestRun(table, line, start, end);
    if (run === undefined || (longest !== undefined && run.end < longest.end)) continue;
    longest = run.end === longest?.end ? { ...run, uses: [...longest.uses, ...run.uses] } : run;
  }
  return longest;
}

/** The longest run of words that means something and begins with the word from `start` to `end`. */
function longestRun(table: LabelTable, line: string, start: number, end: number): Run | undefined {
  const { trie } = table;
  let longest: Run | undefined;
  let node = ROOT;
  for (let from = start, to = end; ;) {
    const before = trie.walk(node, line, from, to - 1);
    if (before === 0) return longest;
    node = trie.next(before, line.charCodeAt(to - 1));
    // `MRNs`, but not the `S` that begins the next word.
    const isPlural = to - from > 1 && (line.charCodeAt(to - 1) | 0x20) === SMALL_S;
    const uses = usesAt(table, node, isPlural ? before : 0);
    if (uses !== undefined) longest = { end: to, uses };
    if (node === 0) return longest;
    from = wordStart(line, to);
    if (from === line.length || !joins(line, to, from)) return longest;
    to = wordEnd(line, from);
  }
}

/** Of the run that ends at the node, else of the singular. */
function usesAt({ trie, meanings }: LabelTable, node: number, singular: number): readonly LabelUse[] | undefined {
  for (const place of [node, singular]) {
    const uses = meanings[trie.value(place)]?.uses ?? [];
    if (uses.length > 0) return uses;
  }
  return undefined;
}

/** Whether nothing but the gap within one label is between the words. */
function joins(line: string, from: number, to: number): boolean {
  if (from === to) return true;
  return to - from <= WIDEST_GAP && GAP.test(line.slice(from, to));
}

function isWholeNearest(words: readonly Word[], levels: readonly number[], { first, last }: Occurrence): boolean {
  if (levels[first] !== 0 || (first > 0 && levels[first - 1] === 0)) return false;
  const after = words[last + 1];
  return after === undefined || (last + 2 === words.length && /^[0-9]+$/.test(after.text));
}

function standsAsLabel(line: string, start: number, end: number, uses: readonly LabelUse[]): boolean {
  if (isInsideCode(line, start, end)) return false;
  // The domain of an e-mail address.
  if (line[start - 1] === '@') return false;
  if (!uses.every(({ whole }) => whole)) return true;
  // `mrn=1 name="A B"`.
  if (line[start - 1] === ' ' && ASSIGNED.test(line.slice(end, end + 3))) return true;
  return LABEL_START.test(line.slice(Math.max(0, start - 2), start)) && LABEL_END.test(line.slice(end, end + 8));
}

/** Whether the letters are some of a digest, a UUID or a token, and not at its beginning, where a label may be glued to it. */
function isInsideCode(line: string, start: number, end: number): boolean {
  let first = start;
  while (first > start - CODE_REACH && CODE.test(line[first - 1] ?? ' ')) first--;
  if (first === start) return false;
  let last = end;
  while (last < end + CODE_REACH && CODE.test(line[last] ?? ' ')) last++;
  const run = line.slice(first, last);
  if (run.length < FEWEST_CODE) return false;
  return (run.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0) >= FEWEST_CHANGES;
}
