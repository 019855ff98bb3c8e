// The other side of the bench: one node process that gunzips the given files, one after the other, and drops the bytes.
// First argument: `default` for zlib's own settings, or the size of its buffers in bytes.
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const [setting, ...files] = process.argv.slice(2);
const chunkSize = Number(setting);
const [reading, unpacking] =
  setting === 'default' ? [{}, {}] : [{ highWaterMark: chunkSize }, { chunkSize, highWaterMark: 4 * chunkSize }];
for (const file of files) {
  const drop = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(createReadStream(file, reading), createGunzip(unpacking), drop);
}
