import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/ledger/database.ts';
import { ledgerFile } from '../../src/ledger/folder.ts';
import { verify } from '../../src/ledger/inspect.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';

const writer = join(import.meta.dirname, '..', 'support', 'ledger-writer.js');
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-ledger-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Written {
  readonly numbers: readonly number[];
  readonly stderr: string;
}

/** What one process has remembered; `killAfterMs`: from its first word on. */
function write(first: number, count: number, paths: number, killAfterMs?: number): Promise<Written> {
  const child = spawn(process.execPath, [writer, folder, String(first), String(count), String(paths)]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => {
    if (stdout === '' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    stdout += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      // A last line that was cut is no number.
      const lines = stdout.split('\n').slice(0, -1);
      resolve({ numbers: lines.map(Number), stderr });
    });
  });
}

function digestOf(number: number): string {
  return `sha256:${number.toString(16).padStart(64, '0')}`;
}

async function expectKnown(numbers: readonly number[]): Promise<void> {
  const warnings: string[] = [];
  const scope = { hash: Buffer.alloc(16, 1), label: 'test' };
  const ledger = await openLedger({ folder, scope, onWarning: (warning) => warnings.push(warning) });
  const known = await ledger.known(numbers.map(digestOf));
  expect(numbers.filter((number) => !known.has(digestOf(number)))).toEqual([]);
  for (const number of numbers.slice(-20)) expect((await ledger.recall(digestOf(number)))?.size).toBe(number + 1);
  await ledger.close();
  expect(warnings).toEqual([]);
  const database = await openDatabase(ledgerFile(folder));
  expect(verify(database).faults).toEqual([]);
  database.close();
}

test('four processes that make it and write at the same time lose nothing', async () => {
  const written = await Promise.all([0, 1, 2, 3].map((process) => write(1 + process * 1000, 100, 2000)));
  expect(written.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
  const numbers = written.flatMap((of) => of.numbers);
  expect(numbers).toHaveLength(400);
  await expectKnown(numbers);
  expect(await readdir(folder)).toEqual(['ledger.db']);
}, 120_000);

test('a process that is killed loses what it was writing, and no more', async () => {
  const numbers: number[] = [];
  for (let round = 0; round < 8; round++) {
    const pair = await Promise.all([
      write(1 + round * 10_000, 5000, 3000, Math.random() * 150),
      write(1_000_001 + round * 10_000, 5000, 30, Math.random() * 150),
    ]);
    for (const { numbers: of, stderr } of pair) {
      expect(stderr).toBe('');
      expect(of.length).toBeGreaterThan(0);
      numbers.push(...of);
    }
    await expectKnown(numbers);
  }
}, 120_000);
