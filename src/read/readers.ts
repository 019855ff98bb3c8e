import { jsonReader } from './json.ts';
import type { Reader } from './reader.ts';
import { settings } from './settings.ts';
import { sql } from './sql/sql.ts';
import { table } from './table.ts';
import { yaml } from './yaml.ts';

/** In the order in which they are asked; plain-text.ts takes what none of them knows. */
export const readers: readonly Reader[] = [
  // One on a line.
  jsonReader(() => readers),
  sql,
  yaml,
  settings,
  table,
];
