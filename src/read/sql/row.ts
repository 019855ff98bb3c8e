import { rowPlace, type ValuePlace } from './place.ts';
import type { SqlTable } from './columns.ts';
import type { SqlSink } from './sink.ts';
import type { SqlTokens } from './tokens.ts';
import { SqlValue } from './value.ts';

/** What ends the list of a SELECT. */
const SELECT_ENDS = new Set(['FROM', 'WHERE', 'UNION', 'EXCEPT', 'INTERSECT', 'INTO', 'LIMIT', 'ON', 'INSERT', 'GO']);

/** One row of values: in the parentheses of VALUES, or in the list of a SELECT. */
export class SqlRow {
  record = 0;
  readonly #sink: SqlSink;
  readonly #value = new SqlValue();
  #table: SqlTable | undefined;
  #isSelect = false;
  #index = 0;
  /** Parentheses inside the row. */
  #depth = 0;
  /** What the value is called behind AS; `#aliased`: the next word is it. */
  #alias = '';
  #aliased = false;

  constructor(sink: SqlSink) {
    this.#sink = sink;
  }

  get place(): ValuePlace {
    if (this.#alias !== '') return { labels: [this.#alias], record: this.record };
    return rowPlace(this.#table, this.#index, this.record);
  }

  open(table: SqlTable | undefined, isSelect: boolean): void {
    this.record = this.#sink.nextRecord();
    if (table !== undefined) table.rows++;
    this.#table = table;
    this.#isSelect = isSelect;
    this.#index = 0;
    this.#depth = 0;
    this.#aliased = false;
    this.#value.clear();
    this.#alias = '';
  }

  /** False when the row ended before this token, or with it: with the parenthesis of VALUES. */
  accepts(tokens: SqlTokens): boolean {
    const { kind, word, keyword, mark } = tokens;
    if (this.#ends(keyword, mark)) {
      this.#flush();
      return false;
    }
    if (mark === ',') {
      if (this.#depth > 0) return true;
      this.#flush();
      this.#index++;
    } else if (mark === '(') {
      this.#depth++;
    } else if (mark === ')') {
      this.#depth--;
    } else if (mark === '||' || mark === '+') {
      this.#value.join();
    } else if (this.#aliased && word !== '') {
      this.#alias = word;
      this.#aliased = false;
    } else if (kind === 'string' || (tokens.isQuoted && !this.#isSelect)) {
      if (this.#value.addString(tokens)) return true;
      this.pass();
      this.#sink.loose(tokens, this.record);
    } else if (kind === 'word' && this.#depth === 0) {
      if (this.#isSelect && keyword === 'AS') this.#aliased = this.#value.text !== undefined;
      else this.#value.addWord(tokens);
    }
    return true;
  }

  #ends(keyword: string, mark: string): boolean {
    if (this.#isSelect && mark === ';') return true;
    return this.#depth === 0 && (mark === ')' || (this.#isSelect && SELECT_ENDS.has(keyword)));
  }

  /** Tells the value so far, before something is told that stands behind it. */
  pass(): void {
    if (this.#value.text === undefined) return;
    this.#sink.value(this.#value, this.place);
    this.#value.pass();
  }

  #flush(): void {
    this.pass();
    this.#value.clear();
    this.#alias = '';
  }
}
