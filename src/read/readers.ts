import { json } from './json.ts';
import { hl7 } from './hl7/hl7.ts';
import type { Reader } from './reader.ts';
import { table } from './table.ts';
import { x12 } from './x12/x12.ts';

/** In the order in which they are asked; plain-text.ts takes what none of them knows. */
export const readers: readonly Reader[] = [hl7, x12, json, table];
