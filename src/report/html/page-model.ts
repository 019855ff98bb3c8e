/** What a page's script knows: the rows that it filters, and what they refer to by number. It is in the page as JSON. */

import type { Severity, SweptOutcome } from '../../finding.ts';

/** One finding, in the words in which it is shown. A key that has nothing to say is absent. */
export interface FindingRow {
  readonly severity: Severity;
  readonly identifier: string;
  readonly title: string;
  readonly detector: string;
  /** Of 45 CFR 164.514(b)(2)(i). */
  readonly letter?: string;
  readonly synthetic?: true;
  readonly amount: string;
  /** In `PageModel.targets`; more than one where images of a sweep share a layer. */
  readonly targets: readonly number[];
  /** In `PageModel.layers`. */
  readonly layer?: number;
  /** `deleted in layer 3, still in the image`. */
  readonly hidden?: string;
  /** Of places that are no files: `image history`. */
  readonly kind?: string;
  readonly path: string;
  readonly place: string;
  /** `Dockerfile:12`. */
  readonly instruction?: string;
  /** In `PageModel.parts`. */
  readonly part?: number;
  readonly evidence: string;
  /** In `PageModel.remedies`. */
  readonly remedy: number;
  readonly fingerprint: string;
  /** `accepted by the baseline until 2027-01-31; owner: reason`. */
  readonly accepted?: string;
  /** Why an acceptance does not hold, and whose it was. */
  readonly lapsed?: string;
}

/** A part of the picture, and what is below it: those with the numbers up to `end`. */
interface PartRow {
  readonly title: string;
  readonly end: number;
  readonly gaps: number;
}

/** One image of a sweep, or the texts of one repository. */
export interface ImageRow {
  readonly name: string;
  /** In `PageModel.targets`; absent where nothing was found. */
  readonly target?: number;
  readonly outcome: SweptOutcome;
  readonly complete: boolean;
  /** `2 critical, 1 gap`. */
  readonly counts: string;
  readonly pushed?: string;
  readonly remembered?: true;
}

export interface PageModel {
  readonly targets: readonly string[];
  readonly layers: readonly string[];
  readonly remedies: readonly string[];
  readonly parts: readonly PartRow[];
  readonly findings: readonly FindingRow[];
  /** Of a sweep, those that are not clean first. */
  readonly images?: readonly ImageRow[];
}

/** Rows that are shown at first, and added at each request. */
export const ROWS_SHOWN = 200;
