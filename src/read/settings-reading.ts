import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { Blocks } from './blocks.ts';
import { decodeBytes } from './charset.ts';
import { addLeaf } from './json-leaf.ts';
import { lineFields, type LinePlace, textFields } from './line-fields.ts';
import { addNestedJson } from './nested-json.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Reading } from './reader.ts';
import { RecordNumbers } from './record-numbers.ts';
import { settingsLine, type SettingsLine, type SettingsPair } from './settings-line.ts';
import { SettingsPointers } from './settings-pointers.ts';
import { TextReading } from './text.ts';

const NEWLINE = 10;
const RETURN = 13;
/** A number in a key: `patients[0].ssn`, `patient.1.ssn`, `PATIENT_2_SSN`. Keys with the same beginning are one person's. */
const NUMBERED = /^.{0,80}?\d{1,6}(?=[\]._-])/;
/** An element of a list, with its quotes. */
const ELEMENT = /"[^"]{1,512}"|'[^']{1,512}'|[^\s,[\]{}"']{1,512}/g;
/** Keys remembered of one record, to see one come again. */
const RECORD_KEYS = 256;

/** What a value is called, and where its key stands. */
type Key = Pick<LinePlace, 'labels' | 'pointer'>;

/** A value that goes on over further lines. */
interface Open {
  readonly key: Key;
  readonly closing: string;
  readonly kind: 'collection' | 'text';
}

