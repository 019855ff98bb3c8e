// `npm run grams -- FOLDER...`: counts which four folded bytes files show most often, for the choice of grams in
// src/detect/prefilter/gram-table.ts, and writes src/detect/prefilter/frequent-grams.ts. It changes how fast a search is, and not what it
// finds. Committed: made of /usr/share, /usr/lib and node_modules of a Debian machine.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.js';
import { ensureInstalled, root } from './installed.js';

/** Bytes of each folder, and the largest file. */
const FOLDER_BYTES = 80e6;
const FILE_BYTES = 8e6;
const KEPT = 4000;
const COMPRESSED = /\.(?:gz|xz|bz2|zst|zip|jar|whl|png|jpe?g|woff2?)$/;

await ensureInstalled();
await build();
const { foldedByte } = await import('../dist/src/detect/prefilter/folded-byte.js');
const folded = [...new Set(Array.from({ length: 256 }, (_, byte) => foldedByte(byte)))];
/** Folded bytes are fewer than 64: four of them count one of 2^24 numbers. */
const numbers = Uint8Array.from({ length: 256 }, (_, byte) => folded.indexOf(foldedByte(byte)));
const counts = new Uint32Array(1 << 24);
let total = 0;
for (const folder of process.argv.slice(2)) countFolder(folder);

const most = [...counts.keys()].sort((a, b) => counts[b] - counts[a]).slice(0, KEPT);
const rows = Buffer.alloc(6 * KEPT);
for (const [index, number] of most.entries()) {
  const bytes = [18, 12, 6, 0].map((shift) => folded[(number >> shift) & 63]);
  rows.set(bytes, 6 * index);
  rows.writeUInt16LE(Math.min(0xffff, Math.round((counts[number] / total) * 1e6)), 6 * index + 4);
}
writeFileSync(
  join(root, 'src', 'detect', 'prefilter', 'frequent-grams.ts'),
  `/** The ${KEPT} most frequent: four folded bytes, and how often they stand in a megabyte, in 16 bits of little endian; all in
 * base64. \`npm run grams\` counts them. Not written by hand. */
export const FREQUENT_GRAMS: string =
  '${rows.toString('base64')}';
`,
);

/** Files in an order that has nothing to do with their names, but is the same each time. */
function countFolder(folder) {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !COMPRESSED.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path, index) => ({ path, key: Math.imul(index + 1, 0x9e3779b1) >>> 0 }))
    .sort((a, b) => a.key - b.key);
  let read = 0;
  for (const { path } of files) {
    if (read > FOLDER_BYTES) return;
    if (statSync(path).size > FILE_BYTES) continue;
    const bytes = readFileSync(path);
    read += bytes.length;
    total += bytes.length;
    let gram = 0;
    for (const [index, byte] of bytes.entries()) {
      gram = ((gram << 6) | numbers[byte]) & 0xffffff;
      if (index >= 3) counts[gram]++;
    }
  }
}
