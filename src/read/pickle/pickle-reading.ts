import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { Blocks } from '../blocks.ts';
import { PlainTextReading } from '../plain-text.ts';
import type { Reading } from '../reader.ts';
import { operationAt, type Operation } from './operation.ts';
import { PickleFields } from './pickle-fields.ts';
import { PickleMachine } from './pickle-machine.ts';
import { NOTHING } from './pickle-value.ts';

const PROTO = 0x80;
const STOP = 0x2e;
const HIGHEST_PROTOCOL = 5;
const LF = 10;
const SPACE = 0x20;
/** Pickles in pickles, as joblib writes arrays. */
const NESTED = 16;
/** How far before the end of a piece of a long text a blank is looked for, in bytes. */
const BLANK_REACH = 512;

/**
 * One reading of the pickles of an entry, one behind the other. Values are held until their pickle ends, or until there
 * are `limits.pickleValues` of them. Behind the first byte that no pickle could have there, everything is text.
 */
export class PickleReading implements Reading {
  readonly #vocabulary: Vocabulary;
  readonly #fields: PickleFields;
  readonly #blocks: Blocks;
  #machine = new PickleMachine();
  readonly #outer: PickleMachine[] = [];
  /** Bytes that are left of an argument that is longer than a line, and the record of its texts. */
  #long = 0;
  #longRecord = 0;
  #rest: PlainTextReading | undefined;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#fields = new PickleFields(vocabulary);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    const fields: Field[] = [];
    this.#fields.into(fields);
    this.#readStacks();
    yield* fields;
    if (this.#rest !== undefined) yield* this.#rest.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    this.#fields.into(fields);
    let at = 0;
    while (this.#rest === undefined && at < block.length) {
      const next = this.#step(block, at, offset, final);
      if (next === 'more' && !final) return at;
      if (typeof next === 'number') at = next;
      else this.#endsAt(offset + at);
    }
    for (const field of this.#rest?.write(block.subarray(at)) ?? []) fields.push(field);
    return block.length;
  }

  /** Reads one operation, or a piece of a long argument; returns where it ends. */
  #step(block: Buffer, at: number, offset: number, final: boolean): number | 'more' | 'broken' {
    if (this.#long > 0) return this.#piece(block, at, offset, final);
    const operation = operationAt(block, at);
    if (typeof operation === 'string') return operation;
    const { code, start, end, next } = operation;
    if (end - start > limits.lineBytes) {
      this.#long = end - start;
      this.#longRecord = this.#fields.numbers.next();
      this.#machine.push(NOTHING);
      return start;
    }
    if (!this.#apply(operation, block, offset)) return 'broken';
    if (code === STOP) this.#stop();
    else if (!this.#bound()) return 'broken';
    return next;
  }

  /** A piece of a long text ends between two words, where it can. */
  #piece(block: Buffer, at: number, offset: number, final: boolean): number | 'more' {
    const end = Math.min(block.length, at + this.#long);
    const isLast = final || end - at === this.#long;
    if (!isLast && end - at < limits.lineBytes) return 'more';
    const blank = isLast ? -1 : Math.max(block.lastIndexOf(LF, end - 1), block.lastIndexOf(SPACE, end - 1));
    const cut = blank > Math.max(at, end - BLANK_REACH) ? blank + 1 : end;
    this.#fields.longText(block.subarray(at, cut), offset + at, this.#longRecord);
    this.#long -= cut - at;
    return cut;
  }

  #apply(operation: Operation, block: Buffer, offset: number): boolean {
    if (operation.code === STOP) return this.#machine.stack.length > 0;
    if (operation.code !== PROTO) return this.#machine.apply(operation, block, offset);
    if (block.readUInt8(operation.start) > HIGHEST_PROTOCOL || this.#outer.length > NESTED) return false;
    if (this.#machine.stack.length > 0) {
      this.#outer.push(this.#machine);
      this.#machine = new PickleMachine();
    }
    return true;
  }

  #stop(): void {
    this.#fields.finish(this.#machine.stack);
    this.#machine = this.#outer.pop() ?? new PickleMachine();
  }

  /** Reads and forgets values where too many are held. False where that is of no use. */
  #bound(): boolean {
    const machine = this.#machine;
    if (machine.values <= limits.pickleValues && machine.characters <= limits.pickleCharacters) return true;
    for (const all of [false, true]) {
      this.#fields.spill(machine.stack, all);
      machine.count();
      if (2 * machine.values <= limits.pickleValues && 2 * machine.characters <= limits.pickleCharacters) return true;
    }
    // Nothing but a stack of marks and single values: no program writes that.
    return false;
  }

  #endsAt(offset: number): void {
    this.#readStacks();
    this.#rest = new PlainTextReading(this.#vocabulary, { offset, line: 1 }, this.#fields.numbers);
  }

  #readStacks(): void {
    for (const machine of [...this.#outer.splice(0), this.#machine]) {
      machine.settle();
      this.#fields.finish(machine.stack);
    }
    this.#machine = new PickleMachine();
  }
}
