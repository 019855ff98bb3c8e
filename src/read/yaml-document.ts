import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

/** A node of a YAML document, with where it stands in the text: character indexes, `end` exclusive. */
export type YamlNode = YamlScalar | YamlMapping | YamlSequence | YamlAlias;

interface YamlSpan {
  readonly start: number;
  readonly end: number;
  /** As written: `!Sub`. */
  readonly tag?: string;
}

export interface YamlScalar extends YamlSpan {
  readonly kind: 'scalar';
  /** Without quotes and escapes, block scalars unfolded, numbers as written. */
  readonly text: string;
  /** What YAML's core schema makes of it. Of a number, `text` is safer: 007 and 17 digits are kept there. */
  readonly value: string | number | bigint | boolean | null;
  readonly style: 'plain' | 'quoted' | 'block';
}

export interface YamlMapping extends YamlSpan {
  readonly kind: 'mapping';
  /** In the order of the text; a key may come twice. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: YamlNode;
  /** Undefined where nothing stands behind the key. */
  readonly value: YamlNode | undefined;
}

export interface YamlSequence extends YamlSpan {
  readonly kind: 'sequence';
  readonly elements: readonly (YamlNode | undefined)[];
}

/** Never followed here: nine aliases in nine lists in nine lists are a bomb. */
export interface YamlAlias extends YamlSpan {
  readonly kind: 'alias';
  /** What the anchor before it names, when that is a scalar. */
  readonly target: YamlScalar | undefined;
}

interface YamlFault {
  /** Of the yaml package: `BAD_INDENT`, `TAB_AS_INDENT`, ...; its messages may quote the text and are not kept. */
  readonly code: string;
  readonly at: number;
}

export interface YamlText {
  /** One for each document; undefined for an empty one. */
  readonly documents: readonly (YamlNode | undefined)[];
  /** In the order of the text. With faults, the documents hold what could be made of it. */
  readonly faults: readonly YamlFault[];
}

/** Deeper nesting is an attack. The package composes nodes recursively, and node ends the process where a regular expression
 * is compiled on the last bytes of the stack: so the depth is known before. */
const DEPTH = 100;

let loaded: typeof Yaml | undefined;

/** With one of these set, the package prints every token it reads. */
const PRINTING = ['LOG_TOKENS', 'LOG_STREAM'];

/** The door to the `yaml` package, which is loaded by the first text. About a megabyte takes a second: bound the text. */
function library(): typeof Yaml {
  if (loaded === undefined) {
    for (const name of PRINTING) Reflect.deleteProperty(process.env, name);
    loaded = createRequire(import.meta.url)('yaml') as typeof Yaml;
  }
  return loaded;
}

/** Reads YAML 1.2 (and JSON). Never throws; no tag makes anything but text. */
export function parseYaml(text: string): YamlText {
  const yaml = library();
  const tokens = [...new yaml.Parser().parse(text)];
  if (!isShallow(tokens)) return { documents: [], faults: [{ code: 'TOO_DEEP', at: 0 }] };
  const options = {
    prettyErrors: false,
    strict: false,
    uniqueKeys: false,
    logLevel: 'silent',
    schema: 'core',
  } as const;
  const faults: YamlFault[] = [];
  const documents: (YamlNode | undefined)[] = [];
  for (const document of new yaml.Composer(options).compose(tokens)) {
    for (const { code, pos } of document.errors) faults.push({ code, at: pos[0] });
    documents.push(new Nodes(yaml).of(document.contents));
  }
  return { documents, faults: faults.sort((a, b) => a.at - b.at) };
}

/** Whether no token is inside more than `DEPTH` others. */
function isShallow(tokens: readonly unknown[]): boolean {
  let level = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH) return false;
    level = level.flatMap((token) => childrenOf(token as Yaml.CST.Token));
  }
  return true;
}

function childrenOf(token: Yaml.CST.Token): readonly unknown[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value]).filter((child) => child !== undefined && child !== null);
}

/** The nodes of one document. Anchors are known from their place on, as YAML has it. */
class Nodes {
  readonly #yaml: typeof Yaml;
  readonly #anchors = new Map<string, YamlScalar | undefined>();

  constructor(yaml: typeof Yaml) {
    this.#yaml = yaml;
  }

  of(node: unknown): YamlNode | undefined {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (isAlias(node)) return { kind: 'alias', ...spanOf(node), target: this.#anchors.get(node.source) };
    if (isScalar(node)) {
      const scalar = scalarOf(node);
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, scalar);
      return scalar;
    }
    if (isMap(node)) {
      this.#forget(node.anchor);
      const entries: YamlEntry[] = [];
      for (const pair of node.items) {
        const key = this.of(pair.key);
        const value = this.of(pair.value);
        if (key !== undefined) entries.push({ key, value });
      }
      return { kind: 'mapping', ...spanOf(node), entries };
    }
    if (isSeq(node)) {
      this.#forget(node.anchor);
      return { kind: 'sequence', ...spanOf(node), elements: node.items.map((item) => this.of(item)) };
    }
    // `- ? a` and the like: a pair that stands for a mapping of one.
    if (this.#yaml.isPair(node)) {
      const key = this.of(node.key);
      const value = this.of(node.value);
      if (key === undefined) return value;
      return { kind: 'mapping', start: key.start, end: value?.end ?? key.end, entries: [{ key, value }] };
    }
    return undefined;
  }

  /** An anchor that comes again names something else. */
  #forget(anchor: string | undefined): void {
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
  }
}

function spanOf({ range, tag }: Yaml.Node): YamlSpan {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0, ...(tag === undefined ? {} : { tag }) };
}

function scalarOf(node: Yaml.Scalar): YamlScalar | undefined {
  const { value, source, type } = node;
  const { start, end, ...tag } = spanOf(node);
  const text = source ?? (typeof value === 'string' ? value : '');
  const style = type === 'PLAIN' || type === undefined ? 'plain' : type.startsWith('QUOTE') ? 'quoted' : 'block';
  // A key with nothing behind it has a value that is not in the text.
  if (start === end && style === 'plain') return undefined;
  return { kind: 'scalar', start, end, ...tag, text, value: isPrimitive(value) ? value : text, style };
}

function isPrimitive(value: unknown): value is YamlScalar['value'] {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
