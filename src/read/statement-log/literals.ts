/** One value that was bound to a placeholder. Indexes count characters in the line. */
export interface Parameter {
  /** `1`, or `:name`. */
  readonly key: string;
  /** Of the executions that one line tells, from 0. */
  readonly row: number;
  /** Without quotes. */
  readonly start: number;
  readonly end: number;
}

/** A text in quotes; a call, such as `datetime.date(1961, 3, 12)`; a number or word. */
const LITERAL =
  /\s{0,8}(?:[bur]{0,2}'((?:[^'\\]|\\.)*)'|[bur]{0,2}"((?:[^"\\]|\\.)*)"|([\w.+-]{1,60}(?:\([^()]{0,200}\))?))\s{0,8}/dy;
const COLON = /:\s{0,8}/y;
const MOST_VALUES = 2000;

/**
 * The values of a list, tuple or mapping of Python, JavaScript or JSON that begins at `from`: `('a', 1)`, `["a"]`,
 * `[('a',), ('b',)]`, `{'mrn': 'a'}`; or of a list without brackets.
 */
export function literalParameters(line: string, from: number): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let depth = 0;
  let row = 0;
  let position = 0;
  let name: string | undefined;
  for (let at = from; at < line.length && parameters.length < MOST_VALUES;) {
    const mark = line.charAt(at);
    if ('([{'.includes(mark)) {
      if (++depth > 1 && position > 0) row++;
      position = 0;
      at++;
    } else if (')]}'.includes(mark)) {
      if (--depth <= 0) break;
      at++;
    } else if (mark === ',' || mark === ' ') {
      if (mark === ',') name = undefined;
      at++;
    } else {
      LITERAL.lastIndex = at;
      const found = LITERAL.exec(line);
      const place = found?.indices?.[1] ?? found?.indices?.[2] ?? found?.indices?.[3];
      if (place === undefined) break;
      at = LITERAL.lastIndex;
      const [start, end] = place;
      COLON.lastIndex = at;
      if (name === undefined && COLON.test(line)) {
        name = line.slice(start, end);
        at = COLON.lastIndex;
        continue;
      }
      parameters.push({ key: name === undefined ? String(++position) : `:${name}`, row, start, end });
      name = undefined;
    }
  }
  return parameters;
}
