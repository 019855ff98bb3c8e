import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, jsonBytes, ociTypes } from '../support/image-builder.ts';
import {
  archiveOf,
  blobPath,
  describe as descriptorOf,
  docker25,
  dockerLegacy,
  indexBytes,
  ociLayout,
  ociLayoutFile,
} from '../support/image-layouts.ts';
import { buildTar, compress, sha256 } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { documentBombs, fileBombs, imageOfLayer, layerBombs } from './bombs.ts';
import { type Ended, gapReasons, phiscan, reportOf } from './command.ts';
import { noteOf } from './plants.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-bad-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const json = ['--format', 'json', '--no-progress', '--jobs', '2'];

function put(name: string, bytes: Buffer | string): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** The same places in every run: the fractional parts of multiples of the golden ratio lie everywhere. */
function placesIn(length: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((((index + 1) * 0.618_033_988_75) % 1) * length));
}

/** No stack trace, no fault of phiscan, in time. */
function expectCalm({ stdout, stderr, late }: Ended): void {
  expect(late).toBe(false);
  expect(stderr).not.toMatch(/^\s+at |fault of phiscan|Warning:|node:internal/m);
  expect(stdout).not.toMatch(/^\s+at /m);
}

async function cleanImage(): Promise<Buffer> {
  const entries = ['a', 'b', 'c'].map((name) => ({ path: `srv/${name}.txt`, content: 'nothing here\n'.repeat(300) }));
  const layers = [{ entries }, { entries: entries.map((entry) => ({ ...entry, path: `opt/${entry.path}` })) }];
  return await archiveOf(docker25([await buildImage({ names: ['app:1'], layers })]));
}

describe('an archive that is damaged', () => {
  it.each(['none', 'gzip', 'xz'] as const)('cut anywhere is never clean: %s', async (compression) => {
    const whole = compress(await cleanImage(), compression);
    // GNU tar and Docker read archives without their end blocks; what comes before must be there.
    const end = compression === 'none' ? whole.length - 11_000 : whole.length - 1;
    const sixteenths = Array.from({ length: 15 }, (_, index) => Math.floor((end * (index + 1)) / 16));
    const cuts = compression === 'none' ? [...sixteenths, ...placesIn(end, 3)] : placesIn(end, 4);
    const files = cuts.map((cut) => put(`cut-${compression}-${cut}.tar`, whole.subarray(0, cut)));
    const ended = await phiscan(['image', ...files, ...json]);
    expectCalm(ended);
    expect([2, 3]).toContain(ended.code);
    // One gap at least for each: most are named by their file, and those that still name their image by that.
    const { coverage } = reportOf(ended);
    const blamed = new Set(coverage.gaps.map(({ location }) => location.target));
    for (const file of files) expect(blamed.has(file) || blamed.has('app:1')).toBe(true);
    expect(coverage.gaps.length).toBeGreaterThanOrEqual(cuts.length);
  });

  it('with a bit flipped anywhere ends calmly', async () => {
    const whole = await cleanImage();
    const files = placesIn(whole.length, 10).map((at, index) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (index % 8));
      return put(`flip-${index}.tar`, bytes);
    });
    const ended = await phiscan(['image', ...files, ...json]);
    expectCalm(ended);
    expect([0, 2, 3]).toContain(ended.code);
  });

  it('with a bit flipped in a layer is not clean', async () => {
    const layer = await cleanImage();
    layer.write('N', layer.indexOf('nothing here'), 'latin1');
    const ended = await phiscan(['image', put('flip-layer.tar', layer), ...json]);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended)).join()).toMatch(/digest-mismatch|diffid-mismatch/);
  });
});

const LIMIT_MIB = 400;

