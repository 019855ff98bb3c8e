import type { EvidenceTerm, Identifier } from '../finding.ts';
import { areEpochTimes, countsUp, distinctRatio, FEW_VALUES, fixedWidth, passRate } from './column-sample.ts';
import { hasCommonName } from './common-names.ts';
import type { CheckResult, Detector } from './detector.ts';
import { evidence, measured, scoreOf } from './evidence.ts';
import type { Candidate, Labels } from './labels.ts';
import { isPlaceholder } from './neighbours.ts';

/** What a column's cells are judged by, instead of by the label alone. Empty: they are nobody's. */
export type ColumnVerdict = readonly Candidate[];

/** Share of a column's values that pass when it is what it seems to be: the rest is dirt. */
const REAL = 0.97;
/** Shares of values with the shape that pass by chance. */
const CHANCE = {
  /** Of eleven upper-case letters and digits. */
  mbi: 1e-4,
  /** Of nine digits; with dashes between them hardly anything else is written so. */
  ssn: 0.888,
  dashedSsn: 0.05,
  /** Of ten digits; with separators. */
  phone: 0.4,
  separatedPhone: 0.05,
  email: 0.01,
  address: 0.02,
  /** Of a check digit: NPI, DEA. */
  checkDigit: 0.1,
} as const;
/** Share of names with a word of common-names.ts, and of other words. */
const KNOWN_NAMES = { real: 0.3, chance: 0.01 } as const;
/** Years between the oldest and the youngest: of patients, and of the events that software writes down. */
const DECADES = 20;
const FEW_YEARS = 3;
/** A column whose values nearly all have the shape, and one in which hardly any has. */
const NEARLY_ALL = 0.9;
const HARDLY_ANY = 0.2;
/** So many known fakes say that the others are fakes. */
const ALL_FAKES = 0.95;
const MANY_VALUES = 20;
/** First digits in a column of nine digits: areas are from everywhere. */
const FIRST_DIGITS = 4;

/** Words that a column is called by when it has no name: `col3`, `field_7`, `Unnamed: 2`, `V1`. */
const NO_NAME =
  /^(?:(?:col|column|field|fld|f|c|v|x|var|attr|attribute|unnamed|value|val|string|text|item|key)?[\s_:.-]*\d*)$/i;
const DIGITS_ONLY = /^\d+$/;

/** What a detector says of a whole value that has its shape. */
export interface Fit {
  readonly checked: CheckResult;
  readonly synthetic: boolean;
}

/** Undefined when the value does not have the shape of the candidate's detector. */
export type FitOf = (
  value: string,
  candidate: Pick<Candidate, 'detector' | 'label'>,
  placed: boolean,
) => Fit | undefined;

interface Sample {
  readonly values: readonly string[];
  readonly detector: Detector;
  readonly fits: readonly (Fit | undefined)[];
  /** How many have the shape, and how many of them do not fail the check. */
  readonly shaped: number;
  readonly passed: number;
}

/** Decides a column as a whole, from its labels and the first of its values; values are not averaged. */
export class ColumnJudge {
  readonly #detectors: readonly Detector[];
  readonly #fit: FitOf;
  readonly #labels: Labels;

  constructor(detectors: readonly Detector[], fit: FitOf, labels: Labels) {
    this.#detectors = detectors;
    this.#fit = fit;
    this.#labels = labels;
  }

  /** @param cells - Trimmed. Undefined verdict: the column says no more than each of its cells. */
  verdict(labels: readonly string[], cells: readonly string[]): ColumnVerdict | undefined {
    const values = cells.filter((cell) => !isPlaceholder(cell));
    const candidates = labels.length === 0 ? [] : this.#labels.candidates(labels);
    if (candidates.length > 0) {
      return values.length < FEW_VALUES ? undefined : candidates.map((candidate) => this.#labelled(candidate, values));
    }
    return NO_NAME.test(labels[0] ?? '') ? this.#inferred(values) : [];
  }

  /** What the verdict says of whose table it is: of two columns without a name, names and birth dates show patients. */
  isKind(verdict: ColumnVerdict | undefined, identifier: Detector['identifier']): boolean {
    return (
      verdict?.some(({ detector, column }) => {
        return column?.inferred === true && this.#detectors[detector]?.identifier === identifier;
      }) === true
    );
  }

  #sample(candidate: Pick<Candidate, 'detector' | 'label'>, values: readonly string[], placed: boolean): Sample {
    const detector = this.#detectors[candidate.detector];
    if (detector === undefined) throw new RangeError('no such detector');
    const fits = values.map((value) => this.#fit(value, candidate, placed));
    const shaped = fits.filter((fit) => fit !== undefined);
    return {
      values,
      detector,
      fits,
      shaped: shaped.length,
      passed: shaped.filter(({ checked }) => checked !== 'fail').length,
    };
  }

  #labelled(candidate: Candidate, values: readonly string[]): Candidate {
    const sample = this.#sample(candidate, values, false);
    const { detector, passed } = sample;
    const terms: EvidenceTerm[] = [];
    if (isNumber(detector)) {
      const checks = sample.fits.filter((fit) => fit?.checked === 'pass').length;
      if (countsUp(values)) {
        terms.push(evidence('counts up'));
        if (detector.identifier === 'ssn') terms.push(evidence('never in order'));
      } else if (areEpochTimes(values) && checks < NEARLY_ALL * values.length) {
        terms.push(evidence('epoch times'));
      } else if (detector.identifier === 'ssn') {
        const [plain, all] = shapedWhere(sample, (value) => DIGITS_ONLY.test(value));
        if (all > 0) terms.push(measured('pass rate', passRate(plain, all, REAL, CHANCE.ssn)));
      } else if (checks > 0) {
        terms.push(measured('pass rate', passRate(checks, sample.shaped, REAL, CHANCE.checkDigit)));
      }
    }
    if (detector.identifier === 'dob') terms.push(...yearTerms(sample, candidate.strong));
    if (!candidate.strong && values.length >= MANY_VALUES && passed < HARDLY_ANY * values.length) {
      terms.push(evidence('few fit'));
    }
    return { ...candidate, column: { terms, inferred: false, synthetic: areFakes(sample) } };
  }

