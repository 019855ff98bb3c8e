import { limits } from '../../limits.ts';

/**
 * - `word`: an unquoted name, keyword or number, with the dots in it.
 * - `name`: a name in double quotes, backticks or brackets. In MySQL and SQLite double quotes may also hold a text.
 * - `string`: a text in single quotes, with or without a prefix (`N`, `E`, `x`, `q`, `_utf8`), or in dollar quotes.
 * - `mark`: an operator or a character that is nothing else.
 * - `comment`: its text is inside; `block`: one that is too long to be held, of which only `/*` was taken.
 * - `long`: the opening quote of a string that is too long to be held.
 * - `more`: the token ends behind the text. `none`: the text is over.
 */
export type Token = 'word' | 'name' | 'string' | 'mark' | 'comment' | 'block' | 'long' | 'more' | 'none';

/** How a string says characters that it cannot hold. */
export type Quoting = 'plain' | 'backslash' | 'hex';

const WORD = /[\w$@#\x80-\xff][\w$@#.\x80-\xff]{0,1023}/y;
const PREFIX = /^(?:n|e|x|b|q|nq|_\w{1,20})$/i;
const DOLLAR = /\$(?:[A-Za-z_]\w{0,62})?\$/y;
const BRACKETED = /\[([^[\]'"\n]{1,128})\]/y;
const DOUBLE_MARK = /\|\||=>|:=|::|<>|<=|>=|!=|\*\//y;
/** A text that holds the beginning of a further statement: its quote was none. */
const RUNAWAY = /\n(?:INSERT INTO|CREATE TABLE|COPY) ["`[\w]/i;
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };
const KEYWORD_CHARS = 13;
const QUOTE = 0x27;
const MORE = -1;
const NEVER = -2;

/** Cuts SQL of any dialect into tokens. The text has one character for each byte. */
export class SqlTokens {
  /** Of the token scanned last. */
  start = 0;
  end = 0;
  /** Without quotes or comment marks. */
  innerStart = 0;
  innerEnd = 0;
  kind: Token = 'none';
  /** The name, of a word or name; empty for others. */
  word = '';
  /** A word in capitals, where it may be a keyword; empty for others. */
  keyword = '';
  /** The operator; empty for others. */
  mark = '';
  quoting: Quoting = 'plain';
  /** The quote that opened it. */
  quote = "'";
  /** MySQL: in every string a backslash takes the next character's meaning. */
  readonly #backslashes: boolean;
  #text = '';
  #final = false;
  /** Index before which quotes are characters like others: one of them is never closed. */
  #literalEnd = 0;
  /** The same for the quotes of Oracle and PostgreSQL that have an end of their own. */
  #openEnd = 0;

  constructor(backslashes: boolean) {
    this.#backslashes = backslashes;
  }

  /** `shift`: by how much the indexes of this text are less than those of the text before. */
  load(text: string, shift: number, final: boolean): void {
    this.#text = text;
    this.#final = final;
    this.#literalEnd -= shift;
    this.#openEnd -= shift;
  }

  /** The text without its quotes, as written. */
  get inner(): string {
    return this.#text.slice(this.innerStart, this.innerEnd);
  }

  /** A name that may be a text. */
  get isQuoted(): boolean {
    return this.kind === 'name' && this.quote === '"';
  }

  /** `value`: where a value may stand, dollar quotes are a text; elsewhere they hold a program. */
  scan(from: number, value: boolean): Token {
    this.mark = '';
    this.kind = this.#scan(from, value);
    this.word = this.kind === 'word' || this.kind === 'name' ? this.inner : '';
    this.keyword = this.kind === 'word' && this.word.length <= KEYWORD_CHARS ? this.word.toUpperCase() : '';
    return this.kind;
  }

  #scan(from: number, value: boolean): Token {
    const text = this.#text;
    let at = from;
    let code = text.charCodeAt(at);
    while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) code = text.charCodeAt(++at);
    this.start = this.innerStart = at;
    this.end = this.innerEnd = at;
    if (at >= text.length) return 'none';
    if (code === QUOTE) return this.#string(at + 1, "'", this.#backslashes ? 'backslash' : 'plain');
    if (code === 0x22 || code === 0x60) return this.#name(text.charAt(at));
    if (code === 0x24 && value) {
      DOLLAR.lastIndex = at;
      const tag = DOLLAR.exec(text)?.[0];
      if (tag !== undefined) return this.#dollars(tag);
    }
    WORD.lastIndex = at;
    if (code !== 0x23 && WORD.test(text)) return this.#word(WORD.lastIndex);
    return this.#other(code);
  }

  /** Where a string that was `long` ends: its closing quote at or behind `from`, or less than 0. */
  closing(from: number): number {
    return this.#closing(from, this.quote, this.quoting === 'backslash');
  }

  #word(end: number): Token {
    const text = this.#text;
    if (end === text.length && !this.#final) return 'more';
    this.end = this.innerEnd = end;
    if (text.charCodeAt(end) !== QUOTE) return 'word';
    const prefix = text.slice(this.start, end).toLowerCase();
    if (!PREFIX.test(prefix)) return 'word';
    if (prefix.endsWith('q')) return this.#alternative(end + 1);
    const escapes = prefix === 'e' || (this.#backslashes && prefix !== 'x');
    return this.#string(end + 1, "'", prefix === 'x' ? 'hex' : escapes ? 'backslash' : 'plain');
  }

  /** Oracle's `q'[...]'`. */
  #alternative(from: number): Token {
    const opening = this.#text.charAt(from);
    const end = this.#ahead((CLOSING[opening] ?? opening) + "'", from + 1);
    if (end === MORE) return 'more';
    return end < 0 ? this.#string(from, "'", 'plain') : this.#closed('string', from + 1, end, end + 2, 'plain');
  }

  #dollars(tag: string): Token {
    const from = this.start + tag.length;
    const end = this.#ahead(tag, from);
    if (end === MORE) return 'more';
    return end < 0 ? this.#mark(tag) : this.#closed('string', from, end, end + tag.length, 'plain');
  }

  /** The end of a string that no quote inside can end; NEVER when it is not in reach. */
  #ahead(close: string, from: number): number {
    if (from < this.#openEnd) return NEVER;
    const end = this.#text.indexOf(close, from);
    if (end >= 0 && end - from <= limits.lineBytes) return end;
    if (end < 0 && !this.#final && this.#text.length - from <= limits.lineBytes) return MORE;
    this.#openEnd = from + limits.lineBytes;
    return NEVER;
  }

  #string(from: number, quote: string, quoting: Quoting): Token {
    const text = this.#text;
    if (this.start < this.#literalEnd) return this.#mark(quote);
    const close = this.#closing(from, quote, quoting === 'backslash');
    const length = (close < 0 ? text.length : close) - from;
    if (length <= limits.lineBytes) {
      if (close < 0 && !this.#final) return 'more';
      if (close < 0) {
        this.#literalEnd = text.length;
        return this.#mark(quote);
      }
      if (!this.#isRunaway(from, close)) return this.#closed('string', from, close, close + 1, quoting);
      this.#literalEnd = close;
      return this.#mark(quote);
    }
    if (this.#isRunaway(from, from + limits.lineBytes)) {
      this.#literalEnd = from + limits.lineBytes;
      return this.#mark(quote);
    }
    this.quoting = quoting;
    this.quote = quote;
    this.end = this.innerStart = this.innerEnd = from;
    return 'long';
  }

  #isRunaway(from: number, to: number): boolean {
    const newline = this.#text.indexOf('\n', from);
    return newline >= 0 && newline < to && RUNAWAY.test(this.#text.slice(newline, to));
  }

  #closing(from: number, quote: string, backslashes: boolean): number {
    const text = this.#text;
    for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
      if (backslashes && text.charCodeAt(at - 1) === 0x5c) {
        let first = at - 1;
        while (first > from && text.charCodeAt(first - 1) === 0x5c) first--;
        if ((at - Math.max(first, from)) % 2 === 1) continue;
      }
      if (at + 1 === text.length && !this.#final) return -1;
      if (text.charAt(at + 1) !== quote) return at;
      at++;
    }
    return -1;
  }

  #name(quote: string): Token {
    const text = this.#text;
    const from = this.start + 1;
    if (this.start < this.#literalEnd) return this.#mark(quote);
    const close = this.#closing(from, quote, this.#backslashes && quote === '"');
    if (close >= 0 && close - from <= limits.lineBytes) {
      if (!this.#isRunaway(from, close)) {
        return this.#closed('name', from, close, close + 1, this.#backslashes ? 'backslash' : 'plain');
      }
      this.#literalEnd = close;
    } else if (close < 0 && !this.#final && text.length - from <= limits.lineBytes) {
      return 'more';
    } else {
      this.#literalEnd = Math.min(text.length, from + limits.lineBytes);
    }
    return this.#mark(quote);
  }

  #closed(token: Token, from: number, to: number, end: number, quoting: Quoting): Token {
    this.innerStart = from;
    this.innerEnd = to;
    this.end = end;
    this.quoting = quoting;
    this.quote = this.#text.charAt(to);
    return token;
  }

  #mark(mark: string): Token {
    this.mark = mark;
    this.end = this.innerEnd = this.start + mark.length;
    return 'mark';
  }

  #other(code: number): Token {
    const text = this.#text;
    const at = this.start;
    if (at + 1 === text.length && !this.#final) return 'more';
    const next = text.charCodeAt(at + 1);
    if (code === 0x2d && next === 0x2d) return this.#lineComment(2);
    if (code === 0x2f && next === 0x2a) return this.#blockComment();
    if (code === 0x23 && (this.#backslashes || next === 0x20)) return this.#lineComment(1);
    if (code === 0x23) {
      WORD.lastIndex = at;
      WORD.test(text);
      return this.#word(WORD.lastIndex);
    }
    if (code === 0x5b) {
      BRACKETED.lastIndex = at;
      if (BRACKETED.test(text)) {
        return this.#closed('name', at + 1, BRACKETED.lastIndex - 1, BRACKETED.lastIndex, 'plain');
      }
      if (!this.#final && text.length - at < 131) return 'more';
    }
    DOUBLE_MARK.lastIndex = at;
    return this.#mark(DOUBLE_MARK.exec(text)?.[0] ?? text.charAt(at));
  }

  #lineComment(opening: number): Token {
    const text = this.#text;
    const newline = text.indexOf('\n', this.start);
    const reach = this.start + limits.lineBytes;
    if (newline < 0 && !this.#final && text.length <= reach) return 'more';
    const end = Math.min(newline < 0 ? text.length : newline, reach);
    return this.#closed('comment', this.start + opening, end, end, 'plain');
  }

  #blockComment(): Token {
    const text = this.#text;
    const from = this.start + 2;
    // MySQL runs what stands in these.
    if (text.charAt(from) === '!') {
      let end = from + 1;
      while (end < from + 8 && /\d/.test(text.charAt(end))) end++;
      if (end >= text.length && !this.#final) return 'more';
      return this.#mark(text.slice(this.start, end));
    }
    const close = text.indexOf('*/', from);
    if (close >= 0 && close - from <= limits.lineBytes) return this.#closed('comment', from, close, close + 2, 'plain');
    if (close < 0 && text.length - from <= limits.lineBytes) return this.#final ? this.#mark('/*') : 'more';
    this.end = this.innerStart = this.innerEnd = from;
    return 'block';
  }
}
