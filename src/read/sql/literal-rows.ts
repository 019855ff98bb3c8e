import { cellValue, type LabelledValue } from '../labelled-value.ts';

const STRING = /"(?:[^"\\]|\\.){0,512}"|'(?:[^'\\]|\\.){0,512}'/.source;
/** A value as programs write it: a text, perhaps as what a call is given; a number, nothing. */
const ELEMENT: RegExp = new RegExp(
  `\\s{0,8}(?:(?:new\\s)?[A-Za-z_][\\w.:]{0,48}\\(\\s?(${STRING})[^()"']{0,40}\\)|[fFrRbBuUN]?(${STRING})|([+-]?\\d[\\d_.]{0,40})|(?:null|nil|None|undefined|NULL|[Tt]rue|[Ff]alse))\\s{0,8}([,)\\]}])`,
  'y',
);
/** The name of a column: in quotes, or as a symbol. */
const NAME = /\s{0,8}(?:"([A-Za-z_][\w .-]{0,63})"|'([A-Za-z_][\w .-]{0,63})'|:([A-Za-z_]\w{0,63}))\s{0,8}([,)\]}])/y;
const OPENING = /[[({]/g;
const COLUMNS = { least: 3, most: 256 };
/** Lines between a row and the one before, or the names. */
const LINES = 40;
const NOTHING: readonly LabelledValue[] = [];

/**
 * Rows of values in source code, below the names of their columns: `[:ssn, :mrn, :dob]` above `["…", "…", "…"]`, or an
 * INSERT with a place for each value above the values themselves.
 */
export class LiteralRows {
  #columns: readonly (readonly string[])[] | undefined;
  #lines = 0;

  leave(): void {
    this.#columns = undefined;
  }

  /** The rows to come are of these columns. */
  expect(columns: readonly (readonly string[])[]): void {
    this.#columns = columns.length >= COLUMNS.least && columns.length <= COLUMNS.most ? columns : undefined;
    this.#lines = 0;
  }

  /** Looks for a list of names in a line that has labels. */
  findNames(line: string): void {
    for (const { index } of line.matchAll(OPENING)) {
      const names: string[] = [];
      let closed = false;
      NAME.lastIndex = index + 1;
      for (let name = NAME.exec(line); name !== null && names.length < COLUMNS.most; name = NAME.exec(line)) {
        names.push(name[1] ?? name[2] ?? name[3] ?? '');
        closed = name[4] !== ',';
        if (closed) break;
      }
      if (closed && names.length >= COLUMNS.least) {
        this.expect(names.map((name) => [name]));
        return;
      }
    }
  }

  /** The rows in the line behind an index; `nextRow` numbers them. */
  read(line: string, from: number, nextRow: () => number): readonly LabelledValue[] {
    const columns = this.#columns;
    if (columns === undefined) return NOTHING;
    if (this.#lines++ > LINES) this.#columns = undefined;
    const values: LabelledValue[] = [];
    // Behind the statement the values may stand by themselves: `execute("INSERT …", "a", "b")`.
    const behind = from > 0 ? /^["'`]?\s{0,8},(?=\s{0,8}["'])/.exec(line.slice(from)) : null;
    let end = behind === null ? from : this.#row(line, from + behind[0].length, columns, values, nextRow);
    OPENING.lastIndex = end;
    for (let found = OPENING.exec(line); found !== null; found = OPENING.exec(line)) {
      end = this.#row(line, found.index + 1, columns, values, nextRow);
      OPENING.lastIndex = Math.max(end, found.index + 1);
    }
    return values;
  }

  /** Adds the values of the row that begins at an index, if one does; returns where it ends. */
  #row(
    line: string,
    from: number,
    columns: readonly (readonly string[])[],
    values: LabelledValue[],
    nextRow: () => number,
  ): number {
    const texts: { readonly start: number; readonly end: number }[] = [];
    let closed = false;
    ELEMENT.lastIndex = from;
    for (let count = 0; count < columns.length && !closed; count++) {
      const at = ELEMENT.lastIndex;
      const element = ELEMENT.exec(line);
      if (element === null) return from;
      const [whole, given, text, number = ''] = element;
      const quoted = given ?? text;
      const written = quoted ?? number;
      const start = at + (written === '' ? 0 : whole.indexOf(written)) + (quoted === undefined ? 0 : 1);
      texts.push({ start, end: start + Math.max(0, written.length - (quoted === undefined ? 0 : 2)) });
      closed = element[4] !== ',';
    }
    if (!closed || texts.length !== columns.length) return from;
    const end = ELEMENT.lastIndex;
    // Names of sorts and of styles are lists of as many words.
    if (!/\d/.test(line.slice(from, end))) return from;
    const row = nextRow();
    this.#lines = 0;
    for (const [index, { start, end }] of texts.entries()) {
      if (end > start) values.push(cellValue(columns[index] ?? [], start, end, row));
    }
    return end;
  }
}
