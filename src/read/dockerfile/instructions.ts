/** An instruction of a Dockerfile. Indexes count characters of the text. */
export interface Instruction {
  /** Upper case: `ENV`; empty for comments and blank lines. */
  readonly name: string;
  /** Of its arguments, to the end of its last line. */
  readonly start: number;
  readonly end: number;
  /** The lines between the marks of its heredocs. */
  readonly documents: readonly { readonly start: number; readonly end: number }[];
}

const NAME = /[^\S\n]*(?:([A-Za-z]{2,12})(?=\s)[^\S\n]*)?/y;
const HEREDOC = /<<-?(["']?)([A-Za-z_]\w{0,63})\1/g;
/** Instructions that take heredocs. */
const DOCUMENTS = new Set(['RUN', 'COPY', 'ADD']);
const MOST_DOCUMENTS = 16;

/** Dockerfile reference, "Format" and "Here-documents": lines that end in a backslash (or a backtick) go on. */
export function* instructions(text: string): Iterable<Instruction> {
  const escape = /^(?:#[^\n]*\n)*?#[^\S\n]*escape[^\S\n]*=[^\S\n]*`/i.test(text.slice(0, 500)) ? '`' : '\\';
  for (let at = 0; at < text.length;) {
    NAME.lastIndex = at;
    const name = (NAME.exec(text)?.[1] ?? '').toUpperCase();
    const start = name === '' ? at : NAME.lastIndex;
    let end = lineEnd(text, at);
    while (name !== '' && end < text.length && goesOn(text, start, end, escape)) end = lineEnd(text, end + 1);
    const documents: { start: number; end: number }[] = [];
    let next = end + 1;
    for (const mark of DOCUMENTS.has(name) ? marksOf(text.slice(start, end)) : []) {
      const last = documentEnd(text, next, mark);
      documents.push({ start: Math.min(next, text.length), end: last });
      next = lineEnd(text, last) + 1;
    }
    yield { name, start, end, documents };
    at = next;
  }
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}

/** Comments and empty lines between continued lines are left out. */
function goesOn(text: string, start: number, end: number, escape: string): boolean {
  const line = text.slice(Math.max(start, text.lastIndexOf('\n', end - 1) + 1), end).trim();
  if (line.endsWith(escape)) return true;
  return (line === '' || line.startsWith('#')) && text.slice(start, end).includes(escape);
}

function marksOf(line: string): readonly string[] {
  return [...line.matchAll(HEREDOC)].slice(0, MOST_DOCUMENTS).map((found) => found[2] ?? '');
}

/** Where the mark's line begins; the text's end where there is none. */
function documentEnd(text: string, from: number, mark: string): number {
  for (let at = from; at < text.length;) {
    const end = lineEnd(text, at);
    if (end - at < 128 && text.slice(at, end).trim() === mark) return at;
    at = end + 1;
  }
  return text.length;
}
