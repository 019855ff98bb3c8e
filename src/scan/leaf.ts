import type { Chunks } from '../unpack/chunks.ts';
import { containerOf } from '../unpack/container.ts';
import { gunzipWhole } from '../unpack/gzip.ts';
import { type Place, unpackedName } from './place.ts';
import type { Tally } from './tally.ts';

/** Scans the bytes of an entry as they are, whatever they hold. */
export async function scanLeaf(chunks: Chunks, tally: Tally, place: Place): Promise<void> {
  const scan = tally.engine.open(place.path);
  for await (const chunk of chunks) scan.write(chunk);
  tally.add(scan.end(), place.entryPath);
}

/** Scans an entry that lies whole in one buffer, and is no container or a small gzip file of one; false for others. */
export function scanWhole(bytes: Buffer, tally: Tally, place: Place): boolean {
  const container = containerOf(bytes, place.path);
  if (container === undefined) {
    tally.add(tally.engine.scan(place.path, bytes), place.entryPath);
    return true;
  }
  const isGzip = container.kind === 'compressed' && container.compression === 'gzip';
  const content = isGzip && place.depth < tally.limits.nestedDepth ? gunzipWhole(bytes) : undefined;
  const path = `${place.path}!${unpackedName(place.path)}`;
  if (content === undefined || containerOf(content, path) !== undefined) return false;
  place.budget?.unpacked(content.length);
  tally.add(tally.engine.scan(path, content), place.entryPath);
  return true;
}
