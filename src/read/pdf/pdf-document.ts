import type * as Pdf from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A run of text on a page. Places are in points, from the lower left. */
export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PdfPage {
  readonly runs: readonly PdfRun[];
  /** Fields of the form, and texts of annotations: names (nearest first) and value. */
  readonly values: readonly PdfValue[];
}

export interface PdfValue {
  readonly names: readonly string[];
  readonly value: string;
}

/** What ends the reading of a file. */
export type PdfFault = 'encrypted' | 'corrupt' | 'time-limit';

export interface PdfDocument {
  readonly pages: number;
  /** Title, author, subject and the program's own entries. */
  readonly properties: readonly PdfValue[];
  /** From 1. */
  readonly page: (number: number) => Promise<PdfPage>;
  readonly close: () => Promise<void>;
}

let loaded: Promise<typeof Pdf> | undefined;

/**
 * pdfjs-dist takes the classes of drawing from a package that not every machine has: it does not load without them, and warns
 * before its verbosity can be set. Text needs none of them, so anything may stand for them.
 */
async function load(): Promise<typeof Pdf> {
  for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: Object, configurable: true });
  }
  const output: { warn: (...words: unknown[]) => void } = globalThis.console;
  const { warn } = output;
  output.warn = () => undefined;
  try {
    return await import('pdfjs-dist/legacy/build/pdf.mjs');
  } finally {
    output.warn = warn;
  }
}

/**
 * The door to pdfjs-dist, which is loaded by the first file. Without a worker, fonts, scripts, forms of XFA and any address:
 * it gets bytes and gives text.
 */
export async function openPdf(bytes: Buffer): Promise<PdfDocument | 'encrypted' | 'corrupt'> {
  loaded ??= load();
  const pdfjs = await loaded;
  const task = pdfjs.getDocument({
    data: new Uint8Array(bytes),
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    stopAtErrors: false,
    maxImageSize: 1,
  });
  try {
    const document = await task.promise;
    const properties = await propertiesOf(document);
    return {
      pages: document.numPages,
      properties,
      page: (number) => pageOf(document, number),
      close: () => task.destroy(),
    };
  } catch (error) {
    await task.destroy();
    // Its messages may quote the file.
    return error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'corrupt';
  }
}

async function propertiesOf(document: Pdf.PDFDocumentProxy): Promise<readonly PdfValue[]> {
  const { info } = await document.getMetadata();
  const entries = Object.entries(info as Readonly<Record<string, unknown>>);
  const custom = entries.flatMap(([name, value]) => (name === 'Custom' ? Object.entries(value ?? {}) : []));
  return [...entries, ...custom].flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [{ names: [name], value }] : [],
  );
}

async function pageOf(document: Pdf.PDFDocumentProxy, number: number): Promise<PdfPage> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  const runs = items.flatMap((run) => {
    if (!('str' in run) || run.str === '') return [];
    const [, , , , x, y] = run.transform as readonly number[];
    return [{ text: run.str, x: x ?? 0, y: y ?? 0, width: run.width, height: run.height }];
  });
  const annotations = (await page.getAnnotations()) as readonly Readonly<Record<string, unknown>>[];
  page.cleanup();
  return { runs, values: annotations.flatMap(valuesOf) };
}

/** ISO 32000-1, 12.7.3: a field's partial names are joined by dots; its alternate name is what a person reads. */
function valuesOf(annotation: Readonly<Record<string, unknown>>): readonly PdfValue[] {
  const { fieldName, alternativeText, fieldValue, contentsObj } = annotation;
  const names = [alternativeText, fieldName].filter((name): name is string => typeof name === 'string' && name !== '');
  const values = (Array.isArray(fieldValue) ? fieldValue : [fieldValue]).filter((value) => typeof value === 'string');
  const contents = (contentsObj as { readonly str?: unknown } | undefined)?.str;
  return [
    ...values.filter((value) => value !== '').map((value) => ({ names, value })),
    ...(typeof contents === 'string' && contents !== '' ? [{ names: [], value: contents }] : []),
  ];
}