/** Line by line: memory is one line. What is no key and value is read as text. */
export class SettingsReading implements Reading {
  readonly #vocabulary: Vocabulary;
  readonly #numbers = new RecordNumbers();
  readonly #text: TextReading;
  readonly #blocks: Blocks;
  #line = 1;
  /** In a line that is longer than a line may be: it is text. */
  #inLong = false;
  #section: readonly string[] = [];
  readonly #pointers = new SettingsPointers();
  /** The section whose record is open, with the sections inside it. */
  #owner: readonly string[] = [];
  #record = 0;
  #numbered: string | undefined;
  readonly #keys = new Set<string>();
  #open: Open | undefined;
  /** Key of a value that a backslash continues. */
  #continued: Key | undefined;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#text = new TextReading(vocabulary, this.#numbers);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    yield* this.#text.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    let at = 0;
    while (at < block.length) {
      const newline = block.indexOf(NEWLINE, at);
      const end = newline < 0 ? block.length : newline;
      const isLong = this.#inLong || end - at > limits.lineBytes;
      if (newline < 0 && !final && !isLong) return at;
      // Runs of a long line are whole, so that they are the same however the bytes arrive.
      const taken = newline >= 0 ? end + 1 : final ? end : end - ((end - at) % limits.lineBytes);
      if (taken === at) return at;
      const bytes = block.subarray(at, taken);
      if (isLong) this.#asText(bytes, offset + at, fields);
      else this.#read(block.subarray(at, end), bytes, offset + at, fields);
      this.#inLong = isLong && newline < 0;
      if (newline >= 0) this.#line++;
      at = taken;
    }
    return at;
  }

  /** `whole` has the line's end, too. */
  #read(bytes: Buffer, whole: Buffer, offset: number, fields: Field[]): void {
    const { text, span } = decodeBytes(bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes);
    const place: LinePlace = { offset, line: this.#line, column: 1, span, labels: [] };
    if (this.#open !== undefined) {
      this.#further(text, place, this.#open, fields);
      return;
    }
    if (this.#continued !== undefined) {
      const key = this.#continued;
      this.#continued = text.endsWith('\\') ? key : undefined;
      const start = text.search(/\S|$/);
      this.#leaf(text, start, text.replace(/\\$/, '').length, { ...place, ...key }, fields);
      return;
    }
    const line = settingsLine(text);
    switch (line.kind) {
      case 'blank':
        // Without sections, paragraphs are what parts one record from the next.
        if (this.#section.length === 0) this.#close();
        break;
      case 'comment':
        this.#aside(text, place, fields);
        break;
      case 'section':
        this.#enter(line);
        // A name may hold a number, and then no label.
        if (/\d{4}/.test(text)) this.#aside(text, place, fields);
        break;
      case 'pair':
        this.#pair(text, line, place, fields);
        break;
      case 'other':
        this.#asText(whole, offset, fields);
    }
  }

  #asText(bytes: Buffer, offset: number, fields: Field[]): void {
    for (const field of this.#text.read(bytes, { offset, line: this.#line })) fields.push(field);
  }

  #aside(text: string, place: LinePlace, fields: Field[]): void {
    const base: Field = { ...place, value: '', tie: 'bare', record: this.#recordNow() };
    for (const field of textFields(text, base, this.#vocabulary)) fields.push(field);
  }

  /** Sections inside the one before belong to it: `[patient]`, `[patient.address]`. */
  #enter({ keys, isElement }: Extract<SettingsLine, { kind: 'section' }>): void {
    const isInside = this.#owner.length > 0 && keys.length > this.#owner.length && isWithin(keys, this.#owner);
    this.#section = keys;
    this.#pointers.enter(keys, isElement);
    if (isInside) return;
    this.#close();
    this.#owner = keys;
  }

  #close(): void {
    this.#record = 0;
    this.#numbered = undefined;
    this.#keys.clear();
  }

  #recordNow(): number {
    if (this.#record === 0) this.#record = this.#numbers.next();
    return this.#record;
  }

  /** Of a key: another number in it, or the same key again, is another person. */
  #recordOf(key: string): number {
    const numbered = NUMBERED.exec(key)?.[0];
    const path = [key, ...this.#section].join('\n').toLowerCase();
    if (numbered !== this.#numbered || this.#keys.has(path)) this.#close();
    this.#numbered = numbered;
    if (this.#keys.size < RECORD_KEYS) this.#keys.add(path);
    return this.#recordNow();
  }

  #pair(text: string, pair: SettingsPair, place: LinePlace, fields: Field[]): void {
    const key: Key = { labels: [pair.key, ...this.#section], pointer: this.#pointers.of(pair.key) };
    const at = { ...place, ...key };
    this.#recordOf(pair.key);
    if (pair.value === 'collection') this.#elements(text, pair.start, at, fields);
    else this.#leaf(text, pair.start, pair.end, at, fields);
    if (pair.closing !== undefined && pair.value !== 'scalar') {
      this.#open = { key, closing: pair.closing, kind: pair.value };
    } else if (pair.value === 'scalar') {
      if (text.endsWith('\\')) this.#continued = key;
      if (pair.end < text.length) this.#aside(text.slice(pair.end), moved(place, text, pair.end), fields);
    }
  }

  /** A further line of a list, an inline table or a text of several lines. */
  #further(text: string, place: LinePlace, open: Open, fields: Field[]): void {
    const trimmed = text.trim();
    const isEnd = open.kind === 'text' ? trimmed.includes(open.closing) : trimmed.startsWith(open.closing);
    if (isEnd) this.#open = undefined;
    const at = { ...place, ...open.key };
    if (open.kind === 'text') this.#aside(text, at, fields);
    else this.#elements(text, text.search(/\S|$/), at, fields);
  }

  /** `["a", "b"]`, `{ssn = "…", dob = "…"}`, or a part of them. */
  #elements(text: string, start: number, place: LinePlace, fields: Field[]): void {
    const at = moved(place, text, start);
    const rest = text.slice(start);
    const base: Field = { ...at, value: rest, tie: 'key', record: this.#recordNow() };
    if (addNestedJson(fields, { ...base, span: 'fixed' }, this.#vocabulary, this.#numbers)) return;
    const keys = new Set<string>();
    const { fields: inner, values } = lineFields(rest, this.#vocabulary, at, (key) => {
      if (key !== undefined && keys.has(key)) this.#close();
      if (key !== undefined) keys.add(key);
      return this.#recordNow();
    });
    for (const field of inner) fields.push(field);
    if (values.length > 0) {
      // The next line's table is another person.
      if (/^[[\s]*\{.*\}/.test(rest)) this.#close();
      return;
    }
    for (const { index, 0: element } of rest.matchAll(ELEMENT)) {
      const quotes = /^["']/.test(element) ? 1 : 0;
      this.#leaf(rest, index + quotes, index + element.length - quotes, at, fields);
    }
  }

  #leaf(text: string, start: number, end: number, place: LinePlace, fields: Field[]): void {
    const value = text.slice(start, end);
    if (value === '') return;
    const leaf: Field = { ...moved(place, text, start), value, tie: 'key', record: this.#recordNow() };
    const unescaped = value.includes('\\"')
      ? { ...leaf, value: value.replaceAll('\\"', '"'), span: 'fixed' as const }
      : leaf;
    if (addNestedJson(fields, unescaped, this.#vocabulary, this.#numbers)) return;
    addLeaf(fields, leaf, this.#vocabulary);
  }
}

function isWithin(keys: readonly string[], owner: readonly string[]): boolean {
  return owner.every((key, index) => keys[keys.length - owner.length + index] === key);
}

/** The place of a character of the line. */
function moved(place: LinePlace, text: string, index: number): LinePlace {
  const bytes = place.span === 'utf8' ? Buffer.byteLength(text.slice(0, index)) : index;
  return { ...place, offset: place.offset + bytes, column: place.column + index };
}
