import { limits } from '../../limits.ts';
import { literalOf } from './literal.ts';
import type { Operation } from './operation.ts';
import { NOTHING, PickleNode, type PickleValue } from './pickle-value.ts';

/** Where the items of the container below begin. */
export const MARK = 'mark';
export type StackEntry = PickleValue | typeof MARK;

/** Python writes a thousand items before it says what becomes of them. */
const ITEMS = 8192;

/** The stack machine of a pickle, without its imports and calls: it puts together what values are in which. */
export class PickleMachine {
  readonly stack: StackEntry[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #memoized = 0;
  #memoCharacters = 0;
  /** Values since they were last counted, and their characters: a measure of memory. */
  values = 0;
  characters = 0;

  /** False where no pickle could have this operation here. `bytes` begin at `offset` of the entry. */
  apply(operation: Operation, bytes: Buffer, offset: number): boolean {
    const code = String.fromCharCode(operation.code);
    const argument = bytes.subarray(operation.start, operation.end);
    const literal = literalOf(code, argument, offset + operation.start);
    if (literal !== undefined) {
      this.push(literal);
      return true;
    }
    return this.#structure(code, argument);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
    this.values++;
    if (value.kind !== 'node' && value.kind !== 'nothing') this.characters += value.text.length;
    const mark = this.#marks.at(-1);
    if (mark !== undefined && this.stack.length - mark > ITEMS) this.#shorten(mark);
  }

  /** The pickle ends before its end: what waits goes where it was to go, as far as can be told. */
  settle(): void {
    for (let items = this.#popToMark(); items !== undefined; items = this.#popToMark()) {
      const below = this.stack.at(-1);
      if (below === undefined || below === MARK || below.kind !== 'node')
        for (const item of items) this.stack.push(item);
      else if (below.shape === 'dict') below.set(items);
      else below.add(items);
    }
    // Without marks: [list, dict, key, value].
    for (let waiting = 1; waiting <= 2 && this.stack.length > waiting;) {
      const below = this.stack.at(-1 - waiting);
      const isTaken =
        below !== undefined &&
        below !== MARK &&
        below.kind === 'node' &&
        below.shape === (waiting === 1 ? 'list' : 'dict');
      if (isTaken) this.#into(waiting === 1 ? 'elements' : 'pairs', this.#pops(waiting));
      waiting = isTaken ? 1 : waiting + 1;
    }
  }

  /** Counts again what is held: values that were read have no content any more. */
  count(): void {
    this.values = 0;
    this.characters = 0;
    const open: StackEntry[] = [...this.stack];
    const counted = new Set<PickleNode>();
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      this.values++;
      if (entry === MARK || entry.kind === 'nothing') continue;
      if (entry.kind !== 'node') {
        this.characters += entry.text.length;
      } else if (!counted.has(entry)) {
        counted.add(entry);
        for (const part of entry.pairs) open.push(part);
        for (const part of entry.elements) open.push(part);
      }
    }
  }

