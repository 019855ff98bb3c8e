import { limits } from '../../limits.ts';
import type { SqlTable } from './columns.ts';

/** Which column and row a value is of. */
export interface ValuePlace {
  readonly labels: readonly string[];
  /** From 0; where values have places but no names. */
  readonly columnIndex?: number;
  readonly record: number;
  /** From 1. */
  readonly row?: number;
}

const UNNAMED: readonly string[] = [];

export function rowPlace(table: SqlTable | undefined, index: number, record: number): ValuePlace {
  if (table === undefined || index >= limits.sqlColumns) return { labels: UNNAMED, record };
  return {
    labels: table.labels[index] ?? UNNAMED,
    columnIndex: table.firstColumn + index,
    record,
    row: table.rows,
  };
}
