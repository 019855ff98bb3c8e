import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Location, Report } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { bigFile, bigImage } from '../support/big-image.ts';
import type { BuiltImage, ImageSpec, LayerSpec } from '../support/image-builder.ts';
import { buildImage, buildImages, buildLayer } from '../support/image-builder.ts';
import type { LayoutFiles } from '../support/image-layouts.ts';
import { archiveOf, containerdStore, docker25, dockerLegacy, ociLayout } from '../support/image-layouts.ts';
import type { TarEntry } from '../support/layer-builder.ts';
import { buildTar, sha256 } from '../support/layer-builder.ts';
import { patient, patients } from '../support/patients.ts';
import { missing, run } from '../support/programs.ts';
import { inFolder, phiscan, phiscanReport, scan } from '../support/scans.ts';
import { buildZip } from '../support/zip-builder.ts';
import { tarFile, tarHeader } from '../unpack/tar-archive.ts';

/** What image scanners were seen to miss without a word. Each title is what must not be missed. */

const one = patient(31);
const line = `ssn: ${one.ssn}\n`;
const seed: TarEntry = { path: 'srv/seed.txt', content: line };
const motd: LayerSpec = { entries: [{ path: 'etc/motd', content: 'welcome\n' }] };
const endBlocks = Buffer.alloc(1024);

interface Row {
  readonly title: string;
  readonly images: readonly ImageSpec[];
  readonly layout?: (images: readonly BuiltImage[]) => LayoutFiles;
  /** Paths of findings in layers, pointers of others, sorted. */
  readonly found: readonly string[];
  readonly gaps?: readonly string[];
  readonly check?: (report: { readonly findings: readonly Finding[] }) => void;
}

/** An image of one small layer and the given ones. */
function layered(...layers: readonly LayerSpec[]): readonly ImageSpec[] {
  return [{ layers: [motd, ...layers] }];
}

function files(...entries: readonly TarEntry[]): readonly ImageSpec[] {
  return layered({ entries });
}

/** A layer whose tar the test wrote itself. */
function rawLayer(tar: Buffer): readonly ImageSpec[] {
  const rootfs = { type: 'layers', diff_ids: [sha256(tar)] };
  return [{ layers: [{ entries: [], stored: tar, compression: 'none' }], configuration: { rootfs } }];
}

const planted = (path: string, content: string | Buffer = line): TarEntry => ({ path, content });

const DEFAULT_SKIPS = [
  ...['test/a.txt', 'example/a.txt', 'vendor/a.txt', 'usr/share/a.txt', 'README.md', 'a.pdf', 'package-lock.json'],
  ...['node_modules/a/index.js', 'usr/local/app/data.csv', 'usr/lib/a.so', 'usr/bin/a', 'run/a', 'dev/a', 'go.sum'],
  ...['var/lib/app.db', 'yarn.lock', 'lib/a.jar.txt', 'usr/a.pyc', 'a.png', 'proc/a', 'tmp/a', '.git/a', 'a.min.js'],
];

/** Lines of other text, so that each value begins some bytes before the end of a block of 4 KiB. */
function straddling(): string {
  let text = '';
  for (const [index, { ssn }] of patients(80, 400).entries()) {
    text = `${text.padEnd((index + 1) * 4096 - 7 - (index % 9), 'x'.repeat(62) + '\n')}\nssn ${ssn}\n`;
  }
  return text;
}

/** `levels` gzip members around each other. */
function gzipped(levels: number): Buffer {
  let bytes: Buffer = Buffer.from(line);
  for (let level = 0; level < levels; level++) bytes = gzipSync(bytes);
  return bytes;
}

const table = patients(1001, 1000).map(({ mrn, family, given, ssn }) => [mrn, family, given, ssn].join(','));

const cutLayer = gzipSync(tarFile('c', 'x'.repeat(900))).subarray(0, -20);

