import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, program, refuse, run } from '../support/programs.ts';
import { phiscanReport, type Ended } from '../support/scans.ts';
import type { Report } from '../../src/finding.ts';

const suite = 'bookworm';

/** Of the machine's own package sources; debootstrap's default where it has none. */
function mirror(): string | undefined {
  const sites = run('apt-get', ['indextargets', '--format', '$(SITE)']).toString().split('\n');
  return sites.find((site) => site.endsWith('/debian'));
}

/** debootstrap makes devices and changes its root. */
function cannotRun(): string | undefined {
  return missing('debootstrap', 'apt-get', 'tar') ?? (process.getuid?.() === 0 ? undefined : refuse('not root'));
}

async function diffIdOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return `sha256:${hash.digest('hex')}`;
}

/** `docker save`'s layout of one layer, the tar of `root`: too large to build in memory. */
async function saveImage(root: string, folder: string): Promise<string> {
  const layer = join(folder, 'layer.tar');
  const packing = spawn(program('tar') ?? 'tar', ['-C', root, '--one-file-system', '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await pipeline(packing.stdout, createWriteStream(layer));
  const config = {
    os: 'linux',
    architecture: 'amd64',
    config: { Cmd: ['bash'] },
    rootfs: { type: 'layers', diff_ids: [await diffIdOf(layer)] },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: ['minbase:1'], Layers: ['layer.tar'] }];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const image = join(folder, 'image.tar');
  run('tar', ['-C', folder, '-cf', image, 'manifest.json', 'config.json', 'layer.tar']);
  return image;
}

const reason = cannotRun();

describe.skipIf(reason)(`a minbase Debian system${reason === undefined ? '' : ` (${reason})`}`, () => {
  let folder: string;
  let scanned: Omit<Ended, 'stdout'> & { readonly report: Report };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phiscan-debian-'));
    const root = join(folder, 'root');
    const from = mirror();
    run('debootstrap', ['--variant=minbase', suite, root, ...(from === undefined ? [] : [from])]);
    const image = await saveImage(root, folder);
    expect((await stat(image)).size).toBeGreaterThan(100_000_000);
    scanned = await phiscanReport(['image', image]);
  }, 600_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives no finding of medium or above', () => {
    const { findings } = scanned.report;
    const loud = findings.filter(({ severity }) => severity !== 'low' && severity !== 'info');
    expect(loud.map(({ detector, location }) => `${detector} in ${location.path}`)).toEqual([]);
  });

  it('is read whole, the packages in its cache too', () => {
    expect(scanned.report.coverage.gaps).toEqual([]);
    expect(scanned.report.coverage.entries).toBeGreaterThan(5000);
    expect(scanned.code).toBe(0);
  });
});
