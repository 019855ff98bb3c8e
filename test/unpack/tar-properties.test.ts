import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocks, END_BLOCKS, paxHeader, readTar, tarFile, tarHeader } from './tar-archive.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/tar');
const EVASION = Buffer.concat([
  tarHeader({ flag: '1', size: 700 }),
  tarFile('one', 'one'),
  blocks('no header'),
  tarHeader({ name: 'bad-padding', size: 3 }),
  Buffer.from('abchidden'.padEnd(512)),
  paxHeader({ comment: 'orphaned' }),
  END_BLOCKS,
  Buffer.from('after the end'.padEnd(600, '.')),
]);
const ARCHIVES = [
  EVASION,
  ...readdirSync(FOLDER)
    .filter((name) => name.endsWith('.tar'))
    .map((name) => readFileSync(join(FOLDER, name))),
];
/** By number, so that a counterexample can be printed. */
const archive = fc.nat({ max: ARCHIVES.length - 1 });

function archiveOf(index: number): Buffer {
  return ARCHIVES[index] ?? EVASION;
}

/** Everything but the content, of which the hash is enough. */
async function summary(bytes: Buffer, lengths?: readonly number[]): Promise<unknown> {
  const { entries, problems } = await readTar(bytes, lengths);
  return { entries: entries.map((entry) => ({ ...entry, content: entry.content.length })), problems };
}

const cuts = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 8 });

test('any split of the bytes gives the same entries and problems', async () => {
  await fc.assert(
    fc.asyncProperty(archive, cuts, async (index, lengths) => {
      expect(await summary(archiveOf(index), lengths)).toEqual(await summary(archiveOf(index)));
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('single bytes give the same entries and problems', async () => {
  expect(await summary(EVASION, [1])).toEqual(await summary(EVASION));
}, 60_000);

test('an archive that is cut off anywhere gives a prefix of its entries, or stray bytes, and ends', async () => {
  await fc.assert(
    fc.asyncProperty(archive, fc.nat(), async (index, at) => {
      const bytes = archiveOf(index);
      const { entries } = await readTar(bytes.subarray(0, at % bytes.length));
      const whole = await readTar(bytes);
      const known = whole.entries.map(({ path, offset }) => `${offset} ${path}`);
      const read = entries.filter(({ path }) => !path.startsWith('(')).map(({ path, offset }) => `${offset} ${path}`);
      // The last one may be cut off in its own headers, and then begins elsewhere.
      expect(known).toEqual(expect.arrayContaining(read.slice(0, -1)));
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('changed bits never throw, hang, or lose more than the archive holds, whatever the split', async () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(archive, flips, cuts, async (index, changes, lengths) => {
      const changed = Buffer.from(archiveOf(index));
      // Most changes strike headers, where they matter.
      for (const [at, bits] of changes) {
        const place = at % 3 === 0 ? at % changed.length : (at * 512 + (at % 400)) % changed.length;
        changed[place] = (changed[place] ?? 0) ^ bits;
      }
      const { entries } = await readTar(changed, lengths);
      let end = 0;
      for (const entry of entries) {
        expect(entry.offset).toBeGreaterThanOrEqual(end);
        end = entry.offset;
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
