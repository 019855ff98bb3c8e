/**
 * Where a reading goes on that has read the beginning of an entry and passed over bytes without hints: the document is in
 * the same state at both places, as far as that can be told. Where it is not, what follows is malformed, and read as such.
 */
export interface Resumption {
  /** How much of the head is read. */
  readonly cut: number;
  /** Index in the bytes before the hint. */
  readonly at: number;
}

/** From the head and the bytes before a hint; undefined where only text can be read there. */
export type Resume = (head: Buffer, before: Buffer) => Resumption | undefined;

const LF = 10;

/** Of formats with a row or document on each line. */
export function resumeAtLine(head: Buffer, before: Buffer): Resumption | undefined {
  const cut = head.lastIndexOf(LF) + 1;
  const at = before.lastIndexOf(LF) + 1;
  return cut === 0 || at === 0 ? undefined : { cut, at };
}

const DOCUMENT_LINE = /(?:^|\n)\s*\{[^\n]*\}\s*,?\s*\n[^\n]*$/;
const ELEMENT_LINE = /\n([ \t]*)\{[ \t]*\r?\n/g;
const FIRST_KEY = /\[\s{0,8}(\{\s{0,8}"[^"\\]{1,64}"\s{0,8}:)/;

/** Of JSON: at a line that is an element or document by itself, or where an element of the outermost list of objects begins. */
export function resumeAtElement(head: Buffer, before: Buffer): Resumption | undefined {
  const text = head.toString('latin1');
  const behind = before.toString('latin1');
  if (DOCUMENT_LINE.test(text)) return resumeAtLine(head, before);
  const indents = [...text.matchAll(ELEMENT_LINE)].map(([, indent = '']) => indent);
  const outermost = indents.reduce(
    (least, indent) => (indent.length < least.length ? indent : least),
    indents[0] ?? '',
  );
  if (indents.length > 1) return between(text, behind, `\n${outermost}{`, 1);
  const first = text.includes('\n') ? undefined : FIRST_KEY.exec(text)?.[1];
  return first === undefined ? undefined : between(text, behind, `,${first}`, 1);
}

function between(text: string, behind: string, mark: string, length: number): Resumption | undefined {
  const cut = text.lastIndexOf(mark) + length;
  const at = behind.lastIndexOf(mark) + length;
  return cut < length || at < length ? undefined : { cut, at };
}

const STATEMENT = /\n(?=(?:CREATE|INSERT|REPLACE|COPY|UPDATE|DROP|LOCK)\s)/gi;

/** Of SQL: at the statement that the hint is in, when it begins a line. */
export function resumeAtStatement(head: Buffer, before: Buffer): Resumption | undefined {
  const at = [...before.toString('latin1').matchAll(STATEMENT)].at(-1)?.index;
  if (at === undefined) return undefined;
  const copied = head.lastIndexOf('\nCOPY ') + 1;
  // Its rows go on behind the head.
  const isCopying = / FROM stdin/i.test(head.toString('latin1', copied)) && head.indexOf('\n\\.', copied) < 0;
  const end = head.lastIndexOf(';\n');
  return { cut: isCopying ? copied : end < 0 ? 0 : end + 2, at: at + 1 };
}
