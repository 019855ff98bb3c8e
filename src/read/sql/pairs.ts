import type { SqlSink } from './sink.ts';
import { lastPart, type SqlTarget } from './target.ts';
import type { SqlTokens } from './tokens.ts';
import { SqlValue } from './value.ts';

const ENDS = new Set('AND OR WHERE THEN WHEN ELSE END FROM SET USING ON'.split(' '));
const TIES = new Set(['IN', 'LIKE', 'ILIKE', 'ANY', 'BETWEEN']);
const MARKS = new Set(['=', ':=', '=>']);
const UNTIED = -1;

/** Values that a statement assigns to columns or compares with them: `ssn = '...'`, `mrn IN ('...', '...')`. */
export class SqlPairs {
  readonly #sink: SqlSink;
  readonly #target: SqlTarget;
  readonly #recordOf: () => number;
  readonly #value = new SqlValue();
  #label = '';
  #depth = 0;
  /** The depth of parentheses at which a value was tied to the label. */
  #tied = UNTIED;
  /** Tied to each of several values. */
  #isList = false;
  #labels: readonly string[] = [];

  constructor(sink: SqlSink, target: SqlTarget, recordOf: () => number) {
    this.#sink = sink;
    this.#target = target;
    this.#recordOf = recordOf;
  }

  get isTied(): boolean {
    return this.#tied !== UNTIED;
  }

  /** No name or parenthesis is open: a statement may begin here. */
  get isIdle(): boolean {
    return this.#label === '' && this.#depth === 0;
  }

  get labels(): readonly string[] {
    if (!this.isTied) return [];
    const { name } = this.#target;
    if (this.#labels[0] !== this.#label || this.#labels[1] !== (name === '' ? undefined : name)) {
      this.#labels = name === '' ? [this.#label] : [this.#label, name];
    }
    return this.#labels;
  }

  accept(tokens: SqlTokens): void {
    const { kind, word, keyword, mark } = tokens;
    if (mark !== '') {
      this.#mark(mark);
    } else if (kind === 'string' || (this.isTied && tokens.isQuoted)) {
      if (this.isTied && this.#value.addString(tokens)) return;
      this.pass();
      this.#sink.loose(tokens, this.#recordOf());
    } else if (this.isTied) {
      if (ENDS.has(keyword)) this.#untie();
      else if (kind === 'word' && this.#depth <= this.#tied + 1) this.#value.addWord(tokens);
    } else if (TIES.has(keyword)) {
      this.#tie();
      this.#isList = true;
    } else if (keyword !== 'NOT') {
      this.#label = lastPart(word);
    }
  }

  /** What is open ends here. */
  end(): void {
    this.#untie();
    this.#depth = 0;
  }

  #mark(mark: string): void {
    if (MARKS.has(mark)) {
      this.#tie();
    } else if (mark === '(') {
      this.#depth++;
    } else if (mark === ')') {
      this.#depth = Math.max(0, this.#depth - 1);
      if (this.#depth < this.#tied) this.#untie();
    } else if (mark === ',') {
      if (!this.isTied || this.#depth <= this.#tied) this.#untie();
      else if (this.#isList) this.#flush();
    } else if (mark === '||' || mark === '+') {
      this.#value.join();
    }
  }

  #tie(): void {
    if (!this.isTied && this.#label !== '') this.#tied = this.#depth;
  }

  #untie(): void {
    this.#flush();
    this.#tied = UNTIED;
    this.#isList = false;
    this.#label = '';
  }

  /** Tells the value so far, before something is told that stands behind it. */
  pass(): void {
    if (!this.isTied || this.#value.text === undefined) return;
    this.#sink.value(this.#value, { labels: this.labels, record: this.#recordOf() });
    this.#value.pass();
  }

  #flush(): void {
    this.pass();
    this.#value.clear();
  }
}
