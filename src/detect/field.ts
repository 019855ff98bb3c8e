/**
 * A value with its labels, its record and its span: what readers make of bytes, and what detectors judge.
 * Fields hold values, so they never leave `read/` and `detect/`.
 */
export interface Field {
  /** The value as text, already decoded (UTF-16, JSON escapes, percent, base64). At most `limits.lineBytes` long. */
  readonly value: string;

  /**
   * What the value is called, nearest first: the column name; the key, then the keys above it; the words before it.
   * As written in the source: splitting into words is the judge's work.
   */
  readonly labels: readonly string[];

  /**
   * How the value is tied to its labels.
   * - `column`: a cell below a header. `key`: a value of a key. `position`: a place that a format gives its meaning
   *   (`PID-5`). In these three the whole value is the candidate.
   * - `inline`: text that follows a label on the same line; the candidate starts within its first 30 characters.
   * - `bare`: text without a label; only intrinsic shapes are looked for, anywhere in it.
   */
  readonly tie: 'column' | 'key' | 'position' | 'inline' | 'bare';

  /** Fields with the same number belong to one person as far as the format tells. Unique and rising in an entry. */
  readonly record: number;

  /** Row number in a table, from 1; undefined elsewhere. */
  readonly row?: number;

  /** Number of the cell's column, from 0, with the tie `column`: cells of one column are judged together, also where it has
   * no name. Unique in the entry: the columns of a second table are numbered on behind those of the first. */
  readonly columnIndex?: number;

  /** True where the format itself says that the value is of no person: HL7's MSH-11 T, X12's ISA15 T, FHIR's tag HTEST. */
  readonly synthetic?: boolean;

  /** True where the text that the value ends was cut there by its service, so that the value may go on. */
  readonly truncated?: boolean;

  /** Byte offset of the value in the entry. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  /** `config.Env[3]`; undefined in formats without a tree. */
  readonly pointer?: string;

  /** What the format itself calls the place, told in the finding instead of the label: `PID-5`, `NM109`, `(0010,0010)`. With
   * the tie `position` the labels are plain words (`patient name`), whatever the format calls it. */
  readonly position?: string;

  /** What `offset` counts in: `bytes` when one character of `value` is one byte from `offset` on; `utf8` when the byte
   * length must be counted; `fixed` when the value was decoded, so that every span in it has the field's own offset. */
  readonly span: 'bytes' | 'utf8' | 'fixed';
}