describe('bombs are gaps, in bounded memory and time', () => {
  it.each(Object.entries(fileBombs))('%s', async (name, make) => {
    const bomb = await make();
    const args = name.includes('zip')
      ? ['image', put('bomb.tar', await imageOfLayer(await buildTar([{ path: 'srv/bomb', content: bomb }])))]
      : ['files', put('bomb', bomb)];
    const ended = await phiscan([...args, ...json]);
    expectCalm(ended);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended)).join()).toMatch(/-limit/);
    expect(ended.peakMiB).toBeLessThan(LIMIT_MIB);
  });

  it.each(Object.entries(layerBombs))('a layer: %s', async (name, make) => {
    const ended = await phiscan(['image', put(`${name.length}.tar`, await imageOfLayer(make())), ...json]);
    expectCalm(ended);
    expect(ended.code).toBe(name.includes('finding') ? 1 : 3);
    expect(ended.peakMiB).toBeLessThan(LIMIT_MIB);
    for (const { location } of reportOf(ended).findings) expect(location.path.length).toBeLessThan(5000);
  });

  it.each(Object.entries(documentBombs))('documents: %s', async (_name, make) => {
    const ended = await phiscan(['image', put('documents.tar', await make()), ...json]);
    expectCalm(ended);
    expect(ended.code).toBe(3);
    expect(ended.peakMiB).toBeLessThan(LIMIT_MIB);
  });

  it('a large sparse file is read in little memory', async () => {
    const file = join(folder, 'sparse');
    const descriptor = openSync(file, 'w');
    ftruncateSync(descriptor, 256 * 1024 * 1024);
    closeSync(descriptor);
    const ended = await phiscan(['files', file, ...json]);
    expectCalm(ended);
    expect(ended.code).toBe(0);
    expect(reportOf(ended).coverage.bytes).toBe(256 * 1024 * 1024);
    expect(ended.peakMiB).toBeLessThan(LIMIT_MIB);
  });

  it('an index that holds itself', async () => {
    // No bytes hold their own digest; a name may claim it.
    const digest = `sha256:${'a'.repeat(64)}`;
    const index = jsonBytes({ schemaVersion: 2, manifests: [{ mediaType: ociTypes.index, digest, size: 9 }] });
    const files = [ociLayoutFile, { path: 'index.json', content: index }, { path: blobPath(digest), content: index }];
    const ended = await phiscan(['image', put('loop.tar', await archiveOf(files)), ...json]);
    expectCalm(ended);
    expect(ended.code).toBe(3);
  });
});

describe('a tar where a document should be loses none of its findings', () => {
  const leak = (): Promise<Buffer> => buildTar([{ path: 'seed.txt', content: noteOf(patient(9000)) }]);
  const statement = 'application/vnd.in-toto+json';

  it.each(['the configuration', 'an attestation', 'an SBOM of the image'])('%s', async (place) => {
    const blob = await leak();
    const layer = await buildTar([{ path: 'a.txt', content: 'a' }]);
    const config = jsonBytes({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
    });
    const manifest = jsonBytes({
      schemaVersion: 2,
      mediaType: ociTypes.manifest,
      config: descriptorOf(place === 'the configuration' ? blob : config, ociTypes.config),
      layers: [descriptorOf(layer, ociTypes.layer)],
    });
    const about = jsonBytes({
      schemaVersion: 2,
      mediaType: ociTypes.manifest,
      ...(place === 'an attestation' ? {} : { artifactType: 'application/spdx+json' }),
      subject: descriptorOf(manifest, ociTypes.manifest),
      config: descriptorOf(config, ociTypes.config),
      layers: [descriptorOf(blob, place === 'an attestation' ? statement : 'application/spdx+json')],
    });
    const annotations = {
      'vnd.docker.reference.digest': sha256(manifest),
      'vnd.docker.reference.type': 'attestation-manifest',
    };
    const index = indexBytes([
      descriptorOf(manifest, ociTypes.manifest),
      { ...descriptorOf(about, ociTypes.manifest), ...(place === 'an attestation' ? { annotations } : {}) },
    ]);
    const blobs = [layer, config, manifest, about, blob];
    const files = [
      ociLayoutFile,
      { path: 'index.json', content: index },
      ...blobs.map((content) => ({ path: blobPath(sha256(content)), content })),
    ];
    const ended = await phiscan(['image', put('tar-document.tar', await archiveOf(files)), ...json]);
    expect(ended.code).toBe(1);
    expect(reportOf(ended).findings.map(({ location }) => location.path)).toContain(
      `${blobPath(sha256(blob))}!seed.txt`,
    );
  });
});

describe('what cannot be opened', () => {
  const rows: readonly (readonly [string, () => readonly string[], RegExp])[] = [
    ['a text file called image.tar', () => ['image', put('image.tar', 'hello\n')], /image\.tar is no image but a text/],
    ['an empty file', () => ['image', put('empty.tar', '')], /is no image but an empty file/],
    ['random bytes', () => ['image', put('random.tar', randomBytes(9000))], /is no image but data of an unknown/],
    ['a gzip of text', () => ['image', put('text.gz', gzipSync('hello'))], /is no image but a text file, compressed/],
    ['no such file', () => ['image', './absent.tar'], /nothing is at \.\/absent\.tar/],
    ['no such path', () => ['files', join(folder, 'absent')], /nothing is at/],
    ['no daemon', () => ['image', 'app:1'], /no Docker engine answers/],
    ['a folder that is no layout', () => ['image', folder], /a folder without oci-layout/],
    ['a layout without the tag', () => ['image', `oci:${layoutFolder()}:absent`], /no image has the tag absent/],
    ['a device as an image', () => ['image', '/dev/zero'], /is no image but a device/],
    ['standard input that is empty', () => ['image', '-'], /standard input is no image but an empty file/],
  ];
  it.concurrent.each(rows)('%s', async (_place, args, message) => {
    const ended = await phiscan([...args(), '--no-progress']);
    expectCalm(ended);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('standard input that is closed', async () => {
    const ended = await phiscan(['image', '-', '--no-progress'], { input: 'closed' });
    expectCalm(ended);
    expect(ended.code).toBe(2);
  });

  it('a device given to `phiscan files` is a gap', async () => {
    const ended = await phiscan(['files', '/dev/zero', ...json]);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended))).toEqual(['unsupported']);
  });

  it('a file and a folder that may not be read are gaps', async () => {
    const root = mkdtempSync(join(tmpdir(), 'phiscan-denied-'));
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'locked'));
    writeFileSync(join(root, 'secret.txt'), 'x');
    writeFileSync(join(root, 'open.txt'), 'x');
    chmodSync(join(root, 'secret.txt'), 0);
    chmodSync(join(root, 'locked'), 0);
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    const ended = await phiscan(['files', root, ...json], uid === undefined ? {} : { uid, cwd: '/' });
    rmSync(root, { recursive: true });
    expectCalm(ended);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended))).toEqual(['unreadable', 'unreadable']);
    expect(reportOf(ended).coverage.bytes).toBe(1);
  });
});

