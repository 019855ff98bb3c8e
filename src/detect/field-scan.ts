import { surfacePlace } from '../aws/surfaces/surfaces.ts';
import type { EntryFinding } from '../finding.ts';
import { EntryFindings } from './entry-findings.ts';
import type { ColumnVerdict } from './column-judge.ts';
import type { EntryName } from './entry-findings.ts';
import { definitionPart } from './pointer.ts';
import type { Field } from './field.ts';
import { Columns } from './columns.ts';
import type { Judge, Match } from './judge.ts';
import type { LineMarks } from './line-marks.ts';
import { Records } from './records.ts';

/** From the fields of one entry to its findings. */
export class FieldScan {
  readonly #judge: Judge;
  readonly #findings: EntryFindings;
  readonly #records: Records;
  readonly #columns: Columns;

  readonly #document: EntryName['document'];
  readonly #storedOffset: (offset: number) => number;
  readonly #marks: LineMarks | undefined;

  /**
   * @param storedOffset - Gives the offset in the entry as it is stored for one in the text that the reader was given.
   * @param marks - Whoever reads the entry gives it the bytes, and they are ended here.
   */
  constructor(
    judge: Judge,
    name: EntryName,
    maskText: (text: string) => string,
    storedOffset: (offset: number) => number = (offset) => offset,
    marks?: LineMarks,
  ) {
    this.#judge = judge;
    this.#document = name.document;
    this.#storedOffset = storedOffset;
    this.#marks = marks;
    this.#findings = new EntryFindings(name, maskText, marks);
    this.#records = new Records(this.#findings);
    this.#columns = new Columns(judge.columns, (field, column) => {
      this.#judgeField(field, column);
    });
  }

  /**
   * @param accepts - Given an offset as the reader counts; false leaves the match to another read of the same bytes.
   * @param storedOffset - Instead of the scan's own.
   */
  read(
    fields: Iterable<Field>,
    accepts?: (offset: number) => boolean,
    storedOffset: (offset: number) => number = this.#storedOffset,
  ): void {
    for (const field of fields) {
      if (accepts === undefined && storedOffset === this.#storedOffset) this.#columns.take(field);
      else this.#judgeField(field, undefined, accepts, storedOffset);
    }
  }

  #judgeField(
    field: Field,
    column?: ColumnVerdict,
    accepts?: (offset: number) => boolean,
    storedOffset: (offset: number) => number = this.#storedOffset,
  ): void {
    for (const match of this.#judge.judge(field, column)) {
      const offset = offsetOf(match);
      if (accepts !== undefined && !accepts(offset)) continue;
      const { pointer } = field;
      const part = pointer === undefined ? undefined : this.#partOf(pointer);
      this.#records.add({ match, offset: storedOffset(offset), at: offset }, part);
    }
  }

  /** The part of a document that has nothing to do with those beside it. */
  #partOf(pointer: string): string | undefined {
    if (this.#document === undefined) return undefined;
    const place = this.#document === 'configuration' ? undefined : surfacePlace(pointer);
    return place ?? definitionPart(pointer);
  }

  finish(): readonly EntryFinding[] {
    this.#marks?.end();
    this.#columns.end();
    this.#records.end();
    return this.#findings.finish();
  }
}

/** Of the value's first byte, as the reader counts. */
export function offsetOf({ field, start }: Match): number {
  switch (field.span) {
    case 'fixed':
      return field.offset;
    case 'bytes':
      return field.offset + start;
    case 'utf8':
      return field.offset + Buffer.byteLength(field.value.slice(0, start));
  }
}
