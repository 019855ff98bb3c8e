import type { SqlColumns, SqlTable } from './columns.ts';
import { SqlPairs } from './pairs.ts';
import type { ValuePlace } from './place.ts';
import { SqlRow } from './row.ts';
import type { SqlSink } from './sink.ts';
import { SqlTarget } from './target.ts';
import type { SqlTokens } from './tokens.ts';

/**
 * - `other`: between statements and in those that are not known better: there `column = value` has a meaning.
 * - `target`: behind INSERT, up to VALUES, SELECT or SET; `columns`: in the list of columns.
 * - `values`: between rows; `row`: in one; `select`: in the list of a SELECT.
 * - `create`, `define`: behind CREATE TABLE, and in its parentheses.
 * - `copy`: behind COPY. `update`: behind UPDATE.
 */
type Mode = 'other' | 'target' | 'columns' | 'values' | 'row' | 'select' | 'create' | 'define' | 'copy' | 'update';

/** What stands in place of a column's name. */
const NO_COLUMNS = new Set(
  'CONSTRAINT PRIMARY KEY UNIQUE INDEX FOREIGN CHECK FULLTEXT SPATIAL EXCLUDE LIKE PERIOD'.split(' '),
);
/** What may stand between INSERT or UPDATE and the table. */
const BEFORE_TARGET = new Set(
  'INTO IGNORE LOW_PRIORITY DELAYED HIGH_PRIORITY OVERWRITE TABLE OR REPLACE ABORT FAIL ROLLBACK ALL FIRST ONLY'.split(
    ' ',
  ),
);
const NO_LABELS: readonly string[] = [];

/** Follows the statements of SQL, token by token, to the values of columns. */
export class SqlStatement {
  readonly #columns: SqlColumns;
  readonly #sink: SqlSink;
  readonly #tokens: SqlTokens;
  readonly #target = new SqlTarget();
  readonly #row: SqlRow;
  readonly #pairs: SqlPairs;
  #mode: Mode = 'other';
  #table: SqlTable | undefined;
  /** Of the values that are in no row; 0 when there were none yet. */
  #record = 0;
  #depth = 0;
  /** CREATE was read, of something. */
  #created = false;
  /** The next word of a definition is a column's name. */
  #named = false;
  #stdin = false;
  #delimiter = '\t';

  constructor(columns: SqlColumns, sink: SqlSink, tokens: SqlTokens) {
    this.#columns = columns;
    this.#sink = sink;
    this.#tokens = tokens;
    this.#row = new SqlRow(sink);
    this.#pairs = new SqlPairs(sink, this.#target, () => this.#recordNumber());
  }

  /** Whether a text in dollar quotes would be a value here. */
  get takesValue(): boolean {
    return this.#mode === 'row' || this.#mode === 'select' || this.#pairs.isTied;
  }

  /** In an INSERT, up to the end of its rows. */
  get isInsert(): boolean {
    return ['target', 'columns', 'values', 'row', 'select'].includes(this.#mode);
  }

  /** Labels of the columns that are filled; none before they are known. */
  get columns(): readonly (readonly string[])[] {
    return this.#table?.labels ?? [];
  }

  /** Of a string that begins here. */
  get place(): ValuePlace {
    if (this.#mode === 'row' || this.#mode === 'select') return this.#row.place;
    const labels = this.#mode === 'other' ? this.#pairs.labels : NO_LABELS;
    return { labels, record: this.#recordNumber() };
  }

  /** Tells the value so far, before something is told that stands behind it. */
  pass(): void {
    if (this.#mode === 'row' || this.#mode === 'select') this.#row.pass();
    else this.#pairs.pass();
  }

  /** Takes the token scanned last. */
  accept(): void {
    const { keyword, mark } = this.#tokens;
    switch (this.#mode) {
      case 'row':
        if (!this.#row.accepts(this.#tokens)) this.#mode = 'values';
        break;
      case 'values':
        this.#betweenRows();
        break;
      case 'select':
        if (this.#row.accepts(this.#tokens)) break;
        this.#mode = 'other';
        this.#other();
        break;
      case 'target':
        this.#into();
        break;
      case 'columns':
        this.#listed();
        break;
      case 'create':
        this.#create();
        break;
      case 'define':
        this.#define();
        break;
      case 'copy':
        this.#copy();
        break;
      case 'update':
        if (keyword === 'SET') this.#fill('other');
        else if (mark === ';') this.#end();
        else if (!BEFORE_TARGET.has(keyword)) this.#target.takesName(this.#tokens);
        break;
      case 'other':
        this.#other();
        break;
    }
  }

  #begin(mode: Mode): void {
    this.#pairs.end();
    this.#target.clear();
    this.#mode = mode;
    this.#table = undefined;
    this.#record = 0;
    this.#depth = 0;
    this.#created = false;
    this.#stdin = false;
    this.#delimiter = '\t';
  }

  #end(): void {
    const { name, columns } = this.#target;
    const copied = this.#mode === 'copy' && this.#stdin ? this.#columns.table(name, columns) : undefined;
    if (copied !== undefined) this.#sink.copy(copied, this.#delimiter);
    this.#begin('other');
  }

  /** The target and its columns are known. */
  #fill(mode: Mode): void {
    this.#table = this.#columns.table(this.#target.name, this.#target.columns);
    this.#mode = mode;
  }

  #openRow(mode: 'row' | 'select'): void {
    this.#row.open(this.#table, mode === 'select');
    this.#mode = mode;
  }

  #betweenRows(): void {
    const { keyword, mark } = this.#tokens;
    if (mark === '(') this.#openRow('row');
    else if (keyword === 'INTO') this.#begin('target');
    else if (mark !== ',' && keyword !== 'ROW') {
      this.#mode = 'other';
      this.#other();
    }
  }

  #into(): void {
    const { kind, keyword, mark } = this.#tokens;
    if (mark === ';') this.#end();
    else if (mark === '(') this.#mode = 'columns';
    else if (keyword === 'VALUES' || keyword === 'VALUE') this.#fill('values');
    else if (keyword === 'SET') this.#fill('other');
    else if (keyword === 'SELECT') this.#select();
    else if (kind === 'string') this.#loose();
    else if (this.#target.name !== '' || !BEFORE_TARGET.has(keyword)) this.#target.takesName(this.#tokens);
  }

  #select(): void {
    this.#fill('select');
    this.#openRow('select');
  }

