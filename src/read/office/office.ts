import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { addLeaf } from '../json-leaf.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { TextReading } from '../text.ts';
import { attributeOf, xmlTokens } from '../xml/xml-parser.ts';
import { XmlSteps } from '../xml/xml-steps.ts';
import { flowParts } from './flow.ts';
import { RowFields } from './row-fields.ts';
import { sheetRows, workbookOf, type Workbook } from './workbook.ts';

/** The fields of one part of a document. */
export interface PartFields {
  /** Name of the member: `xl/worksheets/sheet1.xml`; `*` where no program chooses such a name. */
  readonly part: string;
  readonly fields: Iterable<Field>;
  /** What is behind the steps of the document: text, with the tags in it. Known when the fields are read. */
  readonly rest: () => Buffer | undefined;
}

const SHEET = /^xl\/worksheets\/[^/]+\.xml$/i;
const SHARED_STRINGS = /^xl\/sharedStrings\.xml$/i;
const STYLES = /^xl\/styles\.xml$/i;
const FLOW =
  /^(?:word\/(?:document|header\d*|footer\d*|comments|footnotes|endnotes)\.xml|ppt\/(?:slides|notesSlides|comments)\/[^/]+\.xml|xl\/(?:comments\d*|threadedComments\/[^/]+|drawings\/[^/]+)\.xml|content\.xml)$/i;
const PROPERTIES = /^(?:docProps\/(?:core|app|custom)|meta)\.xml$/i;

/** Names that programs give; any other may be somebody's. */
const PLAIN_PART =
  /(?:^|\/)(?:chartsheet|content|document|drawing|sheet|slide|notesSlide|(?:threaded|modern)?comments?|header|footer|footnotes|endnotes|core|app|custom|meta|sharedStrings)\d{0,4}\.xml$/i;

/** Whether a zip with this member is a document of ECMA-376 or ODF. */
export function isOfficeMark(member: string): boolean {
  return member === '[Content_Types].xml' || member === 'mimetype';
}

/** Whether a member is read as a part of its document; the others are entries of their own. */
export function isOfficePart(member: string): boolean {
  return [SHEET, SHARED_STRINGS, STYLES, FLOW, PROPERTIES].some((pattern) => pattern.test(member));
}

/**
 * The fields of a spreadsheet, text document or presentation: ECMA-376 (XLSX, DOCX, PPTX) and ODF (ODS, ODT, ODP). A cell of
 * a sheet refers to strings and styles in other parts, so the parts are read together. Hidden sheets are sheets.
 */
export function* officeFields(parts: ReadonlyMap<string, Buffer>, vocabulary: Vocabulary): Iterable<PartFields> {
  const steps = new XmlSteps(limits.officeSteps);
  const textOf = (pattern: RegExp): string | undefined =>
    [...parts].find(([part]) => pattern.test(part))?.[1].toString('utf8');
  const workbook = workbookOf(textOf(SHARED_STRINGS), textOf(STYLES), steps);
  const isCut = steps.takeStop() !== undefined;
  const read = (part: string, bytes: Buffer, fieldsOf: FieldsOf): PartFields =>
    partFields(part, bytes, { workbook, vocabulary, steps }, fieldsOf);
  let hasSheets = false;
  for (const [part, bytes] of parts) {
    if (SHEET.test(part)) {
      hasSheets = true;
      yield read(part, bytes, sheetFields);
    } else if (FLOW.test(part)) yield read(part, bytes, flowFields);
    else if (PROPERTIES.test(part)) yield read(part, bytes, propertyFields);
  }
  // Strings that no sheet, or not all of them, could be read for are still strings.
  if (hasSheets && !isCut) return;
  for (const [part, bytes] of parts) if (SHARED_STRINGS.test(part)) yield read(part, bytes, flowFields);
}

/** What the parts of one document have in common. */
interface OfficeText {
  readonly workbook: Workbook;
  readonly vocabulary: Vocabulary;
  readonly steps: XmlSteps;
}

type FieldsOf = (text: string, of: OfficeText) => Iterable<Field>;

function partFields(part: string, bytes: Buffer, of: OfficeText, fieldsOf: FieldsOf): PartFields {
  const text = bytes.toString('utf8');
  const rest = (): Buffer | undefined => {
    const stop = of.steps.takeStop();
    return stop === undefined ? undefined : Buffer.from(text.slice(stop));
  };
  return { part: plainPart(part), fields: fieldsOf(text, of), rest };
}

function plainPart(part: string): string {
  return PLAIN_PART.test(part) ? part : part.replace(/[^/]+$/, '*.xml');
}

function* sheetFields(text: string, { workbook, vocabulary, steps }: OfficeText): Iterable<Field> {
  const rows = new RowFields(vocabulary, new RecordNumbers(), 0);
  let offset = 0;
  for (const { row, cells } of sheetRows(text, workbook, steps)) {
    yield* rows.read(cells, row, offset);
    offset += cells.length;
  }
}

function* flowFields(text: string, { vocabulary, steps }: OfficeText): Iterable<Field> {
  const numbers = new RecordNumbers();
  const reading = new TextReading(vocabulary, numbers);
  let table: { readonly number: number; readonly rows: RowFields; row: number } | undefined;
  let offset = 0;
  let line = 1;
  for (const part of flowParts(text, steps)) {
    if (part.kind === 'paragraph') {
      const bytes = Buffer.from(`${part.text}\n`);
      yield* reading.read(bytes, { offset, line });
      offset += bytes.length;
      line += part.text.split('\n').length;
      continue;
    }
    if (table?.number !== part.table) {
      table = { number: part.table, rows: new RowFields(vocabulary, numbers, part.table * 64), row: 0 };
    }
    const cells = part.cells.map((value, column) => ({ column, value, isText: !/^[\d.,/-]+$/.test(value) }));
    yield* table.rows.read(cells, ++table.row, offset);
    offset += cells.length;
  }
  yield* reading.end();
}

/** 22.3: a custom property's name is its label; of the others the element's name is. */
function propertyFields(text: string, { vocabulary, steps }: OfficeText): readonly Field[] {
  const fields: Field[] = [];
  let name: string | undefined;
  let offset = 0;
  for (const token of xmlTokens(text, steps)) {
    if (token.name === 'property' || token.name === 'user-defined') name = attributeOf(token, 'name');
    const value = token.text.trim().slice(0, limits.lineBytes);
    if (value === '' || token.kind !== 'open') continue;
    const labels = [name ?? token.name];
    const place = { offset: offset++, line: 1, column: 1, span: 'fixed' as const };
    addLeaf(fields, { value, labels, tie: 'key', record: 1, ...place }, vocabulary);
  }
  return fields;
}
