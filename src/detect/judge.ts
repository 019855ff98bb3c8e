import type { EvidenceTerm } from '../finding.ts';
import { Shape } from './automaton.ts';
import type { Detector } from './detector.ts';
import { cutShape } from './cut-shape.ts';
import { ColumnJudge } from './column-judge.ts';
import type { Fit } from './column-judge.ts';
import type { Field } from './field.ts';
import { isGap, isPlaceholder, noiseRuns, standsAlone } from './neighbours.ts';
import type { Candidate, Labels } from './labels.ts';
import { weighingOf } from './weighing.ts';

/** A value that a detector accepts. It holds the value, so it never leaves `detect/`. */
export interface Match {
  readonly detector: Detector;
  readonly value: string;
  readonly field: Field;
  /** Character index of the value in the field's. */
  readonly start: number;
  readonly end: number;
  /** `weak`: counts only beside a stronger match. */
  readonly strength: 'labelled' | 'weak' | 'bare';
  readonly synthetic: boolean;
  readonly terms: readonly EvidenceTerm[];
  /** The sum of the terms, in log-odds. */
  readonly score: number;
  /** The detector's label that was found; empty where there is none. */
  readonly label: string;
}

/** A match with its byte offset in the entry as it is stored. */
export interface PlacedMatch {
  readonly match: Match;
  readonly offset: number;
  /** The same as the reader counts. */
  readonly at: number;
}

/** How far behind its label an inline value may start, in characters. */
const LABEL_REACH = 30;
/** Longest value that a detector looks at, in characters. */
const MAX_VALUE = 256;
/** Fewest letters and digits of a value whose end was cut. */
const BEGUN_CHARACTERS = 4;
/** `mrn=NUMBER.env` in a path: the number that a file is named after. */
const FILE_NAME = /^([^.]*\d[^.]*)(?:\.[A-Za-z][A-Za-z0-9]{1,4}){1,2}$/;
/** Shortest text that an intrinsic shape fits into. */
const MIN_INTRINSIC = 9;
const NO_MATCHES: readonly Match[] = [];

interface Shapes {
  readonly detector: Detector;
  readonly whole: Shape;
  readonly placed: Shape;
  readonly inline: Shape;
  readonly intrinsic: Shape | undefined;
}

/** Decides which fields hold an identifier, and why. Remembers no value. */
export class Judge {
  readonly #shapes: readonly Shapes[];
  readonly #anyIntrinsic: Shape | undefined;
  readonly #labels: Labels;
  /** Beginnings of the detectors' shapes: made when first needed, since few texts are cut. */
  readonly #begun = new Map<Detector, Shape | undefined>();

  /** What decides columns as a whole. */
  readonly columns: ColumnJudge;

