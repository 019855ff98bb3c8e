import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Location, Report } from '../../src/finding.ts';
import type { BuiltImage, ImageSpec, LayerSpec } from '../support/image-builder.ts';
import { buildImage, buildImages, buildLayer } from '../support/image-builder.ts';
import type { ArchiveOptions, LayoutFiles } from '../support/image-layouts.ts';
import {
  archiveOf,
  containerdStore,
  crane,
  docker25,
  dockerAncient,
  dockerLegacy,
  ociLayout,
  ociLayoutFile,
  skopeoDir,
  skopeoDockerArchive,
  writeLayout,
} from '../support/image-layouts.ts';
import { patient, patients } from '../support/patients.ts';
import { inFolder, phiscan, phiscanReport, scan, scanArchive } from '../support/scans.ts';

const one = patient(1);
const rows = patients(3, 10).map(({ mrn, family, given, dob }) => [mrn, family, given, dob].join(','));

/** One value of a known place in the base layer, a table in the second, and the third removes the table. */
const layers: readonly LayerSpec[] = [
  {
    entries: [
      { path: 'srv', directory: true },
      { path: 'srv/app.ini', content: `mode=prod\n[patient]\n  ssn = ${one.ssn}\n` },
    ],
    createdBy: 'COPY app.ini /srv/ # buildkit',
  },
  {
    entries: [{ path: 'srv/seed.csv', content: `mrn,last_name,first_name,dob\n${rows.join('\n')}\n` }],
    createdBy: 'COPY seed.csv /srv/ # buildkit',
  },
  {
    entries: [{ path: 'srv/seed.csv', whiteout: true }],
    createdBy: 'RUN /bin/sh -c rm /srv/seed.csv # buildkit',
  },
];
const spec: ImageSpec = { names: ['clinic:1'], layers, config: { Env: ['PATH=/usr/bin', `PATIENT_MRN=${one.mrn}`] } };

let image: BuiltImage;
beforeAll(async () => {
  image = await buildImage(spec);
});

/** What every medium must say of the findings above; `digest` is that of the layer as this medium stores it. */
function expectedOf({ layers }: BuiltImage, stored: 'as built' | 'unpacked'): readonly object[] {
  const reference = (index: number, createdBy: string): object => ({
    index,
    digest: layers[index]?.[stored === 'unpacked' ? 'diffId' : 'digest'],
    diffId: layers[index]?.diffId,
    createdBy,
  });
  return [
    {
      detector: 'patient-record',
      count: 3,
      severity: 'critical',
      location: {
        kind: 'file',
        target: 'clinic:1',
        layer: reference(1, 'COPY seed.csv /srv/'),
        path: 'srv/seed.csv',
        record: 1,
        line: 2,
        column: 1,
        offset: 29,
        visibility: 'deleted',
        hiddenBy: 2,
      },
    },
    {
      detector: 'mrn',
      count: 1,
      severity: 'high',
      location: { kind: 'config', target: 'clinic:1', pointer: 'config.Env[1]', field: 'PATIENT_MRN' },
    },
    {
      detector: 'ssn',
      count: 1,
      severity: 'high',
      location: {
        kind: 'file',
        target: 'clinic:1',
        layer: reference(0, 'COPY app.ini /srv/'),
        path: 'srv/app.ini',
        pointer: 'patient.ssn',
        field: 'ssn',
        line: 3,
        column: 9,
        offset: 28,
        visibility: 'visible',
      },
    },
  ];
}

/** Without the place of a configuration: its name differs from medium to medium. */
function plain({ detector, count, severity, location }: Finding): object {
  const { kind, target, pointer, field } = location;
  return { detector, count, severity, location: kind === 'file' ? location : { kind, target, pointer, field } };
}

function expectFindings(report: Report, stored: 'as built' | 'unpacked', built: BuiltImage = image): void {
  expect(report.coverage.gaps).toEqual([]);
  expect(report.findings.map(plain)).toEqual(expectedOf(built, stored));
  expect(report.targets.map(({ reference, platform }) => [reference, platform])).toEqual([['clinic:1', 'linux/amd64']]);
}

type Medium = readonly [
  title: string,
  layout: (images: readonly BuiltImage[]) => LayoutFiles,
  stored: 'as built' | 'unpacked',
  options?: ArchiveOptions,
];

