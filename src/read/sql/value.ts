import { isUtf8 } from 'node:buffer';
import type { Field } from '../../detect/field.ts';
import { decodeLatin1 } from '../charset.ts';
import type { SqlTokens } from './tokens.ts';

const ESCAPE = /\\(.)/gs;
const ESCAPED: Readonly<Record<string, string>> = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' };
const NUMBER = /^[0-9]/;
const HEX_NUMBER = /^0x((?:[0-9A-Fa-f]{2})+)$/;
const HEX = /^(?:[0-9A-Fa-f]{2})+$/;
const UNPRINTABLE = /[\x00-\x08\x0e-\x1f]/;

/**
 * One value as SQL says it, perhaps by an expression: the first text in it, with those that `||` or `+` join to it, or
 * a number that stands alone. `to_date('1961-03-12', 'YYYY-MM-DD')` is its first text.
 */
export class SqlValue {
  /** Undefined where there is no value. */
  text: string | undefined;
  /** Index of its first character. */
  start = 0;
  span: Field['span'] = 'bytes';
  #isText = false;
  #joins = false;

  clear(): void {
    this.text = undefined;
    this.#isText = false;
    this.#joins = false;
  }

  /** The value was told: what follows in the same expression is another. */
  pass(): void {
    this.text = undefined;
    this.#isText = true;
    this.#joins = false;
  }

  /** `||`, or the `+` of SQL Server: what follows belongs to it. */
  join(): void {
    this.#joins = this.#isText;
  }

  /** False when the value has its text already, so that this one is another. */
  addString(tokens: SqlTokens): boolean {
    if (this.#isText && !this.#joins) return false;
    const piece = literal(tokens);
    if (this.#isText) {
      this.text = (this.text ?? '') + piece.text;
      this.span = 'fixed';
      this.#joins = false;
      return true;
    }
    this.text = piece.text;
    this.span = piece.span;
    this.start = tokens.innerStart;
    this.#isText = true;
    return true;
  }

  addWord(tokens: SqlTokens): void {
    const { word } = tokens;
    if (this.text !== undefined || !NUMBER.test(word)) return;
    const hex = HEX_NUMBER.exec(word)?.[1];
    this.text = hex === undefined ? word : (hexText(hex) ?? word);
    this.start = tokens.start;
    this.span = this.text === word ? 'bytes' : 'fixed';
  }
}

/** What a string says, without its quotes. */
export function literal(tokens: SqlTokens): { readonly text: string; readonly span: Field['span'] } {
  const raw = tokens.inner;
  if (tokens.quoting === 'hex') {
    const text = HEX.test(raw) ? hexText(raw) : undefined;
    return text === undefined ? { text: raw, span: 'bytes' } : { text, span: 'fixed' };
  }
  const { text, span } = decodeLatin1(raw);
  const { quote } = tokens;
  let meant = text;
  if (tokens.quoting === 'backslash' && text.includes('\\')) meant = unescapeSql(meant);
  if (raw.includes(quote)) meant = meant.replaceAll(quote + quote, quote);
  return meant === text ? { text, span } : { text: meant, span: 'fixed' };
}

/** MySQL's escapes; PostgreSQL's of COPY and E'' are the same for all that matters here. */
export function unescapeSql(text: string): string {
  return text.replace(ESCAPE, (_whole, mark: string) => ESCAPED[mark] ?? mark);
}

function hexText(hex: string): string | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const text = isUtf8(bytes) ? bytes.toString() : undefined;
  return text === undefined || UNPRINTABLE.test(text) ? undefined : text;
}