const rows: readonly Row[] = [
  {
    title: 'a value in a zstd layer',
    images: layered({ entries: [seed], compression: 'zstd' }),
    layout: containerdStore,
    found: ['srv/seed.txt'],
  },
  { title: 'a value in a zip', images: files(planted('a.zip', buildZip({ 'b.txt': line }))), found: ['a.zip!b.txt'] },
  {
    title: 'a value in ENV alone',
    images: [{ layers: [motd], config: { Env: [`SEED=${one.ssn}`] } }],
    found: ['config.Env[0]'],
  },
  {
    title: 'a value in LABEL alone',
    images: [{ layers: [motd], config: { Labels: { seed: one.ssn } } }],
    found: ['config.Labels.seed'],
  },
  {
    title: 'a value in CMD alone',
    images: [{ layers: [motd], config: { Cmd: ['load', '--mrn', one.mrn] } }],
    found: ['config.Cmd[2]'],
  },
  {
    title: 'a value in HEALTHCHECK alone',
    images: [{ layers: [motd], config: { Healthcheck: { Test: ['CMD', 'load', one.ssn] } } }],
    found: ['config.Healthcheck.Test[2]'],
  },
  {
    title: 'a value in the arm64 variant alone',
    images: [{ layers: [motd] }, { layers: [{ entries: [seed] }], platform: 'linux/arm64' }],
    layout: containerdStore,
    found: ['srv/seed.txt'],
  },
  {
    title: 'a value in the second image of a docker save alone',
    images: [{ layers: [motd] }, { layers: [{ entries: [seed] }], names: ['second:1'] }],
    layout: dockerLegacy,
    found: ['srv/seed.txt'],
  },
  {
    title: 'a value in a base layer below a CMD of the base image',
    images: [
      {
        layers: [{ entries: [seed] }, motd],
        history: [
          { created_by: 'ADD rootfs.tar / # buildkit' },
          { created_by: 'CMD ["/bin/sh"]', empty_layer: true },
          { created_by: 'COPY motd /etc/ # buildkit' },
        ],
      },
    ],
    found: ['srv/seed.txt'],
  },
  {
    title: 'a value at a path at which an upper layer has another',
    images: layered({ entries: [seed] }, { entries: [planted(seed.path, `ssn: ${patient(32).ssn}\n`)] }),
    found: ['srv/seed.txt', 'srv/seed.txt'],
  },
  {
    title: 'values below paths and endings that are skipped by default elsewhere',
    images: files(...DEFAULT_SKIPS.map((path) => planted(path))),
    found: [...DEFAULT_SKIPS].sort(),
  },
  {
    title: 'a text behind a binary head',
    images: files(
      planted('a.bin', Buffer.concat([Buffer.alloc(8192, 0), Buffer.from('\xff\xfe\x00\x01'), Buffer.from(line)])),
    ),
    found: ['a.bin'],
  },
  { title: 'a file of nine bytes', images: files(planted('a', `mrn:${one.mrn.slice(0, 5)}`)), found: ['a'] },
  {
    title: 'values that straddle the ends of blocks of 4 KiB, 8 KiB, 64 KiB and 256 KiB',
    images: files(planted('a.log', straddling())),
    found: ['a.log'],
    check: ({ findings }) => {
      expect(findings[0]?.count).toBe(80);
    },
  },
  {
    title: 'a value at the end of a line of 40 KiB',
    images: files(planted('a.json', JSON.stringify({ filler: 'y'.repeat(40_000), ssn: one.ssn }))),
    found: ['a.json'],
  },
  {
    title: 'a contiguous file (type 7) of a tar',
    images: rawLayer(Buffer.concat([tarFile('a.txt', line, { flag: '7' }), endBlocks])),
    layout: ociLayout,
    found: ['a.txt'],
  },
  {
    title: 'an OCI archive without manifest.json',
    images: layered({ entries: [seed] }),
    layout: ociLayout,
    found: ['srv/seed.txt'],
  },
  {
    title: 'blobs whose names say nothing: docker save since 25',
    images: layered({ entries: [seed] }),
    layout: docker25,
    found: ['srv/seed.txt'],
  },
  {
    title: 'a database file',
    images: files(
      planted(
        'a.sqlite',
        Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4080), Buffer.from(`\x05\x17${one.ssn}`)]),
      ),
    ),
    found: ['a.sqlite'],
  },
  {
    title: 'a gzip of a tar without a name that says so',
    images: files(planted('backup.bin', gzipSync(tarFile('a.txt', line)))),
    found: ['backup.bin!a.txt'],
  },
  {
    title: 'a base64 value behind its label',
    images: files(planted('a.yaml', `ssn: ${Buffer.from(one.ssn).toString('base64')}\n`)),
    found: ['a.yaml'],
  },
  {
    title: 'gzip layers inside an archive: docker save with the containerd store',
    images: layered({ entries: [seed] }),
    layout: containerdStore,
    found: ['srv/seed.txt'],
  },
  {
    title: 'any of 1,001 records of one file: the count is right',
    images: files(planted('a.csv', `mrn,last_name,first_name,ssn\n${table.join('\n')}\n`)),
    found: ['a.csv'],
    check: ({ findings }) => {
      expect(findings[0]).toMatchObject({ detector: 'patient-record', count: 1001 });
    },
  },
  {
    title: 'the layer of a finding: index, digest and diffId',
    images: layered({ entries: [seed] }),
    layout: containerdStore,
    found: ['srv/seed.txt'],
    check: ({ findings }) => {
      expect(findings[0]?.location.layer).toEqual({
        index: 1,
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
        diffId: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
        createdBy: 'COPY layer-1 /',
      });
    },
  },
  {
    title: 'a file that RUN made',
    images: layered({ entries: [seed], createdBy: 'RUN /bin/sh -c make seed # buildkit' }),
    found: ['srv/seed.txt'],
    check: ({ findings }) => {
      expect(findings[0]?.location.layer?.createdBy).toBe('RUN make seed');
    },
  },
  {
    title: 'layers of an image without history',
    images: [{ layers: [motd, { entries: [seed] }], history: [] }],
    found: ['srv/seed.txt'],
  },
  {
    title: 'layers beyond the last history entry',
    images: [{ layers: [motd, motd, { entries: [seed] }], history: [{ created_by: 'COPY a /' }] }],
    found: ['srv/seed.txt'],
  },
  {
    title: 'a jar',
    images: files(planted('app.jar', buildZip({ 'META-INF/MANIFEST.MF': 'x', 'data/seed.txt': line }))),
    found: ['app.jar!data/seed.txt'],
  },
  {
    title: 'a text in latin1',
    images: files(planted('a.txt', Buffer.from(`Zo\xeb, na\xefve\n${line}`, 'latin1'))),
    found: ['a.txt'],
  },
  {
    title: 'a text in UTF-16 with a mark, as Windows exports it',
    images: files(planted('a.txt', Buffer.from(`\ufeff${line}`, 'utf16le'))),
    found: ['a.txt'],
  },
  {
    title: 'a text in UTF-16 without a mark',
    images: files(planted('a.txt', Buffer.from(`Patient sheet\r\n${line}`, 'utf16le'))),
    found: ['a.txt'],
  },
  {
    title: 'a value in a gzip layer beside a zstd layer',
    images: layered({ entries: [planted('a')], compression: 'zstd' }, { entries: [planted('b')], compression: 'gzip' }),
    layout: ociLayout,
    found: ['a', 'b'],
  },
  {
    title: 'a file that a later layer overwrites',
    images: layered({ entries: [seed] }, { entries: [planted(seed.path, 'none\n')] }),
    found: ['srv/seed.txt'],
    check: ({ findings }) => {
      expect(findings[0]?.location).toMatchObject({ visibility: 'overwritten', hiddenBy: 2 });
    },
  },
  {
    title: 'a platform of the index that is not here: it is named',
    images: [{ layers: [motd] }, { layers: [{ entries: [seed] }], platform: 'linux/arm64', absent: 'manifest' }],
    layout: containerdStore,
    found: [],
  },
  {
    title: 'a layer of less than 512 compressed bytes: it is no gap',
    images: layered({ entries: [] }, { entries: [seed] }),
    layout: containerdStore,
    found: ['srv/seed.txt'],
  },
  {
    title: 'a blob of an unknown media type',
    images: layered({ entries: [], stored: Buffer.from(`made for\n${line}`), mediaType: 'application/x-own' }),
    layout: ociLayout,
    found: ['blob'],
  },
  {
    title: 'a layer of an unknown media type that is a tar',
    images: layered({ entries: [seed], mediaType: 'application/x-own' }),
    layout: ociLayout,
    found: ['srv/seed.txt'],
  },
  {
    title: 'a file that a later layer deletes',
    images: layered({ entries: [seed] }, { entries: [{ path: seed.path, whiteout: true }] }),
    found: ['srv/seed.txt'],
    check: ({ findings }) => {
      expect(findings[0]?.location).toMatchObject({ visibility: 'deleted', hiddenBy: 2 });
    },
  },
  {
    title: 'containers inside containers beyond the bound: the bound that was hit is a gap',
    images: files(planted('a.gz', gzipped(limits.nestedDepth + 1)), planted('b')),
    found: ['b'],
    gaps: ['depth-limit'],
  },
  {
    title: 'a value inside as many containers as the bound allows',
    images: files(planted('a.gz', gzipped(limits.nestedDepth))),
    found: [`a.gz!a${'!a'.repeat(limits.nestedDepth - 1)}`],
  },
  {
    title: 'numbers of areas that were opened in 2011',
    images: files(planted('a.txt', `ssn: ${[800 + 71, 44, 5000 + 631].join('-')}\n`)),
    found: ['a.txt'],
  },
  {
    title: 'a value across byte 8191 of a file of one line',
    images: files(planted('a.txt', `${'x '.repeat(4091)}${one.ssn} y`)),
    found: ['a.txt'],
  },
  {
    title: 'a build argument that only the provenance of mode=max holds',
    images: [
      {
        layers: [motd],
        attestations: [
          {
            _type: 'https://in-toto.io/Statement/v0.1',
            predicateType: 'https://slsa.dev/provenance/v1',
            predicate: {
              buildDefinition: { externalParameters: { request: { args: { 'build-arg:SEED': one.ssn } } } },
            },
          },
        ],
      },
    ],
    layout: containerdStore,
    found: ['predicate.buildDefinition.externalParameters.request.args["build-arg:SEED"]'],
  },
  {
    title: 'a value in a path, a link target or an extended attribute alone',
    images: files(
      { path: 'a/ssn', content: 'x', pax: { 'SCHILY.xattr.user.note': line.trim() } },
      { path: 'b/link', symlink: `/data/${one.ssn}` },
      { path: `c/${one.ssn}`, content: 'x' },
    ),
    found: ['a/ssn', 'b/link', 'c/***-**-****'],
  },
  {
    title: 'a configuration of 3 MiB',
    images: [{ layers: [motd], config: { Labels: { filler: 'z '.repeat(1_572_864), ssn: one.ssn } } }],
    layout: containerdStore,
    found: ['blob'],
    check: ({ findings }) => {
      expect(findings[0]?.location).toMatchObject({ kind: 'config', line: 1, offset: expect.any(Number) as number });
    },
  },
  {
    title: 'two good layers around a bad one',
    images: layered({ entries: [planted('a')] }, { entries: [], stored: cutLayer }, { entries: [planted('b')] }),
    layout: ociLayout,
    found: ['a', 'b'],
    gaps: ['truncated'],
  },
  {
    title: 'a layer beside one with a pax header of 8 GiB',
    images: [
      {
        layers: [
          { entries: [seed] },
          {
            entries: [],
            compression: 'none',
            stored: tarHeader({ flag: 'x', size: Buffer.from('8000000000020000', 'hex') }),
          },
        ],
      },
    ],
    layout: ociLayout,
    found: ['srv/seed.txt'],
    gaps: ['record-limit', 'truncated'],
  },
];

