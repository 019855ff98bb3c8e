import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { memoryLedger } from '../../src/ledger/open-ledger.ts';
import type { LedgerScope } from '../../src/ledger/scope.ts';
import { type AdjustableLimits, adjustableLimits } from '../../src/adjustable-limits.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25, ociLayout } from '../support/image-layouts.ts';
import { buildTar } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { inFolder, scanArchive } from '../support/scans.ts';

const { scanFiles, scanImages } = await import('../../src/scan.ts');
const table = `ssn,name\n${patient(41).ssn},${patient(41).name}\n`;

async function scanFolder(
  files: Readonly<Record<string, string | Buffer>>,
  options: { readonly limits?: AdjustableLimits; readonly exclude?: readonly string[]; readonly only?: string } = {},
): Promise<{ report: Report; paths: readonly string[] }> {
  return await inFolder(async (folder) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const { only = '', ...own } = options;
    const report = await scanFiles([join(folder, only)], { ...own, jobs: 1, minConfidence: 0, dockerignore: false });
    const below = (path: string): string => path.replace(`${folder}/`, '');
    return { report, paths: [...new Set(report.findings.map(({ location }) => below(location.path)))] };
  });
}

describe('a limit reaches the threads', () => {
  let inner: Buffer;
  let outer: Buffer;
  beforeAll(async () => {
    inner = await buildTar([{ path: 'seed.csv', content: table }]);
    outer = await buildTar([{ path: 'inner.tar.gz', content: gzipSync(inner) }]);
  });

  it.each<[string, Partial<AdjustableLimits>, string]>([
    ['depth', { nestedDepth: 1 }, 'depth-limit'],
    ['entries', { nestedEntries: 1 }, 'entry-limit'],
    ['bytes', { nestedBytes: 1000 }, 'byte-limit'],
    ['time', { nestedMs: 0 }, 'time-limit'],
  ])('of %s, and less that is read is a gap', async (_name, limit, reason) => {
    const all = await scanFolder({ 'outer.tar': outer });
    expect([all.paths, all.report.coverage.complete]).toEqual([['outer.tar!inner.tar.gz!seed.csv'], true]);
    const { report } = await scanFolder({ 'outer.tar': outer }, { limits: { ...adjustableLimits, ...limit } });
    expect(report.coverage.complete).toBe(false);
    expect(report.coverage.gaps.map((gap) => gap.reason)).toContain(reason);
  });

  it('of layers, and what is remembered holds for the same limits only', async () => {
    const images = await buildImages([{ layers: [{ entries: [{ path: 'srv/outer.tar', content: outer }] }] }]);
    const archive = await archiveOf(docker25(images));
    const hashes: string[] = [];
    const ledgers = new Map<string, Ledger>();
    const ledger = (scope: LedgerScope): Promise<Ledger> => {
      const hash = scope.hash.toString('hex');
      hashes.push(hash);
      const own = ledgers.get(hash) ?? memoryLedger();
      ledgers.set(hash, own);
      return Promise.resolve(own);
    };
    await inFolder(async (folder) => {
      const file = join(folder, 'app.tar');
      writeFileSync(file, archive);
      const complete: boolean[] = [];
      for (const nestedDepth of [8, 1, 8]) {
        const limits = { ...adjustableLimits, nestedDepth };
        const report = await scanImages([file], { jobs: 1, minConfidence: 0, limits, ledger });
        complete.push(report.coverage.complete);
      }
      expect(complete).toEqual([true, false, true]);
    });
    expect(hashes[0]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});

describe('excluded paths', () => {
  const files = { 'a.csv': table, 'b.log': table, 'node_modules/x/c.csv': table, 'node_modules/x/d.csv': table };

  it('are not opened, and counted by the glob that leaves them out', async () => {
    const { report, paths } = await scanFolder(files, { exclude: ['node_modules', '*.log', '*.none'] });
    expect(paths).toEqual(['a.csv']);
    expect(report.coverage).toMatchObject({
      complete: true,
      excluded: [
        // A folder is one, whatever is below it.
        { pattern: 'node_modules', entries: 1 },
        { pattern: '*.log', entries: 1 },
      ],
    });
  });

  it('hold for a file that is named, as a hook names it', async () => {
    const { report, paths } = await scanFolder(files, { exclude: ['*.log'], only: 'b.log' });
    expect([paths, report.coverage.excluded]).toEqual([[], [{ pattern: '*.log', entries: 1 }]]);
  });

  it('are nothing where nothing is left out', async () => {
    const { report } = await scanFolder(files, { exclude: ['*.none'] });
    expect(report.coverage).not.toHaveProperty('excluded');
  });

  it('are told without a value that their glob holds', async () => {
    const { ssn } = patient(42);
    const { report } = await scanFolder(
      { [`${ssn}.csv`]: table },
      { exclude: [`ssn/${ssn}/**`, `ssn ${ssn}*`, `*${ssn}.csv`] },
    );
    expect(report.coverage.excluded).toHaveLength(1);
    expect(JSON.stringify(report.coverage)).not.toContain(ssn);
  });
});

describe('several platforms', () => {
  const platforms = ['linux/amd64', 'linux/arm64', 'linux/s390x'];
  let archive: Buffer;
  beforeAll(async () => {
    const specs = platforms.map((platform) => ({
      platform,
      layers: [{ entries: [{ path: `${platform.slice(6)}.csv`, content: table }] }],
    }));
    archive = await archiveOf(ociLayout(await buildImages(specs)));
  });

  it.each([
    [
      ['linux/amd64', 'linux/s390x'],
      ['linux/amd64', 'linux/s390x'],
    ],
    // What an image does not have is no gap while it has another that is wanted.
    [['linux/arm64', 'windows/amd64'], ['linux/arm64']],
  ])('%j', async (wanted, expected) => {
    const { targets, coverage, findings } = await scanArchive(archive, { platforms: wanted });
    expect([targets.map(({ platform }) => platform).sort(), coverage.complete]).toEqual([expected, true]);
    expect(new Set(findings.map(({ location }) => location.path)).size).toBe(expected.length);
  });

  it('of which none is there are a mistake, and what is there is told', async () => {
    await expect(scanArchive(archive, { platforms: ['linux/386', 'windows/amd64'] })).rejects.toMatchObject({
      message: expect.stringMatching(
        /no image for linux\/386 or windows\/amd64: it has linux\/amd64, linux\/arm64/,
      ) as string,
    });
  });
});
