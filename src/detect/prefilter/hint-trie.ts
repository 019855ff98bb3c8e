import { BEFORE_CAMEL, type HintAlternative } from '../hint-source.ts';
import { BEGINNING_BYTES, type Beginnings } from './beginnings.ts';
import { bothCases, BOUNDARY, type ByteClass, isWord, NO_WORD_BYTE } from './byte-class.ts';
import { beginningsOf } from './pattern-beginnings.ts';

/** The beginnings of all hints as a tree of byte classes. */
export interface TrieNode {
  readonly next: Map<ByteClass, TrieNode>;
  /** That leads here; undefined of the root. */
  readonly byteClass: ByteClass | undefined;
  readonly depth: number;
  /** From 0, in the order in which they were made. */
  readonly number: number;
  /** A hint may begin with the bytes that lead here. What follows does not matter then. */
  isEnd: boolean;
}

/**
 * What stands before a hint is a part of it, also the byte beside a boundary. Undefined when one of the hints is not understood,
 * or may begin in any way.
 */
export function hintTrie(alternatives: readonly HintAlternative[]): TrieNode | undefined {
  const known = new Map<string, Beginnings | undefined>();
  const beginnings = (token: string): Beginnings | undefined => {
    if (!known.has(token)) known.set(token, beginningsOf(token));
    return known.get(token);
  };
  const tree = new HintTree();
  for (const { before, tokens } of alternatives) {
    const all = (before === '' ? tokens : [before, ...tokens]).map(beginnings);
    // Not what must be written in one case: userSSN, base64.
    const folds = before !== BEFORE_CAMEL && tokens.length > 1;
    let reached = new Set([tree.root]);
    for (const [index, token] of all.entries()) {
      if (token === undefined) return undefined;
      const isWordNext = all[index + 1]?.every(({ classes: [first] }) => first !== undefined && isWord(first)) === true;
      const further = new Set<TrieNode>();
      for (const node of reached) {
        for (const { classes, open } of token) {
          const last = tree.follow(node, folds ? classes.map(eitherCase) : classes, isWordNext);
          if (!open || last.depth === BEGINNING_BYTES) last.isEnd = true;
          if (!last.isEnd) further.add(last);
        }
      }
      reached = further;
      if (reached.size === 0) break;
    }
    for (const node of reached) node.isEnd = true;
  }
  return tree.root.isEnd ? undefined : tree.root;
}

/** A letter stands for both its cases: a few candidates more, and a tree of a third of the size. */
function eitherCase(set: ByteClass): ByteClass {
  return set.bytes.length === 1 ? bothCases(set) : set;
}

class HintTree {
  #nodes = 0;
  readonly root: TrieNode = this.#newNode(0, undefined);

  #newNode(depth: number, byteClass: ByteClass | undefined): TrieNode {
    return { next: new Map(), byteClass, depth, number: this.#nodes++, isEnd: false };
  }

  follow(from: TrieNode, classes: readonly ByteClass[], isWordNext: boolean): TrieNode {
    let node = from;
    for (const [index, byteClass] of classes.entries()) {
      if (node.depth === BEGINNING_BYTES || node.isEnd) break;
      if (byteClass !== BOUNDARY) {
        node = this.#child(node, byteClass);
        continue;
      }
      const following = classes[index + 1];
      if (node === this.root) {
        if (following === undefined ? isWordNext : isWord(following)) node = this.#child(node, NO_WORD_BYTE);
      } else if (following === undefined && node.byteClass !== undefined && isWord(node.byteClass)) {
        // The byte behind the boundary is no part of the hint, so nothing can follow it here.
        node = this.#child(node, NO_WORD_BYTE);
        node.isEnd = true;
      }
    }
    return node;
  }

  #child(node: TrieNode, byteClass: ByteClass): TrieNode {
    let child = node.next.get(byteClass);
    if (child === undefined) node.next.set(byteClass, (child = this.#newNode(node.depth + 1, byteClass)));
    return child;
  }
}
