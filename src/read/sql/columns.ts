import { limits } from '../../limits.ts';

/** What is known of a table whose rows are read. */
export interface SqlTable {
  /** Labels of each column, nearest first: its name, then the table's. */
  readonly labels: readonly (readonly string[])[];
  /** Number of its first column in the entry. */
  readonly firstColumn: number;
  /** Rows read of it. */
  rows: number;
}

const NAME_CHARS = 256;

/** The columns of an entry's tables, as CREATE TABLE and column lists tell them. */
export class SqlColumns {
  /** By table name: the columns in their order. */
  readonly #defined = new Map<string, readonly string[]>();
  /** By table name and columns, so that a thousand INSERTs share one table. */
  readonly #tables = new Map<string, SqlTable>();
  #opened = 0;
  /** The columns defined last. */
  last: readonly string[] = [];

  define(table: string, columns: readonly string[]): void {
    const key = table.toLowerCase();
    // The one defined last is the one that is filled next.
    this.#defined.delete(key);
    this.last = columns.slice(0, limits.sqlColumns);
    this.#defined.set(key, this.last);
    drop(this.#defined);
  }

  /** The table with these columns in this order, or those it was defined with. */
  table(name: string, listed: readonly string[]): SqlTable {
    const columns = listed.length > 0 ? listed : (this.#defined.get(name.toLowerCase()) ?? listed);
    const key = `${name}\n${columns.join('\n')}`;
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const farther = name === '' ? [] : [name.slice(0, NAME_CHARS)];
    const labels = columns.slice(0, limits.sqlColumns).map((column) => [column.slice(0, NAME_CHARS), ...farther]);
    const table: SqlTable = { labels, firstColumn: this.#opened++ * limits.sqlColumns, rows: 0 };
    this.#tables.set(key, table);
    drop(this.#tables);
    return table;
  }
}

function drop(tables: Map<string, unknown>): void {
  if (tables.size <= limits.sqlTables) return;
  for (const oldest of tables.keys()) {
    tables.delete(oldest);
    return;
  }
}
