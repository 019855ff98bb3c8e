import type { SqlTable } from './columns.ts';
import type { ValuePlace } from './place.ts';
import type { SqlTokens } from './tokens.ts';
import type { SqlValue } from './value.ts';

/** Takes what statements say. */
export interface SqlSink {
  value(value: SqlValue, place: ValuePlace): void;
  /** A text that is the value of nothing. */
  loose(tokens: SqlTokens, record: number): void;
  nextRecord(): number;
  /** COPY ... FROM stdin has ended: from the next line on the rows of this table follow. */
  copy(table: SqlTable, delimiter: string): void;
}