const media: readonly Medium[] = [
  ['docker save before 25', dockerLegacy, 'unpacked'],
  ['docker save since 25', docker25, 'unpacked'],
  ['docker save 25.0.0, whose manifest has no layers', (images) => docker25(images, 'no-layers'), 'unpacked'],
  ['docker save of early 25.x, whose index is empty', (images) => docker25(images, 'empty-index'), 'unpacked'],
  ['docker save with the containerd store', containerdStore, 'as built'],
  ['a docker-archive of skopeo or podman', skopeoDockerArchive, 'unpacked'],
  ['an oci-archive', ociLayout, 'as built'],
  ['a tarball of crane or kaniko', crane, 'as built'],
  ['an archive whose manifest comes first', crane, 'as built', { order: (files) => files.toReversed() }],
  ['a layout that tar packed below `./`', ociLayout, 'as built', { prefix: './' }],
  ['an archive in gzip', docker25, 'unpacked', { compression: 'gzip' }],
  ['an archive in zstd', containerdStore, 'as built', { compression: 'zstd' }],
  ['an archive in xz', ociLayout, 'as built', { compression: 'xz' }],
  ['an archive in bzip2', dockerLegacy, 'unpacked', { compression: 'bzip2' }],
];

/** What the report says of one archive, whose image's name is unlike the others only there. */
function partOf(report: Report, index: number): Report {
  const name = `clinic-${index}:1`;
  const isOwn = (target: string): boolean => target === name || target.endsWith(`/${index}.tar`);
  const renamed = (target: string): string => (target === name ? 'clinic:1' : target);
  const own = <Place extends { readonly location: Location }>(places: readonly Place[]): readonly Place[] =>
    places
      .filter(({ location }) => isOwn(location.target))
      .map((place) => ({ ...place, location: { ...place.location, target: renamed(place.location.target) } }));
  return {
    ...report,
    findings: own(report.findings),
    coverage: { ...report.coverage, gaps: own(report.coverage.gaps) },
    targets: report.targets
      .filter(({ reference }) => isOwn(reference))
      .map((target) => ({ ...target, reference: renamed(target.reference) })),
  };
}

describe('the same findings, each with layer, instruction, line, column and offset, from', () => {
  let report: Report;
  beforeAll(async () => {
    report = await inFolder(async (folder) => {
      const files: string[] = [];
      for (const [index, [, layout, , options]] of media.entries()) {
        const named = { ...image, spec: { ...image.spec, names: [`clinic-${index}:1`] } };
        files.push(join(folder, `${index}.tar`));
        await writeFile(files.at(-1) ?? '', await archiveOf(layout([named]), options));
      }
      return await scan(files, { jobs: 2 });
    });
  });

  it.each(media.map(([title, , stored], index) => [title, stored, index] as const))('%s', (_, stored, index) => {
    expectFindings(partOf(report, index), stored);
  });

  it.each<[string, (folder: string) => string]>([
    ['an oci: folder', (folder) => `oci:${folder}:clinic:1`],
    ['a bare folder', (folder) => folder],
  ])('%s', async (_, reference) => {
    await inFolder(async (folder) => {
      await writeLayout(ociLayout([image]), folder);
      expectFindings(await scan([reference(folder)]), 'as built');
    });
  });

  it('a dir: folder of skopeo, which knows no name', async () => {
    await inFolder(async (folder) => {
      await writeLayout(skopeoDir(image), folder);
      const { findings, coverage } = await scan([folder]);
      expect(coverage.gaps).toEqual([]);
      expect(findings.map(plain)).toMatchObject(
        expectedOf(image, 'as built').map((finding) => {
          return { ...finding, location: { ...(finding as Finding).location, target: folder } };
        }),
      );
    });
  });

  it('a pipe, with exit code 1', async () => {
    const stdin = await archiveOf(docker25([image]));
    const { code, report } = await phiscanReport(['image', '-'], { stdin });
    expect(code).toBe(1);
    expectFindings(report, 'unpacked');
  });

  it('a pipe in zstd', async () => {
    const stdin = await archiveOf(containerdStore([image]), { compression: 'zstd' });
    expectFindings((await phiscanReport(['image', '-'], { stdin })).report, 'as built');
  });

  it('an image from before Docker 1.10, whose layers have only their own configurations', async () => {
    const { findings, coverage } = await scanArchive(await archiveOf(dockerAncient([image])));
    expect(coverage.gaps).toEqual([]);
    const files = findings.map(plain).filter((finding) => (finding as Finding).location.kind === 'file');
    const expected = expectedOf(image, 'unpacked') as readonly Finding[];
    expect(files).toEqual(expected.filter(({ location }) => location.kind === 'file'));
  });

  it.each(['none', 'gzip', 'estargz', 'zstd', 'zstd:chunked', 'xz', 'bzip2'] as const)(
    'layers in %s',
    async (compression) => {
      const built = await buildImage({ ...spec, layers: layers.map((layer) => ({ ...layer, compression })) });
      expectFindings(await scanArchive(await archiveOf(containerdStore([built]))), 'as built', built);
    },
  );

  it('layers of several gzip members, cut anywhere', async () => {
    const members = await Promise.all(
      layers.map(async (layer) => {
        const { tar } = await buildLayer(layer);
        const cuts = [0, 1, 512, 700, tar.length];
        const parts = cuts.slice(1).map((end, index) => gzipSync(tar.subarray(cuts[index], end)));
        return { ...layer, stored: Buffer.concat([gzipSync(''), ...parts, gzipSync('')]) };
      }),
    );
    const built = await buildImage({ ...spec, layers: members });
    expectFindings(await scanArchive(await archiveOf(crane([built]))), 'as built', built);
  });

  it.each([1, 2, 5])('%i worker threads', async (jobs) => {
    expectFindings(await scanArchive(await archiveOf(containerdStore([image])), { jobs }), 'as built');
  });
});

