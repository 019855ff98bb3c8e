import { limits } from '../../limits.ts';
import { SqlColumns } from '../sql/columns.ts';
import { SqlStatement } from '../sql/statement.ts';
import { SqlTokens } from '../sql/tokens.ts';

/** By placeholder (`1` for the first `?`, `%s` or `$1`; `:mrn` for `%(mrn)s`, `:mrn` or `@mrn`): column, then table. */
export type PlaceholderLabels = ReadonlyMap<string, readonly string[]>;

/** Texts in quotes, in which nothing is a placeholder; then the placeholders of PEP 249, JDBC, ODBC, PostgreSQL and ADO.NET. */
const PLACEHOLDER =
  /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\?(\d{1,3})?|\$(\d{1,3})(?!\w)|%s|%\((\w{1,64})\)s|(?<![\w:]):([A-Za-z_]\w{0,63})|(?<![\w@])@([A-Za-z_]\w{0,63})/g;
const ESCAPED_QUOTE = /\\(["'`])/g;
/** Stands for a placeholder in the text that is read as a statement. */
const STAND_IN = '?';

/** What columns the placeholders of a statement are compared with or stored in. The text may go on behind it. */
export function placeholderLabels(sql: string): PlaceholderLabels {
  let count = 0;
  const text = sql
    .slice(0, limits.lineBytes)
    // In a string of another language the quotes are escaped.
    .replace(ESCAPED_QUOTE, '$1')
    .replace(PLACEHOLDER, (whole, asked?: string, dollar?: string, percent?: string, colon?: string, at?: string) => {
      const name = percent ?? colon ?? at;
      if (name !== undefined) return `'${STAND_IN}:${name}'`;
      if (whole !== '%s' && !/^[?$]/.test(whole)) return whole;
      return `'${STAND_IN}${asked ?? dollar ?? String(++count)}'`;
    });
  const labels = new Map<string, readonly string[]>();
  const tokens = new SqlTokens(false);
  let record = 0;
  const statement = new SqlStatement(
    new SqlColumns(),
    {
      value: (value, place) => {
        const key = value.text?.startsWith(STAND_IN) === true ? value.text.slice(1) : undefined;
        if (key !== undefined && place.labels.length > 0 && !labels.has(key)) labels.set(key, place.labels);
      },
      loose: () => undefined,
      nextRecord: () => ++record,
      copy: () => undefined,
    },
    tokens,
  );
  tokens.load(text, 0, true);
  for (let at = 0; tokens.scan(at, statement.takesValue) !== 'none'; at = tokens.end) {
    if (tokens.kind !== 'comment') statement.accept();
  }
  // What is open is told at the end of a statement.
  tokens.load(';', 0, true);
  tokens.scan(0, false);
  statement.accept();
  return labels;
}
