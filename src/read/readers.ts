import { jsonReader } from './json.ts';
import type { Reader } from './reader.ts';
import { settings } from './settings.ts';
import { sql } from './sql/sql.ts';
import { sqlite } from './sqlite/sqlite.ts';
import { table } from './table.ts';
import { yaml } from './yaml.ts';

/** In the order in which they are asked; plain-text.ts takes what none of them knows. */
export const readers: readonly Reader[] = [
  // One on a line.
  jsonReader(() => readers),
  sqlite,
  sql,
  yaml,
  settings,
  table,
];
