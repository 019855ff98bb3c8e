import type { EvidenceTerm } from '../finding.ts';
import type { Detector } from './detector.ts';
import { shortForms, spellingsOf } from './spellings.ts';
import { splitLabel, wordsOf } from './words.ts';
import type { Word } from './words.ts';
import type { LabelSpan, Vocabulary } from './vocabulary.ts';

/** What a run of words means: a label of this detector. */
interface LabelUse {
  /** Index into the detectors. */
  readonly detector: number;
  readonly strong: boolean;
  /** Counts only when it is the nearest label as a whole. */
  readonly whole: boolean;
  /** As the detector spells it. */
  readonly label: string;
}

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

/** What may stand between the words of one label in running text. */
const GAP = /^(?:['’]s)?[ _.-]{0,2}$/;
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
  /** By the label's words, put together without separators. */
  readonly #uses = new Map<string, LabelUse[]>();
  /** Every beginning of such a key, so that most words of a text need one look. */
  readonly #beginnings = new Set<string>();
  /** By word: the detectors that it silences. */
  readonly #silencers = new Map<string, Set<number>>();
  readonly #byList = new WeakMap<readonly string[], readonly Candidate[]>();
  readonly #byText = new Map<string, readonly Candidate[]>();

  #unlearned: readonly Detector[];

  constructor(detectors: readonly Detector[]) {
    this.#unlearned = detectors;
  }

  /** At the first question: most scans of a small image ask none, and all spellings take some time. */
  #learn(): void {
    const detectors = this.#unlearned;
    if (detectors.length === 0) return;
    this.#unlearned = [];
    for (const [index, { labels }] of detectors.entries()) {
      const whole = new Set(labels.whole);
      const strong = new Set(labels.strong);
      const written = new Set([...labels.strong, ...labels.weak]);
      for (const label of written) {
        this.#add(keyOf(label), { detector: index, strong: strong.has(label), whole: whole.has(label), label });
      }
      for (const label of written) {
        for (const { text, weak, whole: alone } of spellingsOf(label)) {
          const key = keyOf(text);
          if (this.#uses.get(key)?.some((use) => use.detector === index) === true) continue;
          const isStrong = strong.has(label) && !weak;
          this.#add(key, { detector: index, strong: isStrong, whole: alone || whole.has(label), label });
        }
      }
      for (const label of labels.not) {
        for (const word of [label, ...shortForms(label)]) this.#silence(keyOf(word), index);
      }
    }
  }

  #add(key: string, use: LabelUse): void {
    const uses = this.#uses.get(key);
    if (uses === undefined) this.#uses.set(key, [use]);
    else uses.push(use);
    this.#begin(key);
  }

  /** The shorter ones of a beginning that is known are known, too. */
  #begin(key: string): void {
    for (let length = key.length; length > 0; length--) {
      const beginning = key.slice(0, length);
      if (this.#beginnings.has(beginning)) return;
      this.#beginnings.add(beginning);
    }
  }

  #silence(word: string, detector: number): void {
    const silenced = this.#silencers.get(word) ?? new Set();
    silenced.add(detector);
    this.#silencers.set(word, silenced);
    this.#begin(word);
  }

  find(line: string): readonly LabelSpan[] {
    this.#learn();
    const words = wordsOf(line);
    const spans: LabelSpan[] = [];
    const joins = (before: Word, after: Word): boolean => GAP.test(line.slice(before.end, after.start));
    for (let index = 0; index < words.length;) {
      const text = words[index]?.text ?? '';
      if (!this.#beginnings.has(text) && !this.#isPlural(text)) {
        index++;
        continue;
      }
      const occurrence = this.#longestAt(words, index, joins);
      const start = words[index]?.start ?? 0;
      const end = words[occurrence?.last ?? index]?.end ?? start;
      if (occurrence === undefined || !standsAsLabel(line, start, end, occurrence.uses)) {
        index++;
      } else {
        spans.push({ start, end });
        index = occurrence.last + 1;
      }
    }
    return spans;
  }

  /** `ssns`, which begins no label. */
  #isPlural(word: string): boolean {
    return word.endsWith('s') && this.#uses.has(word.slice(0, -1));
  }

  #longestAt(
    words: readonly Word[],
    first: number,
    joins: (before: Word, after: Word) => boolean,
    upTo: number = words.length,
  ): Occurrence | undefined {
    let key = '';
    let longest: Occurrence | undefined;
    for (let last = first; last < upTo; last++) {
      const word = words[last];
      const before = words[last - 1];
      if (word === undefined || (last > first && before !== undefined && !joins(before, word))) break;
      key += word.text;
      // `MRNs`, but not the `S` that begins the next word.
      const isPlural = key.endsWith('s') && word.text !== 's';
      const uses = this.#uses.get(key) ?? (isPlural ? this.#uses.get(key.slice(0, -1)) : undefined);
      if (uses !== undefined) longest = { first, last, uses };
      if (!this.#beginnings.has(key)) break;
    }
    return longest;
  }

  /** The detectors that a field's labels (nearest first) speak for, best first: the nearest label with a meaning decides. */
  candidates(labels: readonly string[]): readonly Candidate[] {
    this.#learn();
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
        const occurrence = this.#longestAt(words, first, () => true, upTo);
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
    for (let first = 0; first < words.length; first++) {
      let key = '';
      for (let last = first; last < words.length && (levels[last] ?? 0) <= level; last++) {
        if (levels[last] !== levels[first]) break;
        key += words[last]?.text ?? '';
        if (this.#silencers.get(key)?.has(detector) === true) return true;
        if (!this.#beginnings.has(key)) break;
      }
    }
    return false;
  }
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

/** The words of a label, put together. Most are plain words already. */
function keyOf(label: string): string {
  return /^[a-z ]+$/.test(label) ? label.replaceAll(' ', '') : splitLabel(label).join('');
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