  #listed(): void {
    const { kind, word, keyword, mark } = this.#tokens;
    if (keyword === 'SELECT') this.#select();
    else if (word !== '') this.#target.addColumn(word);
    else if (mark === ')') this.#mode = 'target';
    else if (mark === ';' || mark === '(') this.#end();
    else if (kind === 'string') this.#loose();
  }

  #create(): void {
    const { kind, keyword, mark } = this.#tokens;
    if (mark === '(') {
      this.#mode = 'define';
      this.#depth = 1;
      this.#named = true;
    } else if (mark === ';') this.#end();
    else if (keyword === 'AS' || keyword === 'SELECT') this.#begin('other');
    else if (kind === 'string') this.#loose();
    else if (keyword !== 'IF' && keyword !== 'NOT' && keyword !== 'EXISTS') this.#target.takesName(this.#tokens);
  }

  #define(): void {
    const { kind, word, keyword, mark } = this.#tokens;
    if (mark === '(') this.#depth++;
    else if (mark === ')') {
      if (--this.#depth > 0) return;
      this.#columns.define(this.#target.name, this.#target.columns);
      this.#begin('other');
    } else if (mark === ',' && this.#depth === 1) this.#named = true;
    else if (kind === 'string') this.#loose();
    else if (word !== '' && this.#named && this.#depth === 1) {
      this.#named = false;
      if (kind === 'name' || !NO_COLUMNS.has(keyword)) this.#target.addColumn(word);
    }
  }

  #copy(): void {
    const { kind, word, keyword, mark } = this.#tokens;
    if (mark === ';') this.#end();
    else if (mark === '(') this.#depth++;
    else if (mark === ')') this.#depth--;
    else if (kind === 'string') {
      if (this.#stdin && this.#tokens.inner.length === 1) this.#delimiter = this.#tokens.inner;
      else this.#loose();
    } else if (keyword === 'STDIN') this.#stdin = true;
    else if (this.#stdin) {
      if (keyword === 'CSV' && this.#delimiter === '\t') this.#delimiter = ',';
    } else if (this.#depth === 0) this.#target.takesName(this.#tokens);
    else if (word !== '') this.#target.addColumn(word);
  }

  #other(): void {
    const { keyword, mark } = this.#tokens;
    if (mark === ';') this.#end();
    else if (!this.#begins(keyword)) this.#pairs.accept(this.#tokens);
  }

  /** Whether the keyword begins what is known better. */
  #begins(keyword: string): boolean {
    switch (keyword) {
      case 'INSERT':
        this.#begin('target');
        return true;
      case 'REPLACE':
        if (!this.#pairs.isIdle || this.#created) return false;
        this.#begin('target');
        return true;
      case 'SELECT':
        this.#pairs.end();
        this.#openRow('select');
        return true;
      case 'UPDATE':
        if (this.#created) return false;
        this.#begin('update');
        return true;
      case 'CREATE':
        this.#begin('other');
        this.#created = true;
        return true;
      case 'TABLE':
        if (!this.#created) return false;
        this.#begin('create');
        return true;
      case 'COPY':
        if (!this.#pairs.isIdle) return false;
        this.#begin('copy');
        return true;
      default:
        return false;
    }
  }

  #recordNumber(): number {
    if (this.#record === 0) this.#record = this.#sink.nextRecord();
    return this.#record;
  }

  #loose(): void {
    this.#sink.loose(this.#tokens, this.#recordNumber());
  }
}
