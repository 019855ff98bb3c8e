import { limits } from '../../limits.ts';
import { SqlColumns } from '../sql/columns.ts';
import { SqlStatement } from '../sql/statement.ts';
import { SqlTokens } from '../sql/tokens.ts';

/** A table of a database. */
export interface SqliteTable {
  /** Labels of each stored value, nearest first: its column, then the table. */
  readonly labels: readonly (readonly string[])[];
  /** Number of its first column in the entry. */
  readonly firstColumn: number;
  /** Index of the column that stands for the row's number, or -1. */
  readonly rowidColumn: number;
  /** The rows are in an index: WITHOUT ROWID. */
  readonly isIndex: boolean;
  rows: number;
}

const ROWID_COLUMN = /(?<![\w$])([\w$]{1,128})["`\]]?\s+INTEGER\s+(?:NOT\s+NULL\s+)?PRIMARY\s+KEY(?!\s+DESC)/i;
const WITHOUT_ROWID = /\)[^)]*\bWITHOUT\s+ROWID\b[^)]*$/i;
const KEY_LIST = /PRIMARY\s+KEY\s*\(([^()]{1,4000})\)/i;
const UNNAMED: readonly string[] = [];

/** The tables of an entry. */
export class SqliteTables {
  readonly all: SqliteTable[] = [];
  /** For rows whose table is not known, by the number of their values. */
  readonly #unnamed = new Map<number, SqliteTable>();
  #firstColumn = 0;

  /** From a row of sqlite_schema; undefined for what is no table with columns. */
  define(name: string, definition: string): SqliteTable | undefined {
    const sql = definition.slice(0, limits.lineBytes);
    if (!/^CREATE\s+(?:TEMP(?:ORARY)?\s+)?TABLE/i.test(sql) || this.all.length >= limits.sqlTables) return undefined;
    const columns = columnsOf(sql);
    if (columns.length === 0) return undefined;
    const isIndex = WITHOUT_ROWID.test(sql);
    const rowid = isIndex ? undefined : ROWID_COLUMN.exec(sql)?.[1];
    const stored = isIndex ? keyFirst(columns, sql) : columns;
    const labels = stored.map((column) => [column, name]);
    const table = this.#add(labels, rowid === undefined ? -1 : columns.indexOf(rowid), isIndex);
    this.all.push(table);
    return table;
  }

  /** The table with so many columns when only one has them; else one without names. */
  guess(columns: number, isIndex: boolean): SqliteTable {
    const fitting = this.all.filter((table) => table.labels.length === columns && table.isIndex === isIndex);
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) return only;
    let unnamed = this.#unnamed.get(columns);
    if (unnamed === undefined) {
      unnamed = this.#add(Array<readonly string[]>(Math.min(columns, limits.sqlColumns)).fill(UNNAMED), -1, isIndex);
      if (this.#unnamed.size < limits.sqlTables) this.#unnamed.set(columns, unnamed);
    }
    return unnamed;
  }

  #add(labels: readonly (readonly string[])[], rowidColumn: number, isIndex: boolean): SqliteTable {
    const table = { labels, firstColumn: this.#firstColumn, rowidColumn, isIndex, rows: 0 };
    this.#firstColumn += labels.length;
    return table;
  }
}

/** The names of a table's columns, as CREATE TABLE lists them. */
function columnsOf(sql: string): readonly string[] {
  const columns = new SqlColumns();
  const tokens = new SqlTokens(false);
  let record = 0;
  const statement = new SqlStatement(
    columns,
    { value: () => undefined, loose: () => undefined, nextRecord: () => ++record, copy: () => undefined },
    tokens,
  );
  tokens.load(sql, 0, true);
  for (let at = 0; at < sql.length; at = tokens.end) {
    const token = tokens.scan(at, false);
    if (token === 'none') break;
    if (token !== 'comment' && token !== 'block') statement.accept();
  }
  return columns.last.slice(0, limits.sqlColumns);
}

/** WITHOUT ROWID: the columns of the primary key are stored before the others. */
function keyFirst(columns: readonly string[], sql: string): readonly string[] {
  const listed = KEY_LIST.exec(sql)?.[1]?.split(',') ?? [keyColumn(sql)];
  const key = listed.map((column) =>
    column
      .trim()
      .replace(/\s.*$/, '')
      .replace(/["`[\]]/g, ''),
  );
  return [...key.filter((column) => columns.includes(column)), ...columns.filter((column) => !key.includes(column))];
}

/** The definition that PRIMARY KEY stands in. */
function keyColumn(sql: string): string {
  const before = sql.slice(0, Math.max(0, sql.search(/PRIMARY\s+KEY/i))).replace(/\([^()]*\)/g, '');
  return before.slice(Math.max(before.lastIndexOf(','), before.lastIndexOf('(')) + 1);
}