let layoutCount = 0;
function layoutFolder(): string {
  const place = join(folder, `layout-${layoutCount++}`);
  mkdirSync(place);
  writeFileSync(join(place, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(place, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
  return place;
}

describe('a run that is stopped', () => {
  /** An image whose first layer holds a finding, and whose last member never ends. */
  async function endless(content: string): Promise<{ head: Buffer; more: Buffer }> {
    const image = await buildImage({ names: ['app:1'], layers: [{ entries: [{ path: 'a.txt', content }] }] });
    const archive = await archiveOf(dockerLegacy([image]));
    const header = await buildTar([{ path: `${'f'.repeat(64)}/layer.tar`, content: Buffer.alloc(8 * 1024 ** 2, 70) }]);
    const large = Buffer.from(header.subarray(0, 512));
    large.write('77777777777', 124, 'latin1');
    large.fill(0x20, 148, 156);
    const sum = large.reduce((total, byte) => total + byte, 0);
    large.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return { head: Buffer.concat([archive.subarray(0, -1024), large]), more: Buffer.alloc(65_536, 70) };
  }

  it.each([
    ['nothing found', 'nothing', 3],
    ['a finding before', 'a', 1],
  ])('endless standard input, %s', async (_name, content, code) => {
    const text = content === 'a' ? noteOf(patient(9100)) : content;
    const { head, more } = await endless(text);
    const ended = await phiscan(['image', '-', '--format', 'json', '--jobs', '2'], {
      input: (stdin, child) => {
        stdin.write(head);
        let stopped = false;
        let taken = 0;
        let asked = false;
        const pour = (): void => {
          while (!stopped && stdin.writable && stdin.write(more)) taken += more.length;
          // By bytes and not by the clock: so many of the last member are taken only when the first layer was.
          if (taken > 64 * 1024 ** 2 && !asked) asked = child.kill('SIGINT');
          if (!stopped) stdin.once('drain', pour);
        };
        pour();
        child.once('exit', () => {
          stopped = true;
          stdin.destroy();
        });
      },
    });
    expectCalm(ended);
    expect(ended.code).toBe(code);
    expect(gapReasons(reportOf(ended))).toContain('interrupted');
    expect(reportOf(ended).coverage.complete).toBe(false);
    expect(ended.peakMiB).toBeLessThan(LIMIT_MIB);
  });

  it('while standard input says nothing', async () => {
    const ended = await phiscan(['image', '-', ...json], {
      input: (_stdin, child) => {
        setTimeout(() => {
          child.kill('SIGINT');
        }, 1500);
      },
    });
    expectCalm(ended);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended))).toEqual(['interrupted']);
  });

  it('while files are read', async () => {
    const file = join(folder, 'long');
    const descriptor = openSync(file, 'w');
    ftruncateSync(descriptor, 64 * 1024 ** 3);
    closeSync(descriptor);
    const ended = await phiscan(['files', file, '--format', 'json'], {
      during: (child) => {
        setTimeout(() => {
          child.kill('SIGINT');
        }, 1500);
      },
    });
    expectCalm(ended);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended))).toEqual(['interrupted']);
  });

  it('by a writer that dies', async () => {
    const bytes = await cleanImage();
    const ended = await phiscan(['image', '-', ...json], { input: bytes.subarray(0, bytes.length / 2) });
    expectCalm(ended);
    expect(ended.code).toBe(3);
    expect(gapReasons(reportOf(ended))).toContain('truncated');
  });

  it('by a reader that goes', async () => {
    const image = await buildImage({
      layers: [{ entries: [{ path: 'a.txt', content: noteOf(patient(9200)) }] }],
    });
    const file = put('reader.tar', await archiveOf(ociLayout([image])));
    const ended = await phiscan(['image', file, ...json], { during: (child) => child.stdout?.destroy() });
    expectCalm(ended);
    expect(ended.code).toBe(1);
  });
});
