/** One token of a language of object literals. Indexes count characters of the text. */
export type LiteralToken =
  | {
      readonly kind: 'string';
      readonly start: number;
      readonly end: number;
      readonly text: string;
      readonly inner: number;
    }
  /** Lines between two marks: a heredoc of HCL, a text block of Jsonnet. */
  | { readonly kind: 'block'; readonly start: number; readonly end: number }
  | { readonly kind: 'word'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'mark'; readonly start: number; readonly end: number; readonly text: string }
  | { readonly kind: 'comment'; readonly start: number; readonly end: number }
  | { readonly kind: 'newline'; readonly start: number; readonly end: number };

const BLANK = /[^\S\n]+/y;
const COMMENT = /#[^\n]*|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/y;
const HEREDOC = /<<[-~]?(["']?)(\w{1,64})\1[^\S\n]*\n/y;
const TEXT_BLOCK = /\|\|\|-?[^\S\n]*\n/y;
/** Of Go, Jinja and the like: what stands there is known when the file is filled. */
const TEMPLATE = /\{\{[^\n]{0,512}?\}\}|\{%[^\n]{0,512}?%\}/y;
const WORD = /[A-Za-z0-9_$@][\w$@./-]*/y;
/** A string's text where it holds no quote of its own, and no interpolation. */
const PLAIN = /[^"'\\\n$%]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
};

/** The tokens of a text, whatever it is: every character is in one, or is a blank. Linear in the text. */
export function* literalTokens(text: string): Iterable<LiteralToken> {
  const unclosed = { heredoc: false, textBlock: false };
  for (let start = 0; start < text.length;) {
    const token = tokenAt(text, start, unclosed);
    if (token.text !== ' ') yield token as LiteralToken;
    start = token.end;
  }
}

/** What was opened without an end: it is not looked for again, or a thousand openings would each read the rest. */
interface Unclosed {
  heredoc: boolean;
  textBlock: boolean;
}

type Loose = { readonly kind: string; readonly start: number; readonly end: number; readonly text?: string };

function tokenAt(text: string, start: number, unclosed: Unclosed): Loose {
  const code = text.charAt(start);
  if (code === '\n') return { kind: 'newline', start, end: start + 1 };
  const end = (pattern: RegExp): number => {
    pattern.lastIndex = start;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  switch (code) {
    case '"':
    case "'":
      return stringAt(text, start);
    case '#':
    case '/': {
      const last = end(COMMENT);
      return last < 0 ? { kind: 'mark', start, end: start + 1, text: code } : { kind: 'comment', start, end: last };
    }
    case '<':
      return heredocAt(text, start, unclosed);
    case '|':
      return textBlockAt(text, start, end(TEXT_BLOCK), unclosed);
    case '{': {
      const last = end(TEMPLATE);
      return last < 0
        ? { kind: 'mark', start, end: start + 1, text: code }
        : { kind: 'mark', start, end: last, text: '{{' };
    }
    default:
      return runAt(text, start, end);
  }
}

/** Blanks, a word, or one character. */
function runAt(text: string, start: number, end: (pattern: RegExp) => number): Loose {
  const blank = end(BLANK);
  if (blank > 0) return { kind: 'mark', start, end: blank, text: ' ' };
  const word = end(WORD);
  if (word > 0) return { kind: 'word', start, end: word, text: text.slice(start, word) };
  return { kind: 'mark', start, end: start + 1, text: text.charAt(start) };
}

/** Ends at its quote; one that is not closed, at the line's end. Quotes inside `${…}` are not its own. */
function stringAt(text: string, start: number): Loose & { readonly inner: number } {
  const quote = text.charAt(start);
  const lineEnd = indexOr(text, '\n', start, text.length);
  const last = closing(text, start, lineEnd, true) ?? closing(text, start, lineEnd, false) ?? lineEnd;
  const raw = text.slice(start + 1, last);
  const value = raw.includes('\\') ? raw.replace(/\\(.)/g, (all, mark: string) => ESCAPES[mark] ?? all) : raw;
  const isClosed = text.charAt(last) === quote;
  return { kind: 'string', start, end: isClosed ? last + 1 : last, text: value, inner: start + 1 };
}

function closing(text: string, start: number, lineEnd: number, interpolates: boolean): number | undefined {
  const quote = text.charAt(start);
  let depth = 0;
  for (let at = start + 1; at < lineEnd; at++) {
    PLAIN.lastIndex = at;
    if (depth === 0 && PLAIN.test(text)) at = PLAIN.lastIndex;
    const code = text.charAt(at);
    if (code === '\\') at++;
    else if (interpolates && (code === '$' || code === '%') && text.charAt(at + 1) === '{') depth++;
    else if (depth > 0 && code === '}') depth--;
    else if (depth === 0 && code === quote) return at;
  }
  return undefined;
}

function heredocAt(text: string, start: number, unclosed: Unclosed): Loose {
  HEREDOC.lastIndex = start;
  const opened = unclosed.heredoc ? null : HEREDOC.exec(text);
  if (opened === null) return { kind: 'mark', start, end: start + 1, text: '<' };
  const mark = opened[2] ?? '';
  for (let at = start + opened[0].length; at < text.length;) {
    const lineEnd = indexOr(text, '\n', at, text.length);
    if (lineEnd - at < mark.length + 128 && text.slice(at, lineEnd).trim() === mark) {
      return { kind: 'block', start: start + opened[0].length, end: at };
    }
    at = lineEnd + 1;
  }
  unclosed.heredoc = true;
  // No end: the rest is read as it would be without a beginning.
  return { kind: 'mark', start, end: start + opened[0].length - 1, text: '<' };
}

function textBlockAt(text: string, start: number, opened: number, unclosed: Unclosed): Loose {
  const last = opened < 0 || unclosed.textBlock ? -1 : text.indexOf('|||', opened);
  if (last < 0) {
    unclosed.textBlock ||= opened > 0;
    return { kind: 'mark', start, end: start + 1, text: '|' };
  }
  return { kind: 'block', start: opened, end: last };
}

function indexOr(text: string, mark: string, from: number, otherwise: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? otherwise : found;
}
