import type { Field } from '../../detect/field.ts';
import type { HeldText } from '../held-text.ts';
import { type Instruction, instructions } from './instructions.ts';

/** A name and its value; both may be quoted. */
const PAIR =
  /(?:([A-Za-z_][\w.\-/]{0,127})|"([^"\n]{1,128})")=("(?:[^"\\]|\\[\s\S]){0,8192}"|'[^']{0,8192}'|(?:[^\s\\]|\\.){1,8192})/g;
/** `ENV NAME value`, the old form. */
const OLD_PAIR = /^([A-Za-z_]\w{0,127})[^\S\n]+(\S[^\n]{0,4096})/;
const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;
/** Of one image: what is set in several of them may be one person's. */
const PAIRED = new Set(['ENV', 'LABEL', 'ARG']);

/** The fields of one Dockerfile: names and values of ENV, LABEL and ARG, commands, comments and here-documents. */
export class DockerfileFields {
  readonly #text: HeldText;
  readonly #records = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  constructor(text: HeldText) {
    this.#text = text;
  }

  read(): readonly Field[] {
    for (const instruction of instructions(this.#text.places.text)) this.#take(instruction);
    return this.#text.fields;
  }

  #take({ name, start, end, documents }: Instruction): void {
    const pointer = PAIRED.has(name) ? name : this.#numbered(name);
    const isRead = PAIRED.has(name) && this.#pairs(name, start, end);
    if (!isRead) this.#lines(start, end, pointer);
    for (const document of documents) this.#lines(document.start, document.end, pointer);
  }

  /** `RUN[2]` is the third. */
  #numbered(name: string): string {
    if (name === '') return '';
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return `${name}[${String(count)}]`;
  }

  #recordOf(name: string): number {
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const record = this.#text.numbers.next();
    this.#records.set(name, record);
    return record;
  }

  /** False where there is none. */
  #pairs(name: string, start: number, end: number): boolean {
    const text = this.#text.places.text.slice(start, end);
    let found = false;
    for (const pair of text.matchAll(PAIR)) {
      const [all, plain, quoted, value = ''] = pair;
      const key = plain ?? quoted ?? '';
      this.#leaf(name, key, value, start + pair.index + all.length - value.length);
      found = true;
    }
    const old = found || name === 'LABEL' ? null : OLD_PAIR.exec(text);
    if (old === null) return found;
    const value = (old[2] ?? '').trimEnd();
    this.#leaf(name, old[1] ?? '', value, start + old[0].length - (old[2] ?? '').length);
    return true;
  }

  #leaf(name: string, key: string, written: string, index: number): void {
    const { places } = this.#text;
    const isQuoted = /^(["']).*\1$/s.test(written) && written.length > 1;
    const raw = isQuoted ? written.slice(1, -1) : written;
    const value = raw.replace(/\\([\s\S])/g, '$1');
    if (value === '') return;
    const leaf: Field = {
      value,
      labels: [key, name],
      tie: 'key',
      record: this.#recordOf(name),
      ...places.at(isQuoted ? index + 1 : index),
      pointer: PLAIN_KEY.test(key) ? `${name}.${key}` : `${name}[${JSON.stringify(key)}]`,
      span: value === raw ? places.span : 'fixed',
    };
    if (!this.#text.addNested(leaf)) this.#text.addLeaf(leaf);
  }

  /** Commands, comments and documents, as they stand. */
  #lines(start: number, end: number, pointer: string): void {
    if (pointer !== '' && this.#text.addDocument(start, end, { labels: [], pointer })) return;
    this.#text.addLines(start, end, pointer);
  }
}