let reports: Report;
beforeAll(async () => {
  reports = await inFolder(async (folder) => {
    const references: string[] = [];
    for (const [index, { images, layout = docker25 }] of rows.entries()) {
      const name = `row-${index}:1`;
      const built = await buildImages(
        images.map((spec) => ({ ...spec, names: spec.names?.map(() => `${name}-b`) ?? [name] })),
      );
      references.push(join(folder, `row-${index}.tar`));
      await writeFile(references.at(-1) ?? '', await archiveOf(layout(built)));
    }
    return await scan(references, { jobs: 2 });
  });
});

/** Of one archive, whether its image is named or not. */
function of(index: number): (place: { readonly location: Location }) => boolean {
  const name = new RegExp(`(^|/)row-${index}(:1.*|\\.tar)$`);
  return ({ location }) => name.test(location.target);
}

function placeOf({ location: { kind, path, pointer } }: Finding): string {
  const place = kind === 'file' ? path : (pointer ?? path);
  return place.replace(/^blobs\/sha256\/[0-9a-f]{64}$/, 'blob');
}

describe('never missed:', () => {
  it.each(rows.map((row, index): [string, number, Row] => [row.title, index, row]))('%s', (_, index, row) => {
    const findings = reports.findings.filter(of(index));
    const gaps = reports.coverage.gaps.filter(of(index));
    expect(findings.map(placeOf).sort()).toEqual(row.found);
    expect(gaps.map(({ reason }) => reason).sort()).toEqual(row.gaps ?? []);
    row.check?.({ findings });
  });

  it('the absent platform is in the report', () => {
    const index = rows.findIndex(({ title }) => title.startsWith('a platform of the index'));
    const target = reports.targets.find(({ reference }) => reference === `row-${index}:1`);
    expect(target?.absentPlatforms).toEqual(['linux/arm64']);
  });

  it.skipIf(missing('tar') !== undefined)('what stands behind a hole of a sparse file', async () => {
    await inFolder(async (folder) => {
      run('bash', ['-c', `truncate -s 3M hole && printf '%s' "$LINE" >> hole`], {
        cwd: folder,
        env: { PATH: process.env['PATH'], LINE: line },
      });
      for (const format of ['gnu', 'posix']) {
        const tar = run('tar', ['--sparse', `--format=${format}`, '-cf', '-', 'hole'], { cwd: folder });
        expect(tar.length).toBeLessThan(100_000);
        const file = join(folder, `${format}.tar`);
        await writeFile(file, await archiveOf(ociLayout(await buildImages(rawLayer(tar)))));
        const { findings, coverage } = await scan([file]);
        expect(coverage.gaps).toEqual([]);
        expect(findings.map(({ location }) => [location.path, location.offset])).toEqual([
          ['hole', 3 * 1024 * 1024 + 5],
        ]);
      }
    });
  });
});

