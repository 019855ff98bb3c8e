import type { LabelledValue } from '../labelled-value.ts';
import { InsertText, withInserted } from './in-text.ts';
import { LiteralRows } from './literal-rows.ts';

/** Rows of tables that stand in source code and logs, in the lines of one text, given in their order. */
export class SourceRows {
  readonly #inserts = new InsertText();
  readonly #literals = new LiteralRows();
  readonly #nextRow = (): number => this.#inserts.nextRow();

  /** An INSERT's rows go on in the next line. */
  get goOn(): boolean {
    return this.#inserts.isFilling;
  }

  /** The next line does not follow the one before. */
  leave(): void {
    this.#inserts.leave();
    this.#literals.leave();
  }

  /** The labelled values of a line with those of rows in it; `labels`: how many labels the line has. */
  withRows(line: string, values: readonly LabelledValue[], labels: number): readonly LabelledValue[] {
    const inserted = this.#inserts.read(line);
    if (inserted?.awaited !== undefined) this.#literals.expect(inserted.awaited.columns);
    const rows = this.#literals.read(line, inserted?.awaited?.at ?? 0, this.#nextRow);
    if (inserted === undefined && rows.length === 0 && labels > 1) this.#literals.findNames(line);
    if (rows.length === 0) return inserted === undefined ? values : withInserted(values, inserted);
    const spans = rows.map(({ start, end }) => ({ start, end: end + 1 }));
    return withInserted(inserted === undefined ? values : withInserted(values, inserted), { spans, values: rows });
  }
}
