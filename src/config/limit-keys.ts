/** The key `limits` of phiscan.yaml. */
import { type AdjustableLimits, adjustableLimits } from '../adjustable-limits.ts';
import type { YamlMapping } from '../read/yaml-document.ts';
import { amountWords, bytesOf, millisecondsOf } from './amounts.ts';
import { type Complain, Fields } from './fields.ts';
import type { Placed } from './placed.ts';

interface LimitKey {
  readonly key: string;
  readonly kind: 'number' | 'bytes' | 'time';
  readonly least: number;
  readonly most: number;
  /** Of the allowed values, in words. */
  readonly wanted: string;
  /** For `phiscan init` and `phiscan config show`. */
  readonly text: string;
}

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

const limitKeys: Readonly<Record<keyof AdjustableLimits, LimitKey>> = {
  nestedDepth: {
    key: 'nested-depth',
    kind: 'number',
    least: 0,
    // Each depth is some frames of the stack and a decompressor.
    most: 64,
    wanted: 'a whole number from 0 to 64',
    text: 'archives inside archives that are opened',
  },
  nestedEntries: {
    key: 'nested-entries',
    kind: 'number',
    least: 1,
    most: 100_000_000,
    wanted: 'a whole number from 1 to 100000000',
    text: 'entries of one nested archive, all depths together',
  },
  nestedBytes: {
    key: 'nested-bytes',
    kind: 'bytes',
    least: 1,
    most: 1024 * GiB,
    wanted: 'a size up to 1TiB, as in 8GiB or 500MB',
    text: 'unpacked bytes of one nested archive',
  },
  nestedRatio: {
    key: 'nested-ratio',
    kind: 'number',
    least: 1,
    most: 100_000,
    wanted: 'a whole number from 1 to 100000',
    text: 'unpacked bytes for each stored one, behind the first 64 MiB',
  },
  nestedMs: {
    key: 'nested-time',
    kind: 'time',
    least: 1,
    most: 24 * 3_600_000,
    wanted: 'a time up to 24h, as in 90s or 5m',
    text: 'time for one nested archive',
  },
  heldBytes: {
    key: 'held-bytes',
    kind: 'bytes',
    least: 1,
    // A buffer of node has at most 4 GiB, and each thread may have one.
    most: 2 * GiB,
    wanted: 'a size up to 2GiB, as in 96MiB',
    text: 'of one zip, jar or office file, which each thread holds in memory',
  },
  pdfBytes: {
    key: 'pdf-bytes',
    kind: 'bytes',
    least: 1,
    most: 512 * MiB,
    wanted: 'a size up to 512MiB, as in 64MiB',
    text: 'of one PDF, which each thread holds in memory',
  },
};

/** A bound that may be set. */
export interface LimitRow extends LimitKey {
  readonly name: keyof AdjustableLimits;
  /** Its default, as phiscan.yaml writes it. */
  readonly words: string;
}

export const limitRows: readonly LimitRow[] = (Object.keys(limitKeys) as (keyof AdjustableLimits)[]).map((name) => {
  const row = limitKeys[name];
  return { ...row, name, words: amountWords(adjustableLimits[name], row.kind) };
});

export type GivenLimits = Readonly<Partial<Record<keyof AdjustableLimits, Placed<number>>>>;

export function readLimits(mapping: YamlMapping | undefined, complain: Complain): GivenLimits {
  if (mapping === undefined) return {};
  const fields = new Fields(
    mapping,
    limitRows.map(({ key }) => key),
    complain,
  );
  const given: Partial<Record<keyof AdjustableLimits, Placed<number>>> = {};
  for (const row of limitRows) {
    const limit = readLimit(fields, row, complain);
    if (limit !== undefined) given[row.name] = limit;
  }
  return given;
}

function readLimit(fields: Fields, row: LimitKey, complain: Complain): Placed<number> | undefined {
  const { key, kind, least, most, wanted } = row;
  if (!fields.has(key)) return undefined;
  const at = fields.placeOf(key);
  const todo = `Give ${wanted}`;
  const value = kind === 'number' ? fields.number(key, todo)?.value : amountOf(fields, key, kind);
  if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return { value, at };
  // What is no number at all has been told already.
  if (kind !== 'number' || value !== undefined) complain(at, `${key} is out of bounds`, todo);
  return undefined;
}

/** A size may be a plain number of bytes; a time has its unit. */
function amountOf(fields: Fields, key: string, kind: 'bytes' | 'time'): number | undefined {
  const scalar = fields.scalar(key);
  if (scalar === undefined) return undefined;
  if (kind === 'bytes' && typeof scalar.value === 'number') return scalar.value;
  if (typeof scalar.value !== 'string') return undefined;
  return kind === 'bytes' ? bytesOf(scalar.text) : millisecondsOf(scalar.text);
}
