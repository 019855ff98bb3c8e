// Remembers blobs in a ledger until it has remembered all or is killed: node ledger-writer.js FOLDER FIRST COUNT PATHS
// Prints the number of each when it is remembered.
import { writeSync } from 'node:fs';
import { openLedger } from '../../dist/src/ledger/open-ledger.js';

const [folder, first, count, paths] = process.argv.slice(2);
const scope = { hash: Buffer.alloc(16, 1), label: 'test' };
const warn = (warning) => writeSync(2, `${warning}\n`);
const ledger = await openLedger({ folder, scope, onWarning: warn });
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  await ledger.remember(blob(number), true);
  writeSync(1, `${number}\n`);
}
await ledger.close();

function blob(number) {
  const digest = `sha256:${number.toString(16).padStart(64, '0')}`;
  const list = Float64Array.from({ length: Number(paths) }, (_, index) => number * 1000 + index);
  const none = new Float64Array(0);
  const tree = { paths: list, whiteouts: none, opaques: none, complete: true };
  const content = { kind: 'layer', diffId: digest, compression: 'none', isPlain: true, tree };
  return { digest, size: number + 1, content, found: [], gaps: [], bytes: number, entries: 1 };
}
