import { jsonReader } from './json.ts';
import type { Reader } from './reader.ts';
import { sql } from './sql/sql.ts';
import { table } from './table.ts';

/** In the order in which they are asked; plain-text.ts takes what none of them knows. */
export const readers: readonly Reader[] = [jsonReader(() => readers), sql, table];
