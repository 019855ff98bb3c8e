import { limits } from '../../limits.ts';
import type { Framing } from '../../unpack/sqlite/frames.ts';
import { HeldPages } from '../../unpack/sqlite/held-pages.ts';
import {
  childrenOf,
  INDEX_INTERIOR,
  INDEX_LEAF,
  payloadAt,
  TABLE_LEAF,
  treePage,
  type TreePage,
} from '../../unpack/sqlite/page.ts';
import { isText, recordAt, serialLength, numberText } from '../../unpack/sqlite/record.ts';
import { SqliteTables, type SqliteTable } from './schema.ts';
import { decodeText, type TextEncoding } from './text-encoding.ts';

/** What a page belongs to. An index repeats what its table holds. */
export type PageOwner = SqliteTable | 'schema' | 'index' | undefined;

/** Trees are not deeper: a page of 512 bytes has four children or more, and there are 2^32 pages. */
const MAX_DEPTH = 40;

/** The pages of an entry that are held, and what is known of all its pages. */
export class SqlitePages {
  readonly tables: SqliteTables = new SqliteTables();
  readonly held: HeldPages;
  /** Of the texts; undefined where page 1 is not there to say it. */
  readonly encoding: TextEncoding | undefined;
  readonly #owners = new Map<number, PageOwner>();

  constructor(held: Buffer, framing: Framing) {
    this.held = new HeldPages(held, framing);
    this.encoding = encodingOf(this.held.page(1));
    this.#readSchema();
  }

  owner(number: number): PageOwner {
    return this.#owners.get(number);
  }

  /** The children of a page belong to what it belongs to. */
  adopt(owner: PageOwner, tree: TreePage): void {
    for (const child of childrenOf(tree)) {
      if (this.#owners.size < limits.sqlitePages && !this.#owners.has(child)) this.#owners.set(child, owner);
    }
  }

  #readSchema(): void {
    const roots: [number, PageOwner][] = [];
    for (const tree of this.#walk(1, 'schema')) {
      if (tree.kind !== TABLE_LEAF) continue;
      for (const cell of tree.cells) {
        const payload = payloadAt(tree, cell, this.held.usable);
        const row = payload === undefined ? undefined : schemaRow(this.held.payload(tree, payload), this.encoding);
        if (row === undefined) continue;
        const table = row.type === 'table' ? this.tables.define(row.name, row.sql) : undefined;
        if (row.root > 1) roots.push([row.root, row.type === 'index' ? 'index' : table]);
      }
    }
    for (const [root, owner] of roots) {
      for (const tree of this.#walk(root, owner)) this.adopt(owner, tree);
    }
  }

  /** The held pages of a tree. */
  *#walk(root: number, owner: PageOwner): Iterable<TreePage> {
    const open: [number, number][] = [[root, 0]];
    const seen = new Set<number>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [number, depth] = next;
      if (seen.has(number) || depth > MAX_DEPTH) continue;
      seen.add(number);
      const known = this.#owners.get(number);
      if (known !== undefined && known !== owner) continue;
      if (this.#owners.size < limits.sqlitePages) this.#owners.set(number, owner);
      const bytes = this.held.page(number);
      const tree = bytes === undefined ? undefined : treePage(bytes, number === 1, this.held.usable);
      if (tree === undefined) continue;
      yield tree;
      for (const child of childrenOf(tree)) open.push([child, depth + 1]);
    }
  }
}

export function isRowPage(kind: number): boolean {
  return kind === TABLE_LEAF || kind === INDEX_LEAF || kind === INDEX_INTERIOR;
}

function encodingOf(header: Buffer | undefined): TextEncoding | undefined {
  if (header === undefined) return undefined;
  const stored = header.readUInt32BE(56);
  return stored === 2 ? 'utf16le' : stored === 3 ? 'utf16be' : 'utf8';
}

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly root: number;
  readonly sql: string;
}

/** type, name, tbl_name, rootpage, sql (section 2.6). */
function schemaRow(payload: Buffer, encoding: TextEncoding | undefined): SchemaRow | undefined {
  const record = recordAt(payload, 0);
  if (record?.types.length !== 5) return undefined;
  const texts: string[] = [];
  let at = record.bodyStart;
  for (const type of record.types) {
    const end = at + serialLength(type);
    texts.push(
      isText(type) ? decodeText(payload.subarray(at, end), encoding).text : (numberText(type, payload, at) ?? ''),
    );
    at = end;
  }
  const [type = '', name = '', , root = '', sql = ''] = texts;
  return { type, name, root: Number(root), sql };
}
