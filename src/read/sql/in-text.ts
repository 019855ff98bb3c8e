import type { LabelledValue } from '../labelled-value.ts';
import { SqlColumns } from './columns.ts';
import { SqlStatement } from './statement.ts';
import { SqlTokens } from './tokens.ts';

/** An INSERT inside a line of a log or of source code. */
interface InsertInText {
  /** Indexes of the statement in the line. */
  readonly start: number;
  readonly end: number;
  readonly values: readonly LabelledValue[];
}

const INSERT = /\b(?:INSERT|REPLACE)\s{1,8}INTO\s/i;
const ESCAPED_QUOTE = /\\(["'`])/g;

/** The values of the first INSERT in a line that names its columns; undefined where there is none. */
function insertIn(line: string): InsertInText | undefined {
  const start = line.search(INSERT);
  if (start < 0) return undefined;
  // In a string of another language the quotes are escaped.
  const text = line.slice(start).replace(ESCAPED_QUOTE, ' $1');
  const values: LabelledValue[] = [];
  const tokens = new SqlTokens(false);
  let record = 0;
  const statement = new SqlStatement(
    new SqlColumns(),
    {
      value: (value, { labels }) => {
        const at = start + value.start;
        const end = at + (value.text?.length ?? 0);
        // A text that is put together has no place of its own.
        if (labels.length === 0 || value.span === 'fixed' || end > line.length) return;
        values.push({ labels, keyStart: at, keyEnd: at, start: at, end, tie: 'key', names: true });
      },
      loose: () => undefined,
      nextRecord: () => ++record,
      copy: () => undefined,
    },
    tokens,
  );
  tokens.load(text, 0, true);
  let at = 0;
  do {
    if (tokens.scan(at, statement.takesValue) === 'none') break;
    if (tokens.kind !== 'comment') statement.accept();
    at = tokens.end;
  } while (statement.isInsert);
  return values.length === 0 ? undefined : { start, end: start + at, values };
}

/** The labelled values of a line, with those of an INSERT in place of what stands beside its words. */
export function withInserted(line: string, values: readonly LabelledValue[]): readonly LabelledValue[] {
  const insert = insertIn(line);
  if (insert === undefined) return values;
  const before = values.filter(({ keyStart }) => keyStart < insert.start);
  const after = values.filter(({ keyStart }) => keyStart >= insert.end);
  return [...before, ...insert.values, ...after];
}
