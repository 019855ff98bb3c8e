import { GRAM_TABLE_BYTES, gramTables } from './gram-table.ts';
import type { TrieNode } from './hint-trie.ts';
import { statesOf } from './states.ts';

/** Offsets in the memory of scripts/wasm/prefilter.ts. */
const STARTS_AT: number = GRAM_TABLE_BYTES;
const GROUPS_AT = 68 * 1024;
const TRANSITIONS_AT: number = GROUPS_AT + 256;

/** What a prefilter searches with. */
export interface PrefilterTables {
  /** The beginning of the memory of scripts/wasm/prefilter.ts. */
  readonly memory: Uint8Array;
  /** Groups of bytes, which each state has a transition for. */
  readonly stride: number;
}

/** Undefined when hints may begin in too many ways. */
export function prefilterTables(hints: TrieNode): PrefilterTables | undefined {
  const states = statesOf(hints);
  const grams = gramTables(hints);
  if (states === undefined || grams === undefined) return undefined;
  const { groups, transitions, stride } = states;
  const memory = new Uint8Array(TRANSITIONS_AT + transitions.byteLength);
  memory.set(grams.grams);
  memory.set(grams.starts, STARTS_AT);
  memory.set(groups, GROUPS_AT);
  memory.set(new Uint8Array(transitions.buffer, transitions.byteOffset, transitions.byteLength), TRANSITIONS_AT);
  return { memory, stride };
}