  #inferred(values: readonly string[]): ColumnVerdict {
    const found: { readonly score: number; readonly candidate: Candidate }[] = [];
    for (const [index, detector] of this.#detectors.entries()) {
      const candidate = { detector: index, strong: false, whole: false, label: '', far: false };
      // Of names alone the doubtful ones count: their list decides. A place that could hold anything infers nothing.
      const sample = this.#sample(candidate, values, detector.identifier === 'name');
      if (sample.passed === 0 || sample.shaped < NEARLY_ALL * values.length) continue;
      const terms = INFERRED[detector.identifier]?.(sample) ?? [];
      const score = scoreOf([evidence('prior'), ...terms]);
      if (terms.length === 0 || score < 0) continue;
      const strong =
        detector.identifier === 'mbi' ||
        (detector.identifier === 'ssn' && detector.intrinsic !== undefined && !areDigits(values));
      const column = { terms, inferred: true, synthetic: areFakes(sample) };
      found.push({ score, candidate: { ...candidate, strong, column } });
    }
    return found.sort((a, b) => b.score - a.score).map(({ candidate }) => candidate);
  }
}

type InferredTerms = (sample: Sample) => readonly EvidenceTerm[];

/** What the values of a column without a name say by themselves. Identifiers without a rule here need a label. */
const INFERRED: Partial<Readonly<Record<Identifier, InferredTerms>>> = {
  mbi: (sample) => rateTerms(sample, CHANCE.mbi),
  email: (sample) => rateTerms(sample, CHANCE.email),
  ssn: (sample) => {
    if (!areDigits(sample.values)) return rateTerms(sample, CHANCE.dashedSsn);
    return isRandomNumber(sample.values, 9) ? rateTerms(sample, CHANCE.ssn) : [];
  },
  phone: (sample) => {
    if (!areDigits(sample.values)) return rateTerms(sample, CHANCE.separatedPhone);
    return isRandomNumber(sample.values, 10) ? rateTerms(sample, CHANCE.phone) : [];
  },
  address: (sample) => (sample.values.every((value) => /\p{L}/u.test(value)) ? rateTerms(sample, CHANCE.address) : []),
  dob: (sample) =>
    // Bare milliseconds could be any number.
    sample.values.every((value) => !/^-?\d+$/.test(value) || value.length === 8) ? yearTerms(sample, false) : [],
  name: ({ values }) => {
    const known = values.filter(hasCommonName).length;
    return [measured('known names', passRate(known, values.length, KNOWN_NAMES.real, KNOWN_NAMES.chance))];
  },
};

function rateTerms({ passed, shaped }: Sample, chance: number): readonly EvidenceTerm[] {
  return [measured('pass rate', passRate(passed, shaped, REAL, chance))];
}

/** One of the numbers that people have, as against dates and texts. */
function isNumber({ identifier }: Detector): boolean {
  return !['name', 'address', 'dob', 'date', 'email', 'url', 'ip', 'photo'].includes(identifier);
}

function areDigits(values: readonly string[]): boolean {
  return values.every((value) => DIGITS_ONLY.test(value));
}

/** As wide as a table of many such numbers is, from everywhere, in no order. */
function isRandomNumber(values: readonly string[], width: number): boolean {
  const first = new Set(values.map((value) => value[0]));
  return (
    fixedWidth(values) === width &&
    first.size >= FIRST_DIGITS &&
    distinctRatio(values) > 0.5 &&
    !countsUp(values) &&
    !areEpochTimes(values)
  );
}

/** Of the values that have the shape and are meant: how many pass the check, and how many there are. */
function shapedWhere({ values, fits }: Sample, isMeant: (value: string) => boolean): readonly [number, number] {
  const meant = fits.filter((fit, index) => fit !== undefined && isMeant(values[index] ?? ''));
  return [meant.filter((fit) => fit?.checked !== 'fail').length, meant.length];
}

function yearTerms({ values, fits, detector }: Sample, strong: boolean): readonly EvidenceTerm[] {
  const years = values
    .filter((_, index) => fits[index] !== undefined && fits[index].checked !== 'fail' && !fits[index].synthetic)
    .map((value) => Number((detector.normalize?.(value) ?? '').slice(0, 4)));
  if (years.length < (strong ? FEW_VALUES : 2)) return [];
  const span = Math.max(...years) - Math.min(...years);
  if (span >= DECADES) return [measured('birth years', span / 10)];
  return span <= FEW_YEARS && years.length >= FEW_VALUES ? [evidence('few years')] : [];
}

function areFakes({ fits, shaped }: Sample): boolean {
  return shaped >= MANY_VALUES && fits.filter((fit) => fit?.synthetic === true).length >= ALL_FAKES * shaped;
}
