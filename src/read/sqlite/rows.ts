import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { addCell } from '../cell.ts';
import { decodeLatin1 } from '../charset.ts';
import { textFields } from '../line-fields.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { isBlob, isText, numberText, serialLength, type SqliteRecord } from '../../unpack/sqlite/record.ts';
import { textRuns } from '../text-runs.ts';
import type { SqliteTable } from './schema.ts';
import { decodeText, type TextEncoding } from './text-encoding.ts';

/** Where the bytes of a row are in the entry. */
export interface RowPlace {
  /** Offset of the bytes' first. */
  readonly offset: number;
  /** Bytes from there on that follow each other in the entry; the others are on pages elsewhere. */
  readonly local: number;
}

const UNNAMED: readonly string[] = [];

/** Makes fields of rows, and of bytes that are none. */
export class SqliteRows {
  readonly #vocabulary: Vocabulary;
  readonly #encoding: TextEncoding | undefined;
  readonly #numbers = new RecordNumbers();

  constructor(vocabulary: Vocabulary, encoding: TextEncoding | undefined) {
    this.#vocabulary = vocabulary;
    this.#encoding = encoding;
  }

  /** `bytes`: from the beginning of the record on, which may be cut off. `rowid`: undefined where it is lost. */
  addRow(
    fields: Field[],
    bytes: Buffer,
    record: SqliteRecord,
    table: SqliteTable | undefined,
    rowid: number | undefined,
    place: RowPlace,
  ): void {
    const number = this.#numbers.next();
    if (table !== undefined) table.rows++;
    const base = {
      tie: 'column' as const,
      record: number,
      ...(table === undefined ? {} : { row: table.rows }),
      line: 1,
      column: 1,
    };
    let at = record.bodyStart;
    for (const [index, type] of record.types.entries()) {
      const end = at + serialLength(type);
      const isRowid = type === 0 && index === table?.rowidColumn;
      const meant = isRowid ? rowid?.toString() : undefined;
      const value = meant === undefined ? this.#value(type, bytes, at) : { text: meant, span: 'fixed' as const };
      const isLocal = end <= place.local;
      const offset = isLocal ? place.offset + at : place.offset;
      if (value !== undefined && value.text !== '') {
        if (table === undefined) {
          // Of the schema: its definitions are no values of the columns that they name.
          const text = value.text.slice(0, limits.lineBytes);
          fields.push({ ...base, tie: 'bare', value: text, labels: UNNAMED, offset, span: 'fixed' });
          at = end;
          continue;
        }
        const labels = table.labels[index] ?? UNNAMED;
        const columnIndex = table.firstColumn + index;
        addCell(
          fields,
          { ...base, columnIndex, value: value.text, labels, offset, span: isLocal ? value.span : 'fixed' },
          this.#vocabulary,
        );
      } else if (isBlob(type) && end > at) {
        this.#addRuns(fields, bytes.subarray(at, end), isLocal ? offset : undefined, place.offset, number);
      }
      at = end;
    }
  }

  /** Bytes that are no rows. */
  addText(fields: Field[], bytes: Buffer, offset: number): void {
    let record = 0;
    for (const run of textRuns(bytes)) {
      record = record === 0 ? this.#numbers.next() : record;
      this.#addRun(fields, run.text, run.isWide, offset + run.start, record);
    }
  }

  #addRuns(fields: Field[], bytes: Buffer, offset: number | undefined, rowOffset: number, record: number): void {
    for (const { start, text, isWide } of textRuns(bytes)) {
      this.#addRun(
        fields,
        text,
        isWide || offset === undefined,
        offset === undefined ? rowOffset : offset + start,
        record,
      );
    }
  }

  #addRun(fields: Field[], raw: string, isFixed: boolean, offset: number, record: number): void {
    const { text, span } = decodeLatin1(raw);
    const base: Field = {
      value: text,
      labels: UNNAMED,
      tie: 'bare',
      record,
      offset,
      line: 1,
      column: 1,
      span: isFixed ? 'fixed' : span,
    };
    for (const field of textFields(text, base, this.#vocabulary)) fields.push(field);
  }

  #value(type: number, bytes: Buffer, at: number): { text: string; span: Field['span'] } | undefined {
    if (isText(type)) return decodeText(bytes.subarray(at, at + serialLength(type)), this.#encoding);
    const number = numberText(type, bytes, at);
    return number === undefined ? undefined : { text: number, span: 'fixed' };
  }
}
