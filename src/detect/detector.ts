import type { Identifier } from '../finding.ts';

/** What a check says of a candidate that has the right shape. */
export type CheckResult =
  /** The structure or check digit holds. */
  | 'pass'
  /** It does not: no finding. */
  | 'fail'
  /** The format has no check. */
  | 'none';

/**
 * One kind of identifier: data, and at most two pure functions. A detector is one file under detectors/ and one line in
 * detectors/index.ts.
 */
export interface Detector {
  /** kebab-case, the name of its file: `ssn`. */
  readonly id: string;
  readonly identifier: Identifier;
  /** Letter of 45 CFR 164.514(b)(2)(i), `A` to `R`. */
  readonly safeHarbor: string;
  /** `Social Security number`. */
  readonly title: string;
  /** What it finds, and what it cannot, each one sentence or more. */
  readonly finds: string;
  readonly misses: string;

  readonly labels: {
    /**
     * Lower-case words, separated by spaces: `medical record number`, `patient id`. They match whole words of a label
     * after it is split at camelCase, snake_case, kebab-case, dots and spaces. A strong label is a hint: it alone brings
     * a reader to the place.
     */
    readonly strong: readonly string[];
    /** Labels that fill ordinary software (`name`, `phone`, `zip`): they count only in a record, or near a place, that a
     * strong hint has marked. Never a hint. */
    readonly weak: readonly string[];
    /** Those of the labels above that count only when they are the nearest label as a whole: `name`, but not `host name`. */
    readonly whole?: readonly string[];
    /** Words that, in the same label, make it mean something else: `template`, `regex`, `last4`. */
    readonly not: readonly string[];
  };

  /**
   * RE2 source of the whole value of a column, key or position, without anchors and without capturing groups. Put
   * together from named positions.
   */
  readonly shape: string;
  /** RE2 source of the whole value at a position that a format gives its meaning; `check` is told. Default: `shape`. */
  readonly placed?: string;
  /** RE2 source that is searched in running text behind a label, where less is certain. Default: `shape`. */
  readonly inline?: string;
  /** RE2 source of a shape so particular that it may fire without any label, with its boundaries; it is a hint. */
  readonly intrinsic?: string;

  /**
   * Structure rules and check digits; the candidate matches `shape`, `inline` or `intrinsic`. `label` is the entry of
   * `labels` that matched, empty where there is none: the word `smith` is a name below `last name`, not below `name`.
   * `placed`: the value is at a position that a format gives its meaning, so that its spelling need not show what it is
   * (`DOE^JANE^Q`, `CHER`). It does not fail for what `synthetic` knows: published fakes are shown. Pure.
   */
  readonly check?: (value: string, label: string, placed?: boolean) => CheckResult;
  /** True for published fakes, placeholders and generators' marks. Pure. */
  readonly synthetic?: (value: string) => boolean;
  /** The value with its separators and case evened out, to count distinct ones. Pure. Default: letters and digits, upper case. */
  readonly normalize?: (value: string) => string;

  /** A direct number or a name: one of these in a record makes the record critical (design: severity table). */
  readonly direct: boolean;
  /** Severity of one labelled value, and of one value without label (only with `intrinsic`). */
  readonly severity: {
    readonly labelled: 'high' | 'medium' | 'low' | 'info';
    readonly bare?: 'high' | 'medium' | 'low';
  };
  /** Stands in every output in place of the value. No character of it comes from a value. */
  readonly mask: string;

  /** Whole texts in which it must find, made at run time so that no source file holds an identifier. */
  readonly examples: () => readonly DetectorExample[];
  /** Whole texts in which it must not find. */
  readonly counterExamples: () => readonly DetectorExample[];
  /** Where the format is written down. */
  readonly references: readonly string[];
}

export interface DetectorExample {
  /** File name the text would have; it may choose the reader: `patients.csv`. */
  readonly path: string;
  readonly text: string;
  /** Why it is found, or why not. */
  readonly reason: string;
  /** Expected outcome of an example; `real` when absent. */
  readonly outcome?: 'real' | 'synthetic';
}