  #structure(code: string, argument: Buffer): boolean {
    switch (code) {
      case '(':
        this.#marks.push(this.stack.length);
        this.stack.push(MARK);
        return true;
      case ']':
      case ')':
      case '\x8f':
        this.push(new PickleNode('list'));
        return true;
      case '}':
        this.push(new PickleNode('dict'));
        return true;
      case 'l':
      case 't':
      case '\x91':
        return this.#gather('list', this.#popToMark());
      case 'd':
        return this.#gather('dict', this.#popToMark());
      case '\x85':
      case '\x86':
      case '\x87':
        return this.#gather('list', this.#pops(code.charCodeAt(0) - 0x84));
      case 'a':
        return this.#into('elements', this.#pops(1));
      case 'e':
      case '\x90':
        return this.#into('elements', this.#popToMark());
      case 's':
        return this.#into('pairs', this.#pops(2));
      case 'u':
        return this.#into('pairs', this.#popToMark());
      default:
        return this.#object(code, argument);
    }
  }

  #object(code: string, argument: Buffer): boolean {
    switch (code) {
      case 'c':
        this.push(new PickleNode('global', argument.toString('latin1').replace(/\r?\n/, '.')));
        return true;
      case '\x93':
        return this.#make(this.#pops(2), ([module, name]) => {
          return new PickleNode('global', `${textOf(module)}.${textOf(name)}`);
        });
      case 'R':
      case '\x81':
        return this.#make(this.#pops(2), ([callable, argumentList]) => objectOf(callable, [argumentList]));
      case '\x92':
        return this.#make(this.#pops(3), ([callable, ...argumentLists]) => objectOf(callable, argumentLists));
      case 'o':
        return this.#make(this.#popToMark(), ([callable, ...elements]) => objectOf(callable, elements));
      case 'i':
        return this.#make(this.#popToMark(), (elements) => {
          return objectOf(new PickleNode('global', argument.toString('latin1').replace(/\r?\n/, '.')), elements);
        });
      case 'b': {
        const [state] = this.#pops(1) ?? [];
        const target = this.stack.at(-1);
        if (state === undefined || target === undefined || target === MARK) return false;
        if (target.kind === 'node' && target !== state) target.build(state);
        return true;
      }
      default:
        return this.#memory(code, argument);
    }
  }

  #memory(code: string, argument: Buffer): boolean {
    switch (code) {
      case 'p':
        return this.#put(Number(argument.toString('latin1')));
      case 'q':
        return this.#put(argument.readUInt8(0));
      case 'r':
        return this.#put(argument.readUInt32LE(0));
      case '\x94':
        return this.#put(this.#memoized++);
      case 'g':
        return this.#get(Number(argument.toString('latin1')));
      case 'h':
        return this.#get(argument.readUInt8(0));
      case 'j':
        return this.#get(argument.readUInt32LE(0));
      case '0':
        return this.stack.at(-1) === MARK ? this.#popToMark() !== undefined : this.#pops(1) !== undefined;
      case '1':
        return this.#popToMark() !== undefined;
      case '2': {
        const top = this.stack.at(-1);
        if (top === undefined || top === MARK) return false;
        this.push(top);
        return true;
      }
      case 'Q':
        return this.#make(this.#pops(1), () => NOTHING);
      case '\x98':
        return this.stack.length > 0;
      // PROTO and FRAME say how the rest is written, not what.
      default:
        return true;
    }
  }

  #put(index: number): boolean {
    const top = this.stack.at(-1);
    if (top === undefined || top === MARK) return false;
    const { length } = top.kind === 'node' || top.kind === 'nothing' ? '' : top.text;
    const isRoom = this.#memo.size < limits.pickleMemo && this.#memoCharacters + length <= limits.pickleCharacters;
    if (isRoom || this.#memo.has(index)) {
      this.#memo.set(index, top);
      this.#memoCharacters += length;
    }
    return true;
  }

  #get(index: number): boolean {
    this.push(this.#memo.get(index) ?? NOTHING);
    return true;
  }

  #make(parts: readonly PickleValue[] | undefined, make: (parts: readonly PickleValue[]) => PickleValue): boolean {
    if (parts === undefined) return false;
    this.push(make(parts));
    return true;
  }

  #gather(shape: 'list' | 'dict', items: readonly PickleValue[] | undefined): boolean {
    return this.#make(items, (parts) => {
      const node = new PickleNode(shape);
      if (shape === 'dict') node.set(parts);
      else node.add(parts);
      return node;
    });
  }

  #into(place: 'elements' | 'pairs', items: readonly PickleValue[] | undefined): boolean {
    const target = this.stack.at(-1);
    if (items === undefined || target === undefined || target === MARK) return false;
    if (target.kind !== 'node') return true;
    if (place === 'pairs') target.set(items);
    else target.add(items);
    return true;
  }

  /** The topmost values, the last on top; undefined when there are fewer above the mark. */
  #pops(count: number): readonly PickleValue[] | undefined {
    const first = this.stack.length - count;
    if (first <= (this.#marks.at(-1) ?? -1)) return undefined;
    return this.stack.splice(first).filter((entry) => entry !== MARK);
  }

  #popToMark(): readonly PickleValue[] | undefined {
    const mark = this.#marks.pop();
    return mark === undefined ? undefined : this.stack.splice(mark).filter((entry) => entry !== MARK);
  }

  /** So many items wait above a mark: they go where they will go in the end, as far as can be told. */
  #shorten(mark: number): void {
    const below = this.stack[mark - 1];
    const isPairs = below !== MARK && below?.kind === 'node' && below.shape === 'dict';
    const count = this.stack.length - mark - 1;
    const items = this.stack.splice(mark + 1, isPairs ? count - (count % 2) : count).filter((entry) => entry !== MARK);
    if (isPairs) {
      below.set(items);
    } else if (below !== MARK && below?.kind === 'node') {
      below.add(items);
    } else {
      const first = items[0];
      const isContinued =
        first?.kind === 'node' && first.shape === 'list' && first.past + first.elements.length > ITEMS / 2;
      const node = isContinued ? first : new PickleNode('list');
      node.add(isContinued ? items.slice(1) : items);
      this.stack.splice(mark + 1, 0, node);
    }
  }
}

function objectOf(callable: PickleValue | undefined, argumentLists: readonly (PickleValue | undefined)[]): PickleValue {
  const object = new PickleNode('object', callable?.kind === 'node' ? callable.name : '');
  for (const list of argumentLists) if (list !== undefined) object.build(list);
  const [first] = object.elements;
  // Protocols before 3 have no bytes, and encode a string instead.
  if (object.name !== '_codecs.encode' || first?.kind !== 'string') return object;
  return { kind: 'bytes', text: first.text, offset: first.offset, span: 'fixed' };
}

function textOf(value: PickleValue | undefined): string {
  return value === undefined || value.kind === 'node' || value.kind === 'nothing' ? '' : value.text;
}
