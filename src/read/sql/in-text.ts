import { cellValue, type LabelledValue } from '../labelled-value.ts';
import { SqlColumns } from './columns.ts';
import { SqlStatement } from './statement.ts';
import { SqlTokens } from './tokens.ts';

const INSERT = /\b(?:INSERT|REPLACE)\s{1,8}INTO\s/i;
const ESCAPE = /\\(?:(["'`])|[nrt])/g;
/** Lines that a statement may have before its first value: one for each column, and more. */
const HEAD_LINES = 256;
/** What stands between two strings that are one text: `+` and the like, and what may stand before a quote. */
const GLUE = /[\s+.&_\\]/;
const PREFIX = /[fFrRbBuU$@]/;
const NO_COLUMNS: readonly (readonly string[])[] = [];

/** What a line holds of INSERTs. */
export interface InsertedLine {
  /** From where to where in the line no other label counts; indexes, in order. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  readonly values: readonly LabelledValue[];
  /** Labels of the columns of an INSERT that ends here and has no values of its own; where it ends. */
  readonly awaited: { readonly columns: readonly (readonly string[])[]; readonly at: number } | undefined;
}

interface OpenInsert {
  readonly statement: SqlStatement;
  readonly tokens: SqlTokens;
  /** The quote of the other language's string that the statement stands in; empty where that ends at no line's end. */
  readonly quote: string;
  isQuoted: boolean;
  /** Where a line's values go. */
  values: LabelledValue[];
  columns: readonly (readonly string[])[];
  hasValues: boolean;
  lines: number;
}

/**
 * INSERTs inside of logs and of source code, over any number of lines: in here-documents, template literals, and strings
 * that are put together. Lines are given in their order. Each row of values has a number of its own.
 */
export class InsertText {
  #open: OpenInsert | undefined;
  #row = 0;

  /** The statement goes on in the next line, and has had values. */
  get isFilling(): boolean {
    return this.#open?.hasValues === true;
  }

  /** The next line does not follow the one before. */
  leave(): void {
    this.#open = undefined;
  }

  nextRow(): number {
    return ++this.#row;
  }

  /** Undefined where the line has nothing of an INSERT. */
  read(line: string): InsertedLine | undefined {
    let open = this.#open;
    if (open === undefined && !INSERT.test(line)) return undefined;
    let from = 0;
    let awaited: InsertedLine['awaited'];
    const spans: { start: number; end: number }[] = [];
    const values: LabelledValue[] = [];
    for (;;) {
      if (open === undefined) {
        const found = line.slice(from).search(INSERT);
        if (found < 0) break;
        from += found;
        open = this.#begin(line, from);
      }
      const start = from;
      from = this.#follow(open, line, start);
      if (open.values.length > 0) {
        spans.push({ start, end: from });
        for (const value of open.values) values.push(value);
        open.values = [];
      }
      if (from >= line.length && open.statement.isInsert && open.lines++ < HEAD_LINES) break;
      awaited = open.hasValues || open.columns.length === 0 ? undefined : { columns: open.columns, at: from };
      open = undefined;
      from = Math.max(from, start + 1);
    }
    this.#open = open;
    return spans.length === 0 && awaited === undefined ? undefined : { spans, values, awaited };
  }

  #begin(line: string, at: number): OpenInsert {
    const quote = quoteAround(line.slice(0, at));
    const tokens = new SqlTokens(false);
    const statement = new SqlStatement(
      new SqlColumns(),
      {
        value: (value, { labels, record }) => {
          const end = value.start + (value.text?.length ?? 0);
          open.hasValues = true;
          open.lines = 0;
          // A text that is put together has no place of its own.
          if (labels.length === 0 || value.span === 'fixed') return;
          open.values.push(cellValue(labels, value.start, end, record));
        },
        loose: () => undefined,
        nextRecord: () => this.nextRow(),
        copy: () => undefined,
      },
      tokens,
    );
    const isQuoted = quote !== '';
    const open: OpenInsert = {
      statement,
      tokens,
      quote,
      isQuoted,
      values: [],
      columns: NO_COLUMNS,
      hasValues: false,
      lines: 0,
    };
    return open;
  }

  /** Reads on in the line, from an index; returns where the statement, or the line, ends. */
  #follow(open: OpenInsert, line: string, from: number): number {
    const text = open.quote === '' ? line.replace(ESCAPE, blanked) : unquoted(open, line, from);
    const { tokens, statement } = open;
    tokens.load(text, 0, true);
    let at = from;
    do {
      if (tokens.scan(at, statement.takesValue) === 'none') return text.length;
      if (tokens.kind !== 'comment') statement.accept();
      if (statement.columns.length > 0) open.columns = statement.columns;
      at = tokens.end;
    } while (statement.isInsert);
    return tokens.start;
  }
}

/** Of the string of another language that a text behind this one is in; empty where there is none that ends with its line. */
function quoteAround(before: string): string {
  if (/(?:"""|''')\s*$/.test(before)) return '';
  if (/'\s*$/.test(before)) return "'";
  return (before.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1 ? '"' : '';
}

/** What is escaped, without the escape, at its place. */
function blanked(_whole: string, quote?: string): string {
  return ` ${quote ?? ' '}`;
}

/** What of the line stands in the strings that are put together, at its place; it ends where they do. */
function unquoted(open: OpenInsert, line: string, from: number): string {
  let text = ' '.repeat(from);
  for (let at = from; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\' && open.isQuoted) {
      text += line.slice(at, at + 2).replace(ESCAPE, blanked);
      at++;
    } else if (character === open.quote) {
      open.isQuoted = !open.isQuoted;
      text += ' ';
    } else if (open.isQuoted) {
      text += character;
    } else if (GLUE.test(character) || (PREFIX.test(character) && line.charAt(at + 1) === open.quote)) {
      text += ' ';
    } else {
      return text;
    }
  }
  return text;
}

/** The labelled values of a line, with those of INSERTs in place of what stands beside their words. */
export function withInserted(
  values: readonly LabelledValue[],
  { spans, values: inserted }: Pick<InsertedLine, 'spans' | 'values'>,
): readonly LabelledValue[] {
  const beside = values.filter(({ keyStart }) => !spans.some(({ start, end }) => keyStart >= start && keyStart < end));
  return [...beside, ...inserted].sort((a, b) => a.keyStart - b.keyStart);
}
