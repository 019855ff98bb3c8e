import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { BUILT_IN_HINTS } from './built-in.ts';
import type { Detector } from './detector.ts';
import { hintAlternatives, hintSource, markerAlternatives } from './hint-source.ts';
import { hintTrie } from './prefilter/hint-trie.ts';
import { type PrefilterTables, prefilterTables } from './prefilter/prefilter-tables.ts';

/** What the hints of detectors and readers become before the first search. */
export interface PreparedHints {
  /** RE2 source of each pattern. */
  readonly sources: readonly string[];
  /** Takes as long to make as searching some megabytes; undefined where hints may begin in too many ways. */
  tables(): PrefilterTables | undefined;
  /** The tables are at hand. */
  readonly ready: boolean;
}

/** From the build where it has prepared just these, else made now. */
export function preparedHints(detectors: readonly Detector[], markers: readonly string[]): PreparedHints {
  const builtIn = BUILT_IN_HINTS?.split('\n');
  if (builtIn?.[0] === keyOf(detectors, markers)) {
    const [, sources = '', stride = '', tables = ''] = builtIn;
    return {
      sources: JSON.parse(inflated(sources).toString()) as string[],
      tables: () => ({ memory: inflated(tables), stride: Number(stride) }),
      ready: true,
    };
  }
  // Two, since all of them together are more than RE2's memory for states can hold, and it then falls back to a slow search.
  const patterns = [hintAlternatives(detectors), markerAlternatives(markers)].filter(({ length }) => length > 0);
  return {
    sources: patterns.map(hintSource),
    tables: () => {
      const hints = hintTrie(patterns.flat());
      return hints === undefined ? undefined : prefilterTables(hints);
    },
    ready: false,
  };
}

/** What scripts/build.js puts in the place of src/detec./built-in.ts: key, sources, stride and tables, a line each. */
export function packedHints(detectors: readonly Detector[], markers: readonly string[]): string | undefined {
  const hints = preparedHints(detectors, markers);
  const tables = hints.tables();
  if (tables === undefined) return undefined;
  const key = keyOf(detectors, markers);
  return [key, deflated(JSON.stringify(hints.sources)), tables.stride, deflated(tables.memory)].join('\n');
}

/** Of all that hints are made of. */
function keyOf(detectors: readonly Detector[], markers: readonly string[]): string {
  const rules = detectors.map(({ labels, intrinsic }) => [labels.strong, intrinsic]);
  return createHash('sha256')
    .update(JSON.stringify([rules, markers]))
    .digest('hex');
}

function deflated(bytes: string | Uint8Array): string {
  return deflateRawSync(bytes, { level: 9 }).toString('base64');
}

function inflated(text: string): Buffer {
  return inflateRawSync(Buffer.from(text, 'base64'));
}
