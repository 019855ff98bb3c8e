import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { addLeaf } from '../json-leaf.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { TextReading } from '../text.ts';
import { openPdf, type PdfDocument, type PdfFault, type PdfPage, type PdfValue } from './pdf-document.ts';
import { type PdfCell, pdfLines } from './pdf-lines.ts';

/** The fields of one page, or of the document's properties; or what ends the reading. */
export type PdfPart = { readonly pointer: string; readonly fields: readonly Field[] } | { readonly fault: PdfFault };

/** How far to the left or right of its heading a value may begin, in points. */
const HEADING_REACH = 24;

/** The text and form fields of a PDF (ISO 32000-1), page by page. Scanned pages are pictures and have none. */
export async function* pdfParts(bytes: Buffer, vocabulary: Vocabulary): AsyncIterable<PdfPart> {
  const ends = performance.now() + limits.pdfMs;
  const document = await inTime(openPdf(bytes), ends);
  if (document === undefined || typeof document === 'string') {
    yield { fault: document ?? 'time-limit' };
    return;
  }
  try {
    yield* documentParts(document, vocabulary, ends);
  } finally {
    await document.close();
  }
}

async function* documentParts(document: PdfDocument, vocabulary: Vocabulary, ends: number): AsyncIterable<PdfPart> {
  yield { pointer: 'properties', fields: valueFields(document.properties, new RecordNumbers().next(), vocabulary) };
  for (let number = 1; number <= document.pages; number++) {
    let page: PdfPage | undefined;
    try {
      page = await inTime(document.page(number), ends);
    } catch {
      // A page that is broken; the others may not be.
      yield { fault: 'corrupt' };
      continue;
    }
    if (page === undefined) {
      yield { fault: 'time-limit' };
      return;
    }
    yield { pointer: `page ${number}`, fields: pageFields(page, vocabulary) };
  }
}

/** Undefined when the time is over; what goes on then is closed by the caller. */
async function inTime<Result>(work: Promise<Result>, ends: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ends - performance.now()), undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

function pageFields({ runs, values }: PdfPage, vocabulary: Vocabulary): readonly Field[] {
  const numbers = new RecordNumbers();
  const reading = new TextReading(vocabulary, numbers);
  const record = numbers.next();
  const fields: Field[] = [...valueFields(values, record, vocabulary)];
  let headings: readonly PdfCell[] = [];
  let offset = values.length;
  for (const [index, cells] of pdfLines(runs).entries()) {
    const bytes = Buffer.from(`${cells.map(({ text }) => text).join('   ')}\n`);
    for (const field of reading.read(bytes, { offset, line: index + 1 })) fields.push(field);
    for (const cell of cells) {
      const heading = headings.find(({ x }) => Math.abs(x - cell.x) <= HEADING_REACH)?.text;
      if (heading === undefined) continue;
      const place = { offset, line: index + 1, column: 1, span: 'fixed' as const };
      addLeaf(fields, { value: cell.text, labels: [heading], tie: 'key', record, ...place }, vocabulary);
    }
    offset += bytes.length;
    headings = headingsOf(cells, vocabulary) ?? (cells.length > 1 ? headings : []);
  }
  for (const field of reading.end()) fields.push(field);
  return fields;
}

/** A line of labels with nothing behind them: their values stand below. */
function headingsOf(cells: readonly PdfCell[], vocabulary: Vocabulary): readonly PdfCell[] | undefined {
  const isHeading = cells.every(({ text }) => text.length < 60 && !/\d/.test(text));
  return isHeading && cells.some(({ text }) => vocabulary.find(text).length > 0) ? cells : undefined;
}

function valueFields(values: readonly PdfValue[], record: number, vocabulary: Vocabulary): readonly Field[] {
  const fields: Field[] = [];
  for (const [offset, { names, value }] of values.entries()) {
    const place = { offset, line: 1, column: 1, span: 'fixed' as const };
    const tie = names.length === 0 ? 'bare' : 'key';
    addLeaf(fields, { value: value.slice(0, limits.lineBytes), labels: names, tie, record, ...place }, vocabulary);
  }
  return fields;
}
