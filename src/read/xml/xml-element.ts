import type { Field } from '../../detect/field.ts';
import type { JsonPath } from '../json-path.ts';

/** Names of children that are counted, to tell them apart in pointers and to see one come again. */
const COUNTED = 64;

/** Columns of one table that have names; SQLite's own bound is 2000. */
const COLUMNS = 4096;
const COLUMN_NAME = /^[A-Za-z_][\w.$ -]{0,63}$/;

/** An element while it is open. */
export class XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly parent: XmlElement | undefined;
  /** Its name and the names above. */
  readonly path: JsonPath;
  readonly pointer: string;
  readonly record: number;
  /** By name, without prefix. */
  readonly attributes: ReadonlyMap<string, Field>;
  readonly depth: number;
  /** What its value means, in words of the vocabulary, where an attribute or a child said so. */
  names: readonly string[] = [];
  readonly #children = new Map<string, number>();
  /** Of a table: the names of its columns. */
  readonly #columns: string[] = [];
  /** Of a row: cells so far. */
  #cells = 0;

  constructor(
    path: JsonPath,
    parent: XmlElement | undefined,
    of: { readonly pointer: string; readonly record: number; readonly attributes: ReadonlyMap<string, Field> },
  ) {
    this.name = path.key;
    this.path = path;
    this.parent = parent;
    this.pointer = of.pointer;
    this.record = of.record;
    this.attributes = of.attributes;
    this.depth = parent === undefined ? 1 : parent.depth + 1;
  }

  /** Counts a child; returns how many of its name were there before. */
  count(name: string): number {
    const before = this.#children.get(name) ?? 0;
    if (before > 0 || this.#children.size < COUNTED) this.#children.set(name, before + 1);
    return before;
  }

  /** A table's columns are named before its rows, as DBUnit does it: `<table><column>SSN</column><row><value>…`. */
  addColumn(name: string): void {
    if (this.#columns.length < COLUMNS) this.#columns.push(COLUMN_NAME.test(name) ? name : '');
  }

  /** Its children are the cells of a row. */
  get isRow(): boolean {
    return this.parent !== undefined && this.parent.#columns.length > 0;
  }

  /** Of a row: the name of the next cell's column. */
  nextColumn(): string | undefined {
    return this.parent === undefined ? undefined : this.parent.#columns[this.#cells++];
  }

  attribute(name: string): string {
    return this.attributes.get(name)?.value ?? '';
  }
}

/** A format that stands on XML: what its elements mean. Fields are its business. */
export interface XmlFormat {
  readonly open: (element: XmlElement, fields: Field[]) => void;
  /** Text of the element, without the white space around it; at most `BLOCK_BYTES` long. */
  readonly text: (element: XmlElement, leaf: Field, fields: Field[]) => void;
  /** A longer text, which was read as plain text already; it may be a file. */
  readonly longText: (element: XmlElement, leaf: Field, fields: Field[]) => void;
  readonly close: (element: XmlElement, fields: Field[]) => void;
  /** Nothing follows, or what follows is no XML any more. */
  readonly end: (fields: Field[]) => void;
}
