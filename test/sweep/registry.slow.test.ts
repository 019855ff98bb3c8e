import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { registryMissing, type RegistryServer, startRegistry } from '../support/registry-server.ts';
import { phiscan } from '../support/scans.ts';
import { pushSharedImages, type SharedImages } from '../support/shared-images.ts';

const IMAGES = 200;
const skipped = registryMissing();
const main = join(import.meta.dirname, '../../dist/src/cli/main.js');

describe.skipIf(skipped !== undefined)(`a registry of ${IMAGES} images that share layers`, () => {
  let server: RegistryServer;
  let pushed: SharedImages;
  let folder = '';
  let undisturbed: Report;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-sweep-'));
    server = await startRegistry();
    pushed = await pushSharedImages(server, { images: IMAGES, repositories: 8, shared: 24, sharedBytes: 400_000 });
  }, 180_000);

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const sweep = (cache: string, ...args: readonly string[]): ReturnType<typeof phiscan> => {
    const env = { PHISCAN_CACHE_DIR: join(folder, cache) };
    return phiscan(['sweep', 'registry', server.host, '--insecure', ...args], { env });
  };

  /** Layers that were given since the log had so many lines, each as often as it was. */
  const downloads = (since: number): readonly string[] =>
    server
      .requests()
      .slice(since)
      .flatMap((line) => {
        const digest = /^GET \/v2\/\S+\/blobs\/(sha256:[0-9a-f]{64}) 20[06]$/.exec(line)?.[1];
        return digest !== undefined && pushed.layers.has(digest) ? [digest] : [];
      });

  test('is swept with each unique layer downloaded once', async () => {
    const since = server.requests().length;
    const { code, stdout, stderr } = await sweep('first', '--format', 'json');
    expect(code, stderr).toBe(1);
    undisturbed = JSON.parse(stdout) as Report;
    expect(stderr).toBe('');
    expect([...downloads(since)].sort()).toEqual([...pushed.layers].sort());
    const { totals, rows } = undisturbed.sweep ?? { totals: undefined, rows: [] };
    expect(totals).toMatchObject({
      repositories: 8,
      images: IMAGES,
      layers: pushed.layers.size,
      readLayers: pushed.layers.size,
    });
    const images = rows.filter(({ digest }) => digest !== '');
    expect(images.map(({ repository, digest }) => `${repository}@${digest}`).sort()).toEqual([...pushed.images].sort());
    expect(images.every(({ complete }) => complete)).toBe(true);
    // Those with patients of their own, and those that hold the shared layer that has some.
    expect(images.filter(({ outcome }) => outcome === 'findings').length).toBeGreaterThan(IMAGES / 10);
    expect(images.filter(({ outcome }) => outcome === 'clean').length).toBeGreaterThan(IMAGES / 2);
    for (const value of pushed.values) expect(stdout).not.toContain(value);
  }, 120_000);

  test('is swept again without a layer, a configuration or a manifest, to the same report', async () => {
    const since = server.requests().length;
    const { code, stdout } = await sweep('first', '--format', 'json');
    expect(code).toBe(1);
    const asked = server.requests().slice(since);
    expect(asked.filter((line) => line.startsWith('GET') && /\/blobs\/|\/manifests\//.test(line))).toEqual([]);
    const report = JSON.parse(stdout) as Report;
    expect(report.sweep?.totals).toMatchObject({ rememberedImages: IMAGES, readLayers: 0, readBytes: 0 });
    expect(lasting(report)).toEqual(lasting(undisturbed));
  }, 60_000);

  test('a sweep that is killed ten times at random ends with the same report', async () => {
    for (let kill = 0; kill < 10; kill++) {
      const since = server.requests().length;
      const layers = Math.ceil(Math.random() * 20);
      const args = ['sweep', 'registry', server.host, '--insecure', '--format', 'jsonl', '--no-progress'];
      const child = spawn(process.execPath, [main, ...args], {
        env: { PATH: process.env['PATH'], PHISCAN_CACHE_DIR: join(folder, 'killed') },
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      const isOver = (): boolean => child.exitCode !== null || downloads(since).length >= layers;
      while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      child.kill('SIGKILL');
      await ended;
    }
    expect(existsSync(join(folder, 'killed'))).toBe(true);
    const since = server.requests().length;
    const { stdout } = await sweep('killed', '--format', 'json');
    const report = JSON.parse(stdout) as Report;
    expect(lasting(report)).toEqual(lasting(undisturbed));
    // What was read before is not read again, but for the layers that were in flight.
    expect(downloads(since).length).toBeLessThan(pushed.layers.size);
    expect(report.sweep?.totals.rememberedLayers).toBeGreaterThan(0);
  }, 240_000);

  test('SIGTERM ends a sweep with a valid report of what was read', async () => {
    const since = server.requests().length;
    const args = [
      'sweep',
      'registry',
      server.host,
      '--insecure',
      '--format',
      'json',
      '--no-progress',
      '--jobs',
      '1',
      '--fail-on',
      'none',
    ];
    const child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env['PATH'], PHISCAN_CACHE_DIR: join(folder, 'ended') },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const out: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    while (downloads(since).length < 30) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGTERM');
    expect(await ended).toBe(3);
    const report = JSON.parse(Buffer.concat(out).toString()) as Report;
    const images = report.sweep?.rows.filter(({ digest }) => digest !== '') ?? [];
    expect(images).toHaveLength(IMAGES);
    expect(images.some(({ complete }) => complete)).toBe(true);
    const reasons = new Set(report.coverage.gaps.map(({ reason }) => reason));
    expect(reasons).toEqual(new Set(['interrupted']));
  }, 60_000);

  test('lines come as images are ready, and end with the sum', async () => {
    const { stdout } = await sweep('first', '--format', 'jsonl', '--repository', 'team-1/*');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(IMAGES / 8 + 3);
    expect(lines.at(-1)).toMatchObject({ summary: { totals: { images: IMAGES / 8 } } });
  });

  test('a name that no repository has is an error, and no clean sweep', async () => {
    const { code, stdout, stderr } = await sweep('first', '--repository', 'nothing*');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('no repository');
  });

  test('a dry run reads no layer and remembers nothing', async () => {
    const since = server.requests().length;
    const { code, stdout } = await sweep('planned', '--dry-run', '--format', 'json');
    expect(code).toBe(0);
    const { plans } = JSON.parse(stdout) as { plans: { jobs: { digest: string; repositories: string[] }[] }[] };
    expect(plans[0]?.jobs.map(({ digest }) => digest).sort()).toEqual([...pushed.layers].sort());
    expect(downloads(since)).toEqual([]);
    const table = await sweep('planned', '--dry-run');
    expect(table.stdout).toContain(`${pushed.layers.size} unique layers`);
    for (const line of table.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  }, 60_000);
});

/** What a report says of the registry, whatever was remembered and however long it took. */
function lasting({ targets, findings, coverage, sweep }: Report): unknown {
  const rows = sweep?.rows.map(({ remembered: _remembered, ...row }) => row);
  return { targets, findings, coverage, rows };
}
