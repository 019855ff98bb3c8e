/** What the builder writes: strings, integers, None, lists and dicts, and objects of a class with attributes. */
export type Value = string | number | null | readonly Value[] | PickledObject | { readonly [key: string]: Value };

export class PickledObject {
  readonly attributes: { readonly [key: string]: Value };

  constructor(attributes: { readonly [key: string]: Value }) {
    this.attributes = attributes;
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A pickle as Python writes it, of protocols 0 to 5 (Lib/pickle.py). Texts that come again are taken from the memo. */
export function pickled(value: Value, protocol: number): Buffer {
  const parts: Buffer[] = [];
  const memo = new Map<string, number>();
  let memoized = 0;
  const write = (text: string, ...more: readonly Buffer[]): void => {
    parts.push(Buffer.from(text, 'latin1'), ...more);
  };
  const remember = (): void => {
    const index = memoized++;
    if (protocol >= 4) write('\x94');
    else if (protocol === 0) write(`p${String(index)}\n`);
    else if (index < 256) write('q', Buffer.from([index]));
    else write('r', u32(index));
  };
  const string = (text: string): void => {
    const known = memo.get(text);
    if (known !== undefined) {
      if (protocol === 0) write(`g${String(known)}\n`);
      else if (known < 256) write('h', Buffer.from([known]));
      else write('j', u32(known));
      return;
    }
    memo.set(text, memoized);
    const bytes = Buffer.from(text);
    if (protocol === 0) {
      write(
        `V${text.replace(/[\\\n]|[^\x00-\x7f]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
      );
    } else if (protocol >= 4 && bytes.length < 256) write('\x8c', Buffer.from([bytes.length]), bytes);
    else write('X', u32(bytes.length), bytes);
    remember();
  };
  const dict = (entries: { readonly [key: string]: Value }): void => {
    write(protocol === 0 ? '(d' : '}');
    remember();
    const pairs = Object.entries(entries);
    for (let at = 0; at < pairs.length; at += 1000) {
      const batch = pairs.slice(at, at + 1000);
      const isMarked = protocol > 0 && batch.length > 1;
      if (isMarked) write('(');
      for (const [key, inner] of batch) {
        string(key);
        save(inner);
        if (!isMarked) write('s');
      }
      if (isMarked) write('u');
    }
  };
  const list = (elements: readonly Value[]): void => {
    write(protocol === 0 ? '(l' : ']');
    remember();
    for (let at = 0; at < elements.length; at += 1000) {
      const batch = elements.slice(at, at + 1000);
      const isMarked = protocol > 0 && batch.length > 1;
      if (isMarked) write('(');
      for (const element of batch) {
        save(element);
        if (!isMarked) write('a');
      }
      if (isMarked) write('e');
    }
  };
  const save = (one: Value): void => {
    if (one === null) write('N');
    else if (typeof one === 'string') string(one);
    else if (typeof one === 'number') {
      if (protocol === 0) write(`I${String(one)}\n`);
      else write('J', u32(one));
    } else if (one instanceof PickledObject) {
      if (protocol < 2) {
        write('ccopy_reg\n_reconstructor\n');
        remember();
        write('(cclinic\nPatient\n');
        remember();
        write('c__builtin__\nobject\n');
        remember();
        write('Ntp100000\nR');
      } else if (protocol < 4) {
        write('cclinic\nPatient\n');
        remember();
        write(')\x81');
      } else {
        string('clinic');
        string('Patient');
        write('\x93');
        remember();
        write(')\x81');
      }
      remember();
      dict(one.attributes);
      write('b');
    } else if (isList(one)) list(one);
    else dict(one);
  };
  save(value);
  write('.');
  const body = Buffer.concat(parts);
  if (protocol < 2) return body;
  const frame = Buffer.alloc(protocol < 4 ? 0 : 9);
  if (frame.length > 0) {
    frame[0] = 0x95;
    frame.writeBigUInt64LE(BigInt(body.length), 1);
  }
  return Buffer.concat([Buffer.from([0x80, protocol]), frame, body]);
}

function isList(value: readonly Value[] | { readonly [key: string]: Value }): value is readonly Value[] {
  return Array.isArray(value);
}
