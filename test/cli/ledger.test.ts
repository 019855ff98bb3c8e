import { writeFile } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { openDatabase } from '../../src/ledger/database.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, ociLayout } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { type Ended, inFolder, phiscanHere, phiscanReportHere } from '../support/scans.ts';
import { keptStreams } from '../support/streams.ts';

const one = patient(11);
let archive: Buffer;
beforeAll(async () => {
  const entries = [{ path: 'srv/seed.csv', content: `ssn,name\n${one.ssn},${one.name}\n` }];
  archive = await archiveOf(ociLayout(await buildImages([{ layers: [{ entries }] }])));
});

/** A folder with an image that was scanned, and its ledger. */
async function scanned(steps: (env: NodeJS.ProcessEnv, file: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, 'image.tar');
    await writeFile(file, archive);
    const env = { PHISCAN_CACHE_DIR: join(folder, 'cache') };
    const { stderr } = await phiscanHere(['image', file], { env });
    expect(stderr).toBe('');
    await steps(env, file);
  });
}

async function run(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Omit<Ended, 'peakBytes'>> {
  const streams = keptStreams({ env });
  const code = await runProgram(['ledger', ...args], streams, () => Promise.reject(new Error('nothing is scanned')));
  return { code, stdout: streams.printed(), stderr: streams.complained() };
}

describe('phiscan ledger', () => {
  it('stats counts what is remembered', () =>
    scanned(async (env) => {
      const table = await run(env, 'stats');
      expect(table.stdout).toMatch(/ledger\.db: [\d.]+ kB\n +layers +1 .* rules [0-9a-f]{12}\n +layers, unpacked +1 /);
      const json = await run(env, 'stats', '--format', 'json');
      expect(JSON.parse(json.stdout)).toMatchObject({
        counts: [
          { kind: 'blob', rows: 1 },
          { kind: 'plain', rows: 1 },
        ],
      });
    }));

  it('export gives findings without values', () =>
    scanned(async (env) => {
      const { stdout, code } = await run(env, 'export');
      const lines = stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines).toMatchObject([{ kind: 'blob', gaps: [] }, { kind: 'plain' }]);
      expect(JSON.stringify(lines)).toContain('srv/seed.csv');
      expect(stdout).not.toContain(one.ssn);
      expect(code).toBe(0);
      const file = join(env['PHISCAN_CACHE_DIR'] ?? '', 'known.jsonl');
      await run(env, 'export', '--output', file);
      expect(readFileSync(file, 'utf8')).toBe(stdout);
    }));

  it('verify tells a row that is not as it was written, and a scan goes on without', () =>
    scanned(async (env, image) => {
      expect(await run(env, 'verify')).toMatchObject({ code: 0, stdout: '2 results, all as they were written\n' });
      const file = join(env['PHISCAN_CACHE_DIR'] ?? '', 'ledger.db');
      const database = await openDatabase(file);
      const row = database.prepare('SELECT value FROM result WHERE kind = 1').get() as { readonly value: Uint8Array };
      database.close();
      const bytes = readFileSync(file);
      const at = bytes.indexOf(row.value.subarray(0, 40)) + 20;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, bytes);
      const verdict = await run(env, 'verify', '--format', 'json');
      expect(verdict.code).toBe(1);
      expect((JSON.parse(verdict.stdout) as { faults: unknown[] }).faults.length).toBeGreaterThan(0);
      const { report, stderr } = await phiscanReportHere(['image', image], { env });
      expect(stderr).toMatch(/^phiscan: the ledger is not used: .*damaged.*\n$/);
      expect(report.findings.length).toBeGreaterThan(0);
    }));

  it('prune forgets what was not used, or all', () =>
    scanned(async (env) => {
      expect((await run(env, 'prune', '--older-than', '1d')).stdout).toMatch(/^0 results forgotten/);
      expect((await run(env, 'prune', '--max-bytes', '0')).stdout).toMatch(/^2 results forgotten/);
      expect((await run(env, 'stats', '--format', 'json')).stdout).toContain('"counts": []');
    }));

  it.each([
    [['prune'], /nothing to forget by/],
    [['prune', '--older-than', '7'], /wrong value \(--older-than\)/],
    [['prune', '--max-bytes', 'much'], /wrong value \(--max-bytes\)/],
  ])('%j is wrong usage', async (args, words) => {
    await inFolder(async (folder) => {
      const { code, stderr } = await run({ PHISCAN_CACHE_DIR: folder }, ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
    });
  });

  it.each(['stats', 'verify', 'export'])('%s without a ledger makes none', async (command) => {
    await inFolder(async (folder) => {
      const { code, stdout } = await run({ PHISCAN_CACHE_DIR: join(folder, 'none') }, command);
      expect(code).toBe(0);
      expect(stdout).toMatch(command === 'export' ? /^$/ : /^nothing is remembered yet/);
    });
  });

  it('--no-ledger leaves it alone', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'image.tar');
      await writeFile(file, archive);
      const env = { PHISCAN_CACHE_DIR: join(folder, 'none') };
      await phiscanHere(['image', file, '--no-ledger'], { env });
      expect((await run(env, 'stats')).stdout).toMatch(/^nothing is remembered yet/);
    }));
});