const image = async (...layers: readonly LayerSpec[]): Promise<Buffer> =>
  archiveOf(ociLayout([await buildImage({ names: ['app:1'], layers: [motd, ...layers] })]));

describe('never silent:', () => {
  it('a layer that is broken, without a finding elsewhere: exit 3', async () => {
    const { stored } = await buildLayer({ entries: [{ path: 'b', content: 'x'.repeat(5000) }] });
    const stdin = await image({ entries: [], stored: stored.subarray(0, 60) });
    expect(await phiscan(['image', '-'], { stdin })).toMatchObject({ code: 3 });
  });

  it('findings, by default: exit 1', async () => {
    expect(await phiscan(['image', '-'], { stdin: await image({ entries: [seed] }) })).toMatchObject({ code: 1 });
  });

  it('findings that are written to a file: exit 1', async () => {
    await inFolder(async (folder) => {
      const output = join(folder, 'report.json');
      const stdin = await image({ entries: [seed] });
      const { code, stdout } = await phiscan(['image', '-', '--format', 'json', '--output', output], { stdin });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect((JSON.parse(await readFile(output, 'utf8')) as Report).findings).toHaveLength(1);
    });
  });

  it('a changed layer: the summary has a line for it', async () => {
    const built = await buildImage({ names: ['app:1'], layers: [motd, { entries: [seed] }] });
    const other = await buildTar([{ path: 'c', content: 'changed' }]);
    const changed = ociLayout([built]).map((file) =>
      file.path.endsWith(built.layers[0]?.digest.slice(7) ?? '') ? { ...file, content: gzipSync(other) } : file,
    );
    const { code, stdout } = await phiscan(['image', '-'], { stdin: await archiveOf(changed) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/INCOMPLETE: \d gaps/);
    expect(stdout).toContain('digest');
  });

  it.each(['table', 'json'])('nor is a value ever printed, of records on adjacent lines: %s', async (format) => {
    const people = patients(4, 60);
    const content = people
      .map(({ name, ssn, mrn, dob }) => `patient: ${name} ssn: ${ssn} mrn: ${mrn} dob: ${dob}`)
      .join('\n');
    const stdin = await image({ entries: [{ path: 'a.log', content }] });
    const { code, stdout, stderr } = await phiscan(['image', '-', '--explain', '--format', format], { stdin });
    expect(code).toBe(1);
    for (const { name, family, ssn, mrn, dob } of people) {
      for (const value of [name, family, ssn, ssn.replaceAll('-', ''), mrn, dob]) {
        expect(stdout.includes(value) || stderr.includes(value)).toBe(false);
      }
    }
  });
});

describe('size is no limit:', () => {
  const MiB = 1024 * 1024;
  const filler = Buffer.from('2024-05-01T12:00:00Z INFO request served in 12 ms, cache hit, 200 OK\n'.repeat(3800));
  const table = Buffer.from('4711,blue,14.20,2024-05-01,in stock\n'.repeat(7000));
  const small = Array.from({ length: 10_050 }, (_, index) =>
    bigFile(`srv/many/${index}.txt`, 1, Buffer.from('x\n'), ''),
  );
  let report: Report;
  let peakBytes = 0;

  beforeAll(async () => {
    const stdin = bigImage('big:1', [
      bigFile('srv/large.csv', 51 * MiB, table, `4711,${one.ssn},14.20,2024-05-01,in stock\n`),
      bigFile('srv/large.log', 101 * MiB, filler, line),
      bigFile('srv/filler.log', 110 * MiB, filler, ''),
      ...small,
      bigFile('srv/many/last.txt', 1, Buffer.from('x\n'), line),
    ]);
    ({ report, peakBytes } = await phiscanReport(['image', '-'], { stdin }));
  });

  const paths = (): readonly string[] => report.findings.map(({ location }) => location.path);

  it('the last row of a CSV of 51 MiB', () => {
    expect(paths()).toContain('srv/large.csv');
  });

  it('the end of a file of 101 MiB', () => {
    expect(paths()).toContain('srv/large.log');
  });

  it('the last of 10,000 entries, behind more than 256 MiB of its layer', () => {
    expect(report.coverage.bytes).toBeGreaterThan(262 * MiB);
    expect(paths()).toContain('srv/many/last.txt');
  });

  it('every byte of the layer is scanned, and verified', () => {
    expect(report.coverage.gaps).toEqual([]);
    expect(paths()).toHaveLength(3);
  });

  it('memory stays below 256 MiB', () => {
    expect(peakBytes).toBeLessThan(256 * MiB);
  });
});