  constructor(detectors: readonly Detector[], labels: Labels) {
    this.columns = new ColumnJudge(detectors, this.#fit.bind(this), labels);
    this.#labels = labels;
    this.#shapes = detectors.map((detector) => ({
      detector,
      whole: new Shape(detector.shape),
      placed: new Shape(detector.placed ?? detector.shape),
      inline: new Shape(detector.inline ?? detector.shape),
      intrinsic: detector.intrinsic === undefined ? undefined : new Shape(detector.intrinsic),
    }));
    const intrinsics = detectors.flatMap(({ intrinsic }) => (intrinsic === undefined ? [] : [`(?:${intrinsic})`]));
    this.#anyIntrinsic = intrinsics.length === 0 ? undefined : new Shape(intrinsics.join('|'));
  }

  /**
   * The matches in one field, left to right. One place has one detector: the one whose label fits best.
   * @param column - What the field's column was decided to be, instead of what its label says.
   */
  judge(field: Field, column?: readonly Candidate[]): readonly Match[] {
    const labelled = column === undefined ? this.#labelled(field) : this.#whole(field, column);
    if (labelled !== undefined) return [labelled];
    return field.value.length < MIN_INTRINSIC ? NO_MATCHES : this.#bare(field);
  }

  #fit(
    value: string,
    { detector: index, label }: Pick<Candidate, 'detector' | 'label'>,
    placed: boolean,
  ): Fit | undefined {
    const shapes = this.#shapes[index];
    if (shapes === undefined || value.length > MAX_VALUE || !shapes.whole.test(value)) return undefined;
    const { check, synthetic } = shapes.detector;
    return { checked: check?.(value, label, placed) ?? 'none', synthetic: synthetic?.(value) ?? false };
  }

  #labelled(field: Field): Match | undefined {
    if (field.tie === 'bare' || field.labels.length === 0) return undefined;
    const candidates = this.#labels.candidates(field.labels);
    if (candidates.length === 0) return undefined;
    const match = field.tie === 'inline' ? this.#inline(field, candidates) : this.#whole(field, candidates);
    return match ?? (field.truncated === true ? this.#cut(field, candidates) : undefined);
  }

  #whole(field: Field, candidates: readonly Candidate[]): Match | undefined {
    if (candidates.length === 0 || field.value.length > MAX_VALUE * 2) return undefined;
    const value = trimmed(field.value);
    if (value.length > MAX_VALUE || isPlaceholder(value)) return undefined;
    const start = value.length === field.value.length ? 0 : field.value.indexOf(value);
    for (const candidate of candidates) {
      const shapes = this.#shapes[candidate.detector];
      if (shapes === undefined) continue;
      if (!(field.tie === 'position' ? shapes.placed : shapes.whole).test(value)) continue;
      const match = matchOf(shapes.detector, field, value, start, candidate);
      if (match !== undefined) return match;
    }
    const stem = field.tie === 'key' ? FILE_NAME.exec(value)?.[1] : undefined;
    return stem === undefined ? undefined : this.#whole({ ...field, value: stem }, candidates);
  }

  #inline(field: Field, candidates: readonly Candidate[]): Match | undefined {
    const text = field.value.slice(0, LABEL_REACH + MAX_VALUE);
    for (const candidate of candidates) {
      const shapes = this.#shapes[candidate.detector];
      if (shapes === undefined) continue;
      for (let from = 0; from <= LABEL_REACH;) {
        const found = shapes.inline.find(text, from);
        if (found === undefined || found.start > LABEL_REACH || !isGap(text.slice(0, found.start))) break;
        from = Math.max(found.start + 1, from + 1);
        if (!standsAlone(text, found.start, found.end)) continue;
        const value = text.slice(found.start, found.end);
        if (isPlaceholder(value)) continue;
        const match = matchOf(shapes.detector, field, value, found.start, candidate);
        if (match !== undefined) return match;
      }
    }
    return undefined;
  }

  /** The beginning of a value, behind which the text was cut: `522-4`. */
  #cut(field: Field, candidates: readonly Candidate[]): Match | undefined {
    const text = field.value.trimEnd();
    if (text.length > LABEL_REACH + MAX_VALUE) return undefined;
    // `Key (ssn)=(522-4`: what follows a key is its value but for the bracket.
    const furthest = field.tie === 'inline' ? LABEL_REACH : text.search(/[\p{L}\p{N}]/u);
    for (const candidate of candidates) {
      const detector = this.#shapes[candidate.detector]?.detector;
      if (detector === undefined) continue;
      for (let start = 0; start <= furthest; start++) {
        const value = text.slice(start);
        if (!tellsSomething(value) || !isGap(text.slice(0, start))) break;
        if (!standsAlone(text, start, text.length) || this.#begunShape(detector)?.test(value) !== true) continue;
        const match = matchOf(detector, field, value, start, candidate, true);
        if (match !== undefined) return match;
      }
    }
    return undefined;
  }

  #begunShape(detector: Detector): Shape | undefined {
    const known = this.#begun.get(detector);
    if (known !== undefined || this.#begun.has(detector)) return known;
    const source = cutShape(detector.shape);
    const shape = source === undefined ? undefined : new Shape(source);
    this.#begun.set(detector, shape);
    return shape;
  }

  #bare(field: Field): readonly Match[] {
    const text = field.value;
    if (this.#anyIntrinsic?.isIn(text) !== true) return NO_MATCHES;
    const matches: Match[] = [];
    let noise: ReturnType<typeof noiseRuns> | undefined;
    for (const { detector, intrinsic } of this.#shapes) {
      if (intrinsic === undefined) continue;
      for (let from = 0; from < text.length;) {
        const found = intrinsic.find(text, from);
        if (found === undefined) break;
        const { start, end } = found;
        from = Math.max(end, from + 1);
        if (!standsAlone(text, start, end)) continue;
        noise ??= noiseRuns(text);
        if (noise.some(([first, last]) => start >= first && end <= last)) continue;
        const match = matchOf(detector, field, text.slice(start, end), start, undefined);
        if (match !== undefined) matches.push(match);
      }
    }
    return matches.sort((a, b) => a.start - b.start);
  }
}

function matchOf(
  detector: Detector,
  field: Field,
  value: string,
  start: number,
  candidate: Candidate | undefined,
  begun = false,
): Match | undefined {
  const label = candidate?.label ?? '';
  const column = candidate?.column;
  const atPosition = field.tie === 'position';
  // A value whose end is not there has no check digit, and no structure that could be wrong.
  const checked = begun ? 'none' : (detector.check?.(value, label, atPosition || column?.inferred === true) ?? 'none');
  if (checked === 'fail') return undefined;
  const synthetic =
    field.synthetic === true || column?.synthetic === true || (!begun && (detector.synthetic?.(value) ?? false));
  const strength = strengthOf(field, candidate, atPosition);
  const end = start + value.length;
  const isTruncated = field.truncated === true && !/[\p{L}\p{N}]/u.test(field.value.slice(end));
  const { terms, score } = weighingOf(field.tie, candidate, { passed: checked === 'pass', synthetic, isTruncated });
  if (score < 0) return undefined;
  return { detector, value, field, start, end, strength, synthetic, terms, score, label };
}

/** A format's position says whose value it is, so its label need not. */
function strengthOf({ tie }: Field, candidate: Candidate | undefined, atPosition: boolean): Match['strength'] {
  if (candidate === undefined || tie === 'bare') return 'bare';
  return candidate.strong || atPosition ? 'labelled' : 'weak';
}

/** Words may be any; four letters and digits with a digit or an @ among them are the beginning of something. */
function tellsSomething(value: string): boolean {
  return /[\p{N}@]/u.test(value) && (value.match(/[\p{L}\p{N}]/gu) ?? []).length >= BEGUN_CHARACTERS;
}

/** Without the white space and quotes around it. */
export function trimmed(value: string): string {
  if (isPlainCharacter(value.charCodeAt(0)) && isPlainCharacter(value.charCodeAt(value.length - 1))) return value;
  return value
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
}

/** An ASCII letter or digit: nothing to trim. */
function isPlainCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
