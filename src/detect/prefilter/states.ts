import type { ByteClass } from './byte-class.ts';
import type { TrieNode } from './hint-trie.ts';

/** A tree of beginnings as a deterministic automaton. */
export interface States {
  /** The group of each byte: bytes of one group lead from every state to the same one. */
  readonly groups: Uint8Array;
  /** `transitions[state * stride + group]`: the next state. 0 is the dead end, 1 a candidate, 2 the start. */
  readonly transitions: Uint16Array;
  readonly stride: number;
}

const CANDIDATE = 1;
const START = 2;
const MOST_STATES = 0xffff;

/** Undefined when it has more states than 16 bits can count. */
export function statesOf(root: TrieNode): States | undefined {
  const { groups, stride, groupsOf } = byteGroups(root);
  const numbers = new Map<string | number, number>();
  const members: (readonly TrieNode[])[] = [[], [], [root]];
  let transitions: Uint16Array = new Uint16Array(1024 * stride);
  const targets = new Map<number, TrieNode[]>();
  for (let state = START; state < members.length; state++) {
    targets.clear();
    for (const { next } of members[state] ?? []) {
      for (const [byteClass, node] of next) {
        for (const group of groupsOf.get(byteClass) ?? []) {
          const nodes = targets.get(group);
          if (nodes === undefined) targets.set(group, [node]);
          else nodes.push(node);
        }
      }
    }
    if ((state + 1) * stride > transitions.length) transitions = doubled(transitions);
    for (const [group, nodes] of targets) transitions[state * stride + group] = numberOf(nodes, numbers, members);
    if (members.length > MOST_STATES) return undefined;
  }
  return { groups, transitions: transitions.slice(0, members.length * stride), stride };
}

function doubled(numbers: Uint16Array): Uint16Array {
  const longer = new Uint16Array(2 * numbers.length);
  longer.set(numbers);
  return longer;
}

function numberOf(
  nodes: readonly TrieNode[],
  numbers: Map<string | number, number>,
  members: (readonly TrieNode[])[],
): number {
  if (nodes.some(({ isEnd }) => isEnd)) return CANDIDATE;
  const [only] = nodes;
  const key = nodes.length === 1 && only !== undefined ? only.number : nodes.map(({ number }) => number).join();
  let number = numbers.get(key);
  if (number === undefined) {
    number = members.push(nodes) - 1;
    numbers.set(key, number);
  }
  return number;
}

/** Bytes that are in the same classes of the tree are one group. */
function byteGroups(root: TrieNode): {
  readonly groups: Uint8Array;
  readonly stride: number;
  readonly groupsOf: ReadonlyMap<ByteClass, readonly number[]>;
} {
  const used = new Set<ByteClass>();
  const collect = ({ next }: TrieNode): void => {
    for (const [byteClass, node] of next) {
      used.add(byteClass);
      collect(node);
    }
  };
  collect(root);
  // Each class parts the groups that it cuts through.
  const groups = new Uint8Array(256);
  let stride = 1;
  for (const { bytes } of used) {
    const inside = new Set(bytes);
    const parted = new Map<number, number>();
    for (const byte of bytes) {
      const group = groups[byte] ?? 0;
      let part = parted.get(group);
      if (part === undefined) {
        const isCut = groups.some((other, at) => other === group && !inside.has(at));
        parted.set(group, (part = isCut ? stride++ : group));
      }
      groups[byte] = part;
    }
  }
  const groupsOf = new Map<ByteClass, readonly number[]>();
  for (const byteClass of used) {
    groupsOf.set(byteClass, [...new Set(byteClass.bytes.map((byte) => groups[byte] ?? 0))]);
  }
  return { groups, stride, groupsOf };
}
