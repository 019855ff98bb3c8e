import { fixedWidth } from './fixed-width.ts';
import { cclf } from './cclf.ts';
import { hl7 } from './hl7/hl7.ts';
import { dockerfile } from './dockerfile/dockerfile.ts';
import { dicom } from './dicom/dicom.ts';
import { jsonReader } from './json.ts';
import { literals } from './literals/literals.ts';
import { mimeReader } from './mime/mime.ts';
import { ncpdp } from './ncpdp.ts';
import { pickle } from './pickle/pickle.ts';
import type { Reader } from './reader.ts';
import { settings } from './settings.ts';
import { sql } from './sql/sql.ts';
import { sqlite } from './sqlite/sqlite.ts';
import { table } from './table.ts';
import { x12 } from './x12/x12.ts';
import { yaml } from './yaml.ts';
import { xmlReader } from './xml/xml.ts';

/** In the order in which they are asked; plain-text.ts takes what none of them knows. */
export const readers: readonly Reader[] = [
  hl7,
  x12,
  dicom,
  ncpdp,
  cclf,
  mimeReader(() => readers),
  jsonReader(() => readers),
  literals,
  dockerfile,
  sqlite,
  pickle,
  xmlReader(() => readers),
  sql,
  yaml,
  settings,
  table,
  fixedWidth,
];