interface Seen {
  readonly path: string;
  readonly layer: number | undefined;
  readonly visibility: string | undefined;
  readonly hiddenBy: number | undefined;
}

function seen({ findings }: Report): readonly Seen[] {
  return findings.map(({ location: { path, layer, visibility, hiddenBy } }) => {
    return { path, layer: layer?.index, visibility, hiddenBy };
  });
}

function ssnLine(seed: number): string {
  return `ssn: ${patient(seed).ssn}\n`;
}

async function scanLayers(...entries: readonly LayerSpec['entries'][]): Promise<Report> {
  const built = await buildImage({ names: ['v:1'], layers: entries.map((layer) => ({ entries: layer })) });
  return scanArchive(await archiveOf(docker25([built])));
}

describe('a file is still in the image', () => {
  it('when a later layer deletes it', async () => {
    const report = await scanLayers([{ path: 'a/b', content: ssnLine(1) }], [{ path: 'a/b', whiteout: true }]);
    expect(seen(report)).toEqual([{ path: 'a/b', layer: 0, visibility: 'deleted', hiddenBy: 1 }]);
  });

  it('when a later layer deletes a folder above it', async () => {
    const report = await scanLayers([{ path: 'a/b/c', content: ssnLine(1) }], [], [{ path: 'a', whiteout: true }]);
    expect(seen(report)).toEqual([{ path: 'a/b/c', layer: 0, visibility: 'deleted', hiddenBy: 2 }]);
  });

  it('when a later layer makes its folder opaque', async () => {
    const report = await scanLayers([{ path: 'a/b/c', content: ssnLine(1) }], [{ path: 'a/b', opaque: true }]);
    expect(seen(report)).toEqual([{ path: 'a/b/c', layer: 0, visibility: 'deleted', hiddenBy: 1 }]);
  });

  it('when a later layer overwrites it', async () => {
    const report = await scanLayers([{ path: 'a/b', content: ssnLine(1) }], [{ path: 'a/b', content: 'empty' }]);
    expect(seen(report)).toEqual([{ path: 'a/b', layer: 0, visibility: 'overwritten', hiddenBy: 1 }]);
  });

  it('when the same path has another value in a later layer: two findings', async () => {
    const report = await scanLayers([{ path: 'a/b', content: ssnLine(1) }], [{ path: 'a/b', content: ssnLine(2) }]);
    expect(seen(report)).toEqual([
      { path: 'a/b', layer: 0, visibility: 'overwritten', hiddenBy: 1 },
      { path: 'a/b', layer: 1, visibility: 'visible', hiddenBy: undefined },
    ]);
  });

  it('when it stands in an archive that a later layer deletes', async () => {
    const inner = gzipSync(ssnLine(1));
    const report = await scanLayers([{ path: 'a.txt.gz', content: inner }], [{ path: 'a.txt.gz', whiteout: true }]);
    expect(seen(report)).toEqual([{ path: 'a.txt.gz!a.txt', layer: 0, visibility: 'deleted', hiddenBy: 1 }]);
  });

  it('when the whiteout itself has content', async () => {
    const report = await scanLayers([{ path: 'a/b', whiteout: true, content: ssnLine(1) }]);
    expect(seen(report)).toEqual([{ path: 'a/.wh.b', layer: 0, visibility: 'deleted', hiddenBy: 0 }]);
  });

  it.each([
    ['docker save links the second to the first', dockerLegacy],
    ['both have one blob', docker25],
  ])('twice, when two layers are equal: %s', async (_, layout) => {
    const entries = [{ path: 'a/b', content: ssnLine(1) }];
    const built = await buildImage({ names: ['v:1'], layers: [{ entries }, { entries: [] }, { entries }] });
    expect(seen(await scanArchive(await archiveOf(layout([built]))))).toEqual([
      { path: 'a/b', layer: 0, visibility: 'overwritten', hiddenBy: 2 },
      { path: 'a/b', layer: 2, visibility: 'visible', hiddenBy: undefined },
    ]);
  });
});

