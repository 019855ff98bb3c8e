import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { openDatabase } from '../../src/ledger/database.ts';
import { ledgerFile } from '../../src/ledger/folder.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { SqliteStore } from '../../src/ledger/sqlite-store.ts';
import { rowKinds } from '../../src/ledger/store.ts';
import type { ScannedBlob } from '../../src/scan/blob.ts';
import { asNobody } from '../support/as-nobody.ts';
import { scannedBlobs } from '../support/scanned-blobs.ts';

const scope = { hash: Buffer.alloc(16, 3), label: 'test' };
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-damage-'));
  file = ledgerFile(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const blobs: readonly ScannedBlob[] = fc.sample(scannedBlobs, { numRuns: 120, seed: 5 });

async function fill(): Promise<void> {
  const ledger = await openLedger({ folder, scope, onWarning: (warning) => expect.fail(warning) });
  for (const blob of blobs) await ledger.remember(blob, true);
  await ledger.close();
}

/** What a ledger of this file recalls of the blobs, and what it warns of; a further one is remembered, too. */
async function use(): Promise<{
  readonly recalled: number;
  readonly warnings: readonly string[];
  readonly remembers: boolean;
}> {
  const warnings: string[] = [];
  const ledger = await openLedger({ folder, scope, onWarning: (warning) => warnings.push(warning) });
  let recalled = 0;
  for (const blob of blobs) {
    const got = await ledger.recall(blob.digest);
    if (got === undefined) continue;
    recalled += 1;
    expect(got).toEqual(blob);
  }
  const [first] = blobs;
  if (first === undefined) throw new Error('blobs are needed');
  // Twice: the first one may be where the damage shows.
  await ledger.remember(first, true);
  await ledger.remember(first, true);
  const again = await ledger.recall(first.digest);
  if (again !== undefined) expect(again).toEqual(first);
  await ledger.close();
  expect(warnings.length).toBeLessThanOrEqual(1);
  return { recalled, warnings, remembers: again !== undefined };
}

test('a file that is whole gives everything', async () => {
  await fill();
  expect(await use()).toEqual({ recalled: blobs.length, warnings: [], remembers: true });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a folder that it makes is for this user alone', async () => {
  const inner = join(folder, 'a', 'b');
  const ledger = await openLedger({ folder: inner, scope, onWarning: (warning) => expect.fail(warning) });
  await ledger.close();
  expect([join(folder, 'a'), inner].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
});

describe('what cannot be used is one warning, and a ledger that ends with the process', () => {
  it.each<[string, RegExp, (bytes: Buffer) => void]>([
    [
      'a text file',
      /it is no ledger/,
      () => {
        writeFileSync(file, 'no ledger\n'.repeat(1000));
      },
    ],
    [
      'one that was cut in half',
      /damaged/,
      (bytes) => {
        writeFileSync(file, bytes.subarray(0, bytes.length >> 1));
      },
    ],
    [
      'one that was cut in its first page',
      /no ledger|damaged/,
      (bytes) => {
        writeFileSync(file, bytes.subarray(0, 1000));
      },
    ],
    [
      'zeros but for the first page',
      /damaged/,
      (bytes) => {
        writeFileSync(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096)]));
      },
    ],
    [
      'a folder in its place',
      /./,
      () => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
    [
      'a link in its place',
      /ELOOP/,
      () => {
        rmSync(file);
        writeFileSync(join(folder, 'x'), '');
        symlinkSync(join(folder, 'x'), file);
      },
    ],
  ])('%s', async (_name, words, damage) => {
    await fill();
    damage(readFileSync(file));
    const { recalled, warnings, remembers } = await use();
    expect([recalled, remembers]).toEqual([0, true]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(words);
  });

  it("somebody else's database, which stays as it is", async () => {
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE patients (id)');
    other.close();
    chmodSync(file, 0o644);
    const before = readFileSync(file);
    expect(await use()).toMatchObject({ recalled: 0, warnings: ['the ledger is not used: it is no ledger'] });
    expect(readFileSync(file)).toEqual(before);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('a file or folder that may not be written', async () => {
    await fill();
    chmodSync(file, 0o400);
    chmodSync(folder, 0o555);
    await asNobody(async () => {
      const { recalled, warnings } = await use();
      expect(recalled).toBe(0);
      expect(warnings).toEqual([expect.stringMatching(/EACCES/)]);
    });
    chmodSync(folder, 0o755);
  });
});

test('whatever bytes turn over, nothing wrong is recalled', async () => {
  await fill();
  const whole = readFileSync(file);
  const flip = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(flip, { minLength: 1, maxLength: 30 }),
      fc.option(fc.nat(whole.length)),
      async (flips, cut) => {
        const bytes = Buffer.from(whole);
        for (const { at, to } of flips) bytes[at] = to;
        writeFileSync(file, cut === null ? bytes : bytes.subarray(0, cut));
        rmSync(`${file}-journal`, { force: true });
        await use();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test('a file that grows too large forgets what was not used for longest', async () => {
  const database = await openDatabase(file);
  const store = SqliteStore.of(database, scope, 400_000);
  const key = (number: number): Buffer => Buffer.alloc(32, number);
  for (let number = 1; number <= 100; number++) {
    store.put([{ kind: rowKinds.blob, key: key(number), size: number, value: Buffer.alloc(10_000, number) }]);
  }
  const kept = Array.from({ length: 100 }, (_, index) => index + 1).filter((number) =>
    store.has(rowKinds.blob, key(number)),
  );
  store.close();
  expect(kept.length).toBeGreaterThan(25);
  expect(kept.at(-1)).toBe(100);
  expect(statSync(file).size).toBeLessThan(450_000);
});
