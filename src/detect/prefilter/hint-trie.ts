import { BEFORE_CAMEL, type HintAlternative } from '../hint-source.ts';
import { BEGINNING_BYTES, type Beginnings } from './beginnings.ts';
import { bothCases, type ByteClass } from './byte-class.ts';
import { beginningsOf } from './pattern-beginnings.ts';

/** The beginnings of all hints as a tree of byte classes. */
export interface TrieNode {
  readonly next: Map<ByteClass, TrieNode>;
  readonly depth: number;
  /** From 0, in the order in which they were made. */
  readonly number: number;
  /** A hint may begin with the bytes that lead here. */
  isEnd: boolean;
}

/**
 * Of what stands before a hint nothing is asked: most bytes can. Undefined when one of the hints is not understood, or may
 * begin in any way.
 */
export function hintTrie(alternatives: readonly HintAlternative[]): TrieNode | undefined {
  const known = new Map<string, Beginnings | undefined>();
  let nodes = 0;
  const newNode = (depth: number): TrieNode => ({ next: new Map(), depth, number: nodes++, isEnd: false });
  const root = newNode(0);

  const follow = (from: TrieNode, classes: readonly ByteClass[], folds: boolean): TrieNode => {
    let node = from;
    for (const byteClass of classes) {
      if (node.depth === BEGINNING_BYTES) break;
      // A letter stands for both its cases: a few candidates more, and a tree of a third of the size.
      const either = folds && byteClass.bytes.length === 1 ? bothCases(byteClass) : byteClass;
      let next = node.next.get(either);
      if (next === undefined) node.next.set(either, (next = newNode(node.depth + 1)));
      node = next;
    }
    return node;
  };

  for (const { before, tokens } of alternatives) {
    // Not what must be written in one case: userSSN, base64.
    const folds = before !== BEFORE_CAMEL && tokens.length > 1;
    let reached = new Set([root]);
    for (const token of tokens) {
      if (!known.has(token)) known.set(token, beginningsOf(token));
      const beginnings = known.get(token);
      if (beginnings === undefined) return undefined;
      const further = new Set<TrieNode>();
      for (const node of reached) {
        for (const { classes, open } of beginnings) {
          const last = follow(node, classes, folds);
          if (open && last.depth < BEGINNING_BYTES) further.add(last);
          else last.isEnd = true;
        }
      }
      reached = further;
      if (reached.size === 0) break;
    }
    for (const node of reached) node.isEnd = true;
  }
  return root.isEnd ? undefined : root;
}