describe('several images and platforms', () => {
  const named = (name: string, seed: number, parts: Partial<ImageSpec> = {}): ImageSpec => ({
    names: [name],
    layers: [
      { entries: [{ path: 'shared', content: ssnLine(1) }] },
      { entries: [{ path: `own-${seed}`, content: ssnLine(seed) }] },
    ],
    ...parts,
  });
  const targets = ({ findings }: Report): readonly string[] =>
    findings.map(({ location: { target, path } }) => `${target.replace(/@.*/, '')} ${path}`);

  it.each<[string, (images: readonly BuiltImage[]) => LayoutFiles]>([
    ['docker save before 25', dockerLegacy],
    ['docker save since 25', docker25],
    ['the containerd store', containerdStore],
    ['skopeo', skopeoDockerArchive],
    ['an OCI layout', ociLayout],
    ['crane', crane],
  ])('every image of an archive of several is scanned: %s', async (_, layout) => {
    const report = await scanArchive(await archiveOf(layout(await buildImages([named('a:1', 2), named('b:1', 3)]))));
    expect(report.coverage.gaps).toEqual([]);
    expect(report.targets.map(({ reference }) => reference).sort()).toEqual(['a:1', 'b:1']);
    expect(targets(report)).toEqual(['a:1 shared', 'a:1 own-2', 'b:1 shared', 'b:1 own-3']);
  });

  const arm: ImageSpec = {
    names: ['a:1'],
    platform: 'linux/arm64/v8',
    layers: [{ entries: [{ path: 'arm', content: ssnLine(4) }] }],
  };
  const amd: ImageSpec = { names: ['a:1'], layers: [{ entries: [{ path: 'amd', content: ssnLine(5) }] }] };

  it.each([
    ['without --platform, every platform', undefined, ['amd', 'arm']],
    ['with --platform, that one', 'linux/arm64', ['arm']],
    ['with a variant', 'linux/arm64/v8', ['arm']],
    ['with another', 'linux/amd64', ['amd']],
  ])('%s is scanned', async (_, platform, paths) => {
    const archive = await archiveOf(containerdStore(await buildImages([amd, arm])));
    const report = await scanArchive(archive, platform === undefined ? {} : { platforms: [platform] });
    expect(report.coverage.gaps).toEqual([]);
    expect(report.findings.map(({ location }) => location.path).sort()).toEqual(paths);
    expect(report.targets.map((target) => target.platform)).toHaveLength(paths.length);
  });

  it('what repeats the configuration of an image that is left out is left out too', async () => {
    const other: ImageSpec = { ...arm, names: ['b:1'], config: { Env: [`PATIENT_SSN=${patient(6).ssn}`] } };
    const archive = await archiveOf(docker25(await buildImages([amd, other])));
    const report = await scanArchive(archive, { platforms: ['linux/amd64'] });
    expect(report.findings.map(({ location }) => location.path)).toEqual(['amd']);
  });

  it('an index without any platform that is here is a gap, and names those that are not', async () => {
    const absent = 'manifest';
    const archive = await archiveOf(
      ociLayout(
        await buildImages([
          { ...amd, absent },
          { ...arm, absent },
        ]),
      ),
    );
    const all = await scanArchive(archive);
    expect(all.coverage.gaps.filter(({ detail }) => detail === 'the manifest of an image is absent')).toHaveLength(2);
    const other = await scanArchive(archive, { platforms: ['linux/s390x'] });
    expect(other.coverage.complete).toBe(false);
    expect(other.targets.flatMap(({ absentPlatforms }) => absentPlatforms)).toEqual(['linux/amd64', 'linux/arm64/v8']);
  });

  it.each(['manifest', 'content'] as const)(
    'a platform that was not pulled is named, and is no gap: its %s is absent',
    async (absent) => {
      const report = await scanArchive(await archiveOf(containerdStore(await buildImages([amd, { ...arm, absent }]))));
      expect(report.coverage.gaps).toEqual([]);
      expect(report.targets).toHaveLength(1);
      expect(report.targets[0]?.absentPlatforms).toEqual(['linux/arm64/v8']);
      expect(report.findings.map(({ location }) => location.path)).toEqual(['amd']);
    },
  );

  it('a platform that was asked for and is not in the image is an error that names those that are', async () => {
    const archive = await archiveOf(containerdStore(await buildImages([amd, arm])));
    const { code, stderr } = await phiscan(['image', '-', '--platform', 'linux/s390x'], { stdin: archive });
    expect(code).toBe(2);
    expect(stderr).toContain('linux/amd64, linux/arm64/v8');
  });

  it('a platform that was asked for and of which only the manifest came: exit 3', async () => {
    const stdin = await archiveOf(containerdStore(await buildImages([amd, { ...arm, absent: 'content' }])));
    expect(await phiscan(['image', '-', '--platform', 'linux/arm64'], { stdin })).toMatchObject({ code: 3 });
  });
});

