/** Reads the fields of a mapping in phiscan.yaml; what is wrong is told with its place, and never thrown. */
import { nearest } from '../nearest.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from '../read/yaml-document.ts';

/** Says what is wrong at a character index of the text, and what to do. */
export type Complain = (at: number, what: string, todo: string) => void;

/** A text with its character index. */
export interface PlacedText {
  readonly text: string;
  readonly at: number;
}

interface PlacedNumber {
  readonly value: number;
  readonly at: number;
}

/** A mapping whose keys are known. */
export class Fields {
  readonly at: number;
  readonly #values = new Map<string, YamlEntry>();
  readonly #complain: Complain;

  /** `wanted`: what to do about an unknown key that is like no known one. */
  constructor(
    mapping: YamlMapping,
    known: readonly string[],
    complain: Complain,
    wanted = `Use one of: ${known.join(', ')}`,
  ) {
    this.at = mapping.start;
    this.#complain = complain;
    for (const entry of mapping.entries) {
      const key = scalarOf(entry.key)?.text;
      if (key === undefined || !known.includes(key)) {
        const meant = key === undefined ? undefined : nearest(known, key);
        const hint = meant === undefined ? wanted : `Did you mean ${meant}?`;
        complain(entry.key.start, 'unknown key', hint);
      } else if (this.#values.has(key)) {
        complain(entry.key.start, `${key} is given twice`, 'Keep one of the two');
      } else {
        this.#values.set(key, entry);
      }
    }
  }

  /** The keys that are known, in the order of the text. */
  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  node(key: string): YamlNode | undefined {
    return this.#values.get(key)?.value;
  }

  /** Where the value of a key stands; of a missing one, where the mapping begins. */
  placeOf(key: string): number {
    const entry = this.#values.get(key);
    return entry?.value?.start ?? entry?.key.start ?? this.at;
  }

  keyAt(key: string): number {
    return this.#values.get(key)?.key.start ?? this.at;
  }

  scalar(key: string): YamlScalar | undefined {
    const node = this.node(key);
    return node === undefined ? undefined : scalarOf(node);
  }

  text(key: string): PlacedText | undefined {
    if (!this.has(key)) return undefined;
    return textOf(this.node(key), this.placeOf(key), key, this.#complain);
  }

  required(key: string, todo: string): PlacedText | undefined {
    if (!this.has(key)) this.#complain(this.at, `no ${key}`, todo);
    return this.text(key);
  }

  truth(key: string): boolean | undefined {
    if (!this.has(key)) return undefined;
    const value = this.scalar(key)?.value;
    if (typeof value === 'boolean') return value;
    this.#complain(this.placeOf(key), `${key} is neither true nor false`, 'Write true or false without quotes');
    return undefined;
  }

  number(key: string, todo: string): PlacedNumber | undefined {
    if (!this.has(key)) return undefined;
    const value = this.scalar(key)?.value;
    if (typeof value === 'number') return { value, at: this.placeOf(key) };
    this.#complain(this.placeOf(key), `${key} is no number`, todo);
    return undefined;
  }

  /** The elements of a list; none when the key is missing. */
  list(key: string): readonly YamlNode[] {
    const node = this.node(key);
    if (!this.has(key)) return [];
    if (node?.kind !== 'sequence') {
      this.#complain(this.placeOf(key), `${key} is no list`, `Write ${key}: [one, two], or one "- " line for each`);
      return [];
    }
    return node.elements.filter((element) => element !== undefined);
  }

  texts(key: string): readonly PlacedText[] {
    return this.list(key)
      .map((element) => textOf(element, element.start, `an element of ${key}`, this.#complain))
      .filter((text) => text !== undefined);
  }

  mapping(key: string): YamlMapping | undefined {
    const node = this.node(key);
    if (!this.has(key) || node?.kind === 'mapping') return node as YamlMapping | undefined;
    this.#complain(this.placeOf(key), `${key} has no keys`, `Write the keys of ${key} on lines of their own, indented`);
    return undefined;
  }
}

export function textOf(
  node: YamlNode | undefined,
  at: number,
  what: string,
  complain: Complain,
): PlacedText | undefined {
  const scalar = node === undefined ? undefined : scalarOf(node);
  if (scalar !== undefined && scalar.value !== null && scalar.text.trim() !== '')
    return { text: scalar.text, at: scalar.start };
  const isList = node?.kind === 'sequence';
  const todo = isList ? "In YAML, [ begins a list: put the text into 'quotes'" : 'Give it a text';
  complain(at, `${what} is ${isList ? 'a list' : 'no text'}`, todo);
  return undefined;
}

function scalarOf(node: YamlNode): YamlScalar | undefined {
  if (node.kind === 'alias') return node.target;
  return node.kind === 'scalar' ? node : undefined;
}
