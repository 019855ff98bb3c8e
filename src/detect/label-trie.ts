/** What stands for the end of no path. */
const NOWHERE = 0;
/** The empty path. */
export const ROOT = 1;

const SMALL_A = 0x61;
const DIGIT_0 = 0x30;
const NUMBER_SIGN = 0x23;
const LETTERS = 26;
const DIGITS = 10;

/** The columns of the nodes, in the order in which they are packed. */
interface Columns {
  /** Bit i: there is a child for the letter i. */
  readonly letters: Uint32Array;
  /** The same for the digits, and behind them `#`. */
  readonly others: Uint32Array;
  /** Of the children, which are numbered in the order of these bits. */
  readonly first: Uint32Array;
  /** Of the path that ends here, as it was given; 0 when none was. */
  readonly values: Uint32Array;
}

/** Words of `a-z`, `0-9` and `#`, each with a number above 0, as a trie in arrays: looking up costs no memory and no hash. */
export class LabelTrie {
  readonly #letters: Uint32Array;
  readonly #others: Uint32Array;
  readonly #first: Uint32Array;
  readonly #values: Uint32Array;

  private constructor({ letters, others, first, values }: Columns) {
    this.#letters = letters;
    this.#others = others;
    this.#first = first;
    this.#values = values;
  }

  /** Characters other than those are passed over. */
  static of(values: ReadonlyMap<string, number>): LabelTrie {
    const nodes = numbered(values);
    const columns = {
      letters: new Uint32Array(nodes.length),
      others: new Uint32Array(nodes.length),
      first: new Uint32Array(nodes.length),
      values: new Uint32Array(nodes.length),
    };
    for (const [index, { children, value, first }] of nodes.entries()) {
      columns.first[index] = first;
      columns.values[index] = value;
      for (const symbol of children.keys()) {
        const column = symbol < LETTERS ? columns.letters : columns.others;
        column[index] = (column[index] ?? 0) | (1 << (symbol < LETTERS ? symbol : symbol - LETTERS));
      }
    }
    return new LabelTrie(columns);
  }

  /** What `pack` gave. */
  static unpack(bytes: Uint8Array): LabelTrie {
    const all = new Uint32Array(new Uint8Array(bytes).buffer);
    const count = all.length / 4;
    const column = (index: number): Uint32Array => all.subarray(index * count, (index + 1) * count);
    return new LabelTrie({ letters: column(0), others: column(1), first: column(2), values: column(3) });
  }

  /** In this machine's order of bytes. */
  pack(): Uint8Array {
    const columns = [this.#letters, this.#others, this.#first, this.#values];
    return Buffer.concat(
      columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    );
  }

  /** The node behind this character (in either case), or 0 where no word goes on so. */
  next(node: number, code: number): number {
    const letter = (code | 0x20) - SMALL_A;
    if (letter >= 0 && letter < LETTERS) return this.#child(node, letter, this.#letters, 0);
    const digit = code - DIGIT_0;
    const isDigit = digit >= 0 && digit < DIGITS;
    if (!isDigit && code !== NUMBER_SIGN) return NOWHERE;
    return this.#child(node, isDigit ? digit : DIGITS, this.#others, bitsOf(this.#letters[node] ?? 0));
  }

  /** The node behind the text from `start` to `end`, or 0. */
  walk(from: number, text: string, start: number, end: number): number {
    let node = from;
    for (let at = start; at < end && node !== NOWHERE; at++) node = this.next(node, text.charCodeAt(at));
    return node;
  }

  /** Of the word that ends at the node; 0 when none does. */
  value(node: number): number {
    return this.#values[node] ?? 0;
  }

  #child(node: number, symbol: number, column: Uint32Array, before: number): number {
    const children = column[node] ?? 0;
    const bit = 1 << symbol;
    if ((children & bit) === 0) return NOWHERE;
    return (this.#first[node] ?? 0) + before + bitsOf(children & (bit - 1));
  }
}

interface Node {
  readonly children: Map<number, Node>;
  value: number;
  /** Number of the first child. */
  first: number;
}

/** Children of one node are numbered one after the other; nobody is 0. */
function numbered(values: ReadonlyMap<string, number>): readonly Node[] {
  const root = newNode();
  for (const [word, value] of values) {
    let node = root;
    for (const symbol of symbolsOf(word)) {
      let child = node.children.get(symbol);
      if (child === undefined) node.children.set(symbol, (child = newNode()));
      node = child;
    }
    node.value = value;
  }
  const nodes = [newNode(), root];
  for (let index = ROOT; index < nodes.length; index++) {
    const { children } = nodes[index] ?? root;
    if (children.size === 0) continue;
    (nodes[index] ?? root).first = nodes.length;
    for (const [, child] of [...children].sort(([a], [b]) => a - b)) nodes.push(child);
  }
  return nodes;
}

function newNode(): Node {
  return { children: new Map(), value: 0, first: 0 };
}

function symbolsOf(word: string): readonly number[] {
  return [...Buffer.from(word.toLowerCase())].flatMap((code) => {
    if (code >= SMALL_A && code < SMALL_A + LETTERS) return [code - SMALL_A];
    if (code >= DIGIT_0 && code < DIGIT_0 + DIGITS) return [LETTERS + code - DIGIT_0];
    return code === NUMBER_SIGN ? [LETTERS + DIGITS] : [];
  });
}

/** How many bits are set: Warren, Hacker's Delight, 5-1. */
function bitsOf(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