it('what no image uses is found too, and told of the source as a whole', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'notes.tar');
    await writeFile(file, await archiveOf([ociLayoutFile, { path: 'notes.txt', content: ssnLine(1) }]));
    const { findings, coverage, targets } = await scan([file]);
    expect(findings.map(({ location }) => [location.path, location.visibility])).toEqual([
      ['notes.txt', 'unreferenced'],
    ]);
    expect(coverage.gaps.map(({ reason }) => reason)).toContain('missing-blob');
    expect(targets.map(({ reference }) => reference)).toEqual([file]);
  });
});

describe('what was not read is a gap, and the rest is scanned', () => {
  const clean: LayerSpec = { entries: [{ path: 'etc/motd', content: 'welcome\n'.repeat(400) }] };
  const planted: LayerSpec = { entries: [{ path: 'etc/seed', content: ssnLine(1) }] };
  const reasons = ({ coverage }: Report): readonly string[] => coverage.gaps.map(({ reason }) => reason);

  /** A layer that cannot be read right, above another that can. */
  const broken: readonly [string, string, () => Promise<Partial<ImageSpec> & { readonly bad: LayerSpec }>][] = [
    ['an absent layer', 'missing-blob', () => Promise.resolve({ bad: { ...clean, absent: true } })],
    [
      'a foreign layer',
      'foreign-layer',
      () => {
        const mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
        const descriptor = { urls: ['https://example.com/layer'] };
        return Promise.resolve({ bad: { ...clean, absent: true, mediaType, descriptor } });
      },
    ],
    [
      'an encrypted layer',
      'encrypted',
      () => {
        const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted';
        return Promise.resolve({ bad: { ...clean, mediaType, stored: Buffer.alloc(4096, 0xa7) } });
      },
    ],
    [
      'a layer of another size than its descriptor says',
      'size-mismatch',
      () => Promise.resolve({ bad: { ...clean, descriptor: { size: 7 } } }),
    ],
    [
      'a layer that unpacks to other bytes than the configuration says',
      'diffid-mismatch',
      async () => {
        const { diffId } = await buildLayer(planted);
        const rootfs = { type: 'layers', diff_ids: [diffId, `sha256:${'1'.repeat(64)}`] };
        return { bad: clean, configuration: { rootfs } };
      },
    ],
    [
      'a layer that ends early',
      'truncated',
      async () => {
        const { stored } = await buildLayer(clean);
        return { bad: { ...clean, stored: stored.subarray(0, -20) } };
      },
    ],
    [
      'a layer with bytes behind its end',
      'unread-rest',
      async () => {
        const { stored } = await buildLayer(clean);
        return { bad: { ...clean, stored: Buffer.concat([stored, Buffer.alloc(64, 0x41)]) } };
      },
    ],
    [
      'a layer with a flipped bit',
      'corrupt',
      async () => {
        const { stored } = await buildLayer(clean);
        const flipped = Buffer.from(stored);
        flipped[flipped.length - 30] = (flipped[flipped.length - 30] ?? 0) ^ 4;
        return { bad: { ...clean, stored: flipped } };
      },
    ],
    [
      'a layer that is no tar',
      'unsupported',
      () => Promise.resolve({ bad: { ...clean, stored: Buffer.from('not a tar at all') } }),
    ],
  ];

  it.each(broken)('%s: %s', async (_, reason, make) => {
    const { bad, ...parts } = await make();
    const built = await buildImage({ names: ['v:1'], layers: [planted, bad], ...parts });
    const report = await scanArchive(await archiveOf(ociLayout([built])));
    expect(reasons(report)).toContain(reason);
    const inBytes = ['truncated', 'unread-rest', 'corrupt'].includes(reason);
    const gap = report.coverage.gaps.find((one) => one.reason === reason);
    expect(gap?.location).toMatchObject({ target: 'v:1', ...(inBytes && { kind: 'file', layer: { index: 1 } }) });
    expect(report.coverage.complete).toBe(false);
    expect(seen(report)).toEqual([{ path: 'etc/seed', layer: 0, visibility: 'visible', hiddenBy: undefined }]);
  });

  it('a blob whose name is the digest of other bytes', async () => {
    const built = await buildImage({ names: ['v:1'], layers: [planted, clean] });
    const other = await buildLayer({ entries: [{ path: 'etc/other', content: ssnLine(2) }] });
    const files = ociLayout([built]).map((file) => {
      return file.path.endsWith(built.layers[1]?.digest.slice(7) ?? '') ? { ...file, content: other.stored } : file;
    });
    const report = await scanArchive(await archiveOf(files));
    expect(reasons(report)).toContain('digest-mismatch');
    expect(report.findings.map(({ location }) => location.path).sort()).toEqual(['etc/other', 'etc/seed']);
  });

  const absent: LayerSpec = { entries: [{ path: 'etc/issue', content: 'hello\n' }], absent: true };

  it.each<[string, number, readonly LayerSpec[], readonly string[]]>([
    ['a gap alone', 3, [clean, absent], []],
    ['a gap and a finding', 1, [planted, absent], []],
    ['a gap that is allowed', 0, [clean, absent], ['--allow-incomplete']],
    ['nothing', 0, [clean], []],
    ['a finding', 1, [planted], []],
    ['a finding below the threshold', 0, [planted], ['--fail-on', 'critical']],
  ])('%s exits with %i', async (_, code, layers, options) => {
    const stdin = await archiveOf(ociLayout([await buildImage({ names: ['v:1'], layers })]));
    expect(await phiscan(['image', '-', ...options], { stdin })).toMatchObject({ code });
  });

  it('an archive that ends in a layer', async () => {
    const archive = await archiveOf(
      skopeoDockerArchive([await buildImage({ names: ['v:1'], layers: [planted, clean] })]),
    );
    await inFolder(async (folder) => {
      const file = join(folder, 'cut.tar');
      await writeFile(file, archive.subarray(0, 5000));
      const report = await scan([file]);
      expect(reasons(report)).toContain('truncated');
      expect(report.findings).toHaveLength(1);
    });
  });
});
