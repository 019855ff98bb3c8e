/** A line that is drawn between rows in Markdown, and by psql and mysql. */
export const RULE: RegExp = /^[\s|:+-]*-[\s|:+-]*$/;

const RULE_AHEAD = /[ \t]{0,8}[|:-][ \t|:+-]*(?:\r?\n|$)/y;
/** Longest line that may be a rule. */
const RULE_CHARS = 8192;
const AFTER_RULE = { none: 'top', top: 'top', names: 'body', body: 'none' } as const;

/** Tells from the lines drawn around it which row holds the names of a table's columns; a text may hold many tables. */
export class TableRules {
  /** Only where cells are divided by pipes are lines drawn. */
  readonly #isDrawn: boolean;
  /** Where mysql's frame is: outside; below its top; at the names; below the line under them. */
  #frame: 'none' | 'top' | 'names' | 'body' = 'none';

  constructor(delimiter: string) {
    this.#isDrawn = delimiter === '|';
  }

  /** The row at these indexes is a rule. */
  isRule(text: string, start: number, end: number): boolean {
    const first = text[start];
    if (first !== '|' && first !== '-' && first !== ' ' && first !== '+') return false;
    if (!RULE.test(text.slice(start, end))) return false;
    if (first === '+') this.#frame = AFTER_RULE[this.#frame];
    return true;
  }

  /** Whether `headsTable` must see more text. */
  needsMore(text: string, end: number): boolean {
    return this.#isDrawn && text.length - end < RULE_CHARS && text.indexOf('\n', end) < 0;
  }

  /** Whether the row that ends before `end` is followed by a rule, or stands below the top of a frame. */
  headsTable(text: string, end: number): boolean {
    if (!this.#isDrawn) return false;
    if (this.#frame === 'top') {
      this.#frame = 'names';
      return true;
    }
    if (this.#frame !== 'none') return false;
    RULE_AHEAD.lastIndex = end;
    return RULE_AHEAD.test(text) && text.slice(end, RULE_AHEAD.lastIndex).includes('--');
  }
}
