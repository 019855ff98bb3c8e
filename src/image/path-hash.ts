/**
 * Paths of a layer as 53-bit numbers: a million of them fit in 8 MB and cross threads without a copy, and no file name
 * outlives its layer. Two paths of one layer share a hash once in some ten thousand layers of a million paths; somebody
 * who makes them on purpose changes a label (`overwritten`), never what is scanned.
 */

/** Inner `//`, `/./`, `/../`, or dots at an end: what the quick way below cannot read. */
const unusual = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Without `./`, leading and trailing `/`, empty parts and dots; `..` does not leave the root. Empty for the root. */
export function normalizePath(path: string): string {
  let start = 0;
  let end = path.length;
  if (path.startsWith('./')) start = 2;
  else if (path.startsWith('/')) start = 1;
  if (end > start && path.endsWith('/')) end--;
  const plain = start === 0 && end === path.length ? path : path.slice(start, end);
  return unusual.test(plain) ? resolveDots(plain) : plain;
}

function resolveDots(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** A hash that grows with its path, so that a folder's state serves all files in it. */
export class PathHash {
  #a = 0xdeadbeef;
  #b = 0x41c6ce57;

  reset(): void {
    this.#a = 0xdeadbeef;
    this.#b = 0x41c6ce57;
  }

  copy(from: PathHash): void {
    this.#a = from.#a;
    this.#b = from.#b;
  }

  add(path: string, start: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let index = start; index < end; index++) {
      const unit = path.charCodeAt(index);
      a = Math.imul(a ^ unit, 0x9e3779b1);
      b = Math.imul(b ^ unit, 0x5f356495);
      a ^= a >>> 15;
    }
    this.#a = a;
    this.#b = b;
  }

  /** 52 bits, and the lowest bit tells a directory. */
  value(isDirectory: boolean): number {
    const a = mix(this.#a, this.#b);
    const b = mix(this.#b, a);
    return (a & 0xfffff) * 0x200000000 + b * 2 + (isDirectory ? 1 : 0);
  }
}

function mix(value: number, other: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
