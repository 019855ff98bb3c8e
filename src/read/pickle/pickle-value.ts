import type { Field } from '../../detect/field.ts';

/** What is on the stack of a pickle. Nothing of it is ever made: objects are their attributes, functions their names. */
export type PickleValue = PickleText | PickleNode | Nothing;

/** A string, number, or short run of bytes (one character for each). */
export interface PickleText {
  readonly kind: 'string' | 'number' | 'bytes';
  readonly text: string;
  /** In the entry. */
  readonly offset: number;
  readonly span: Field['span'];
}

/** None, booleans, and what is not known. */
export interface Nothing {
  readonly kind: 'nothing';
}

export const NOTHING: Nothing = { kind: 'nothing' };

/** A container, an object, or the name of a class or function. */
export class PickleNode {
  readonly kind = 'node' as const;
  readonly shape: 'dict' | 'list' | 'object' | 'global';
  /** Of a class or function, and of the object that it makes: `datetime.date`. */
  readonly name: string;
  /** Keys and values in turns: of a dict, and the attributes of an object. */
  pairs: PickleValue[] = [];
  /** Of a list, tuple or set, and what an object was made of. */
  elements: PickleValue[] = [];
  /** It is in another one already. What is in several is read in the first: nine lists of nine lists are a bomb. */
  isPart = false;
  /** Elements that are read and gone. */
  past = 0;

  constructor(shape: PickleNode['shape'], name = '') {
    this.shape = shape;
    this.name = name;
  }

  /** Its content, which it has no longer: so a node that is in itself has an end. */
  take(): { readonly pairs: readonly PickleValue[]; readonly elements: readonly PickleValue[] } {
    const { pairs, elements } = this;
    this.pairs = [];
    this.elements = [];
    this.past += elements.length;
    return { pairs, elements };
  }

  add(elements: readonly PickleValue[]): void {
    for (const element of elements) this.elements.push(this.#part(element));
  }

  /** A key without a value is dropped. */
  set(pairs: readonly PickleValue[]): void {
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      this.pairs.push(this.#part(pairs[index]), this.#part(pairs[index + 1]));
    }
  }

  /** The attributes of an object: a dict, or two of them as `__slots__` has it; arrays have a tuple of all they are. */
  build(state: PickleValue): void {
    if (state.kind !== 'node') {
      this.add([state]);
    } else if (state.shape === 'dict') {
      const { pairs } = state.take();
      for (const part of pairs) this.pairs.push(part);
    } else if (state.shape === 'list' && !state.isPart) {
      for (const part of state.take().elements) {
        if (part.kind === 'node' && part.shape === 'dict') this.build(part);
        else this.elements.push(part);
      }
    } else {
      this.add([state]);
    }
  }

  #part(value: PickleValue | undefined): PickleValue {
    if (value === undefined || value === this) return NOTHING;
    if (value.kind !== 'node') return value;
    if (value.isPart) return NOTHING;
    if (value.shape !== 'global') value.isPart = true;
    return value;
  }
}
