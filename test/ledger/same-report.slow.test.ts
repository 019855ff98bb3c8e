import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { memoryLedger, openLedger } from '../../src/ledger/open-ledger.ts';
import { scopeOf } from '../../src/ledger/scope.ts';
import { type BuiltImage, buildImages, type LayerSpec } from '../support/image-builder.ts';
import {
  archiveOf,
  containerdStore,
  crane,
  docker25,
  dockerLegacy,
  type LayoutFiles,
  ociLayout,
  skopeoDockerArchive,
  writeLayout,
} from '../support/image-layouts.ts';
import { compress } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { inFolder, phiscanReport, scan } from '../support/scans.ts';
import { watchedLedger } from '../support/watched-ledger.ts';

const doc = 'usr/share/doc/libx/examples.txt';
const docText = `patient ssn: ${patient(9).ssn}\n`;

/** A folder and a file of one path, whiteouts, a package's file, a nested archive, a broken one, names with values. */
const layers: readonly LayerSpec[] = [
  {
    entries: [
      { path: 'srv/seed.csv', content: `ssn,name,dob\n${patient(1).ssn},${patient(1).name},${patient(1).dob}\n` },
      { path: 'srv/old.txt', content: `mrn: ${patient(2).mrn}\npatient ssn ${patient(2).ssn}\n` },
      { path: `srv/${patient(3).ssn}/notes.txt`, content: 'nothing' },
      { path: doc, content: docText },
    ],
  },
  {
    entries: [
      { path: 'srv/old.txt', whiteout: true },
      { path: 'srv/list.csv.gz', content: compress(Buffer.from(`ssn\n${patient(4).ssn}\n`), 'gzip') },
      { path: 'srv/broken.gz', content: compress(Buffer.from('x'.repeat(900)), 'gzip').subarray(0, 20) },
    ],
  },
  {
    entries: [{ path: 'srv/seed.csv', content: `ssn,name\n${patient(5).ssn},${patient(5).name}\n` }],
    compression: 'zstd',
  },
];

const spec = { layers, names: ['clinic:1'], config: { Env: [`PATIENT_SSN=${patient(6).ssn}`] } };

const layouts: readonly (readonly [string, (images: readonly BuiltImage[]) => LayoutFiles])[] = [
  ['docker save since 25', (images) => docker25(images)],
  ['docker save before', dockerLegacy],
  ['the containerd store', containerdStore],
  ['an OCI layout', ociLayout],
  ['skopeo, docker-archive', skopeoDockerArchive],
  ['crane', crane],
];

function without({ summary: { durationMs: _ms, ...summary }, ...report }: Report): unknown {
  return { ...report, summary };
}

/** Reports with nothing known, with an empty ledger, and with a full one. */
async function threeReports(reference: string, ledger = watchedLedger(memoryLedger())): Promise<readonly unknown[]> {
  const plain = await scan([reference]);
  const first = await scan([reference], { ledger });
  const remembered = ledger.remembered();
  expect(ledger.recalled()).toEqual([]);
  const second = await scan([reference], { ledger });
  expect([...ledger.recalled()].sort()).toEqual([...remembered].sort());
  expect(ledger.remembered()).toEqual([]);
  expect(plain.findings.length).toBeGreaterThan(0);
  return [plain, first, second].map(without);
}

describe('a layer that is known gives the same report', () => {
  it.each(layouts)('%s, in a file', async (_name, layout) => {
    await inFolder(async (folder) => {
      const file = join(folder, 'image.tar');
      await writeFile(file, await archiveOf(layout(await buildImages([spec]))));
      const [plain, first, second] = await threeReports(file);
      expect(first).toEqual(plain);
      expect(second).toEqual(plain);
    });
  });

  it.each(layouts)('%s, in a folder', async (_name, layout) => {
    await inFolder(async (folder) => {
      await writeLayout(layout(await buildImages([spec])), folder);
      const [plain, first, second] = await threeReports(folder);
      expect(first).toEqual(plain);
      expect(second).toEqual(plain);
    });
  });

  it('that was scanned compressed, as the tar of docker save', async () => {
    await inFolder(async (folder) => {
      const images = await buildImages([spec]);
      const packed = join(folder, 'packed.tar');
      await writeFile(packed, await archiveOf(ociLayout(images)));
      const ledger = watchedLedger(memoryLedger());
      await scan([packed], { ledger });
      for (const [name, layout] of layouts) {
        const file = join(folder, `${name}.tar`);
        await writeFile(file, await archiveOf(layout(images)));
        ledger.recalled();
        expect(without(await scan([file], { ledger })), name).toEqual(without(await scan([file])));
        expect(ledger.recalled(), name).toHaveLength(layers.length);
      }
    });
  });

  it('but not what stands beside what is compressed', async () => {
    await inFolder(async (folder) => {
      const [built] = await buildImages([spec]);
      const tar = built?.layers[0]?.tar ?? Buffer.alloc(0);
      const stored = Buffer.concat([compress(tar, 'gzip'), Buffer.from(`\npatient ssn: ${patient(7).ssn}\n`)]);
      const withMore = await buildImages([{ ...spec, layers: [{ ...layers[0], entries: [], stored }] }]);
      const file = join(folder, 'more.tar');
      await writeFile(file, await archiveOf(ociLayout(withMore)));
      const ledger = watchedLedger(memoryLedger());
      await scan([file], { ledger });
      const plain = join(folder, 'plain.tar');
      await writeFile(plain, await archiveOf(docker25(await buildImages([{ ...spec, layers: layers.slice(0, 1) }]))));
      const report = await scan([plain], { ledger });
      expect(ledger.recalled()).toEqual([]);
      expect(without(report)).toEqual(without(await scan([plain])));
    });
  });

  it('from a stream', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'image.tar');
      await writeFile(file, await archiveOf(docker25(await buildImages([spec]))));
      const env = { PHISCAN_CACHE_DIR: join(folder, 'cache') };
      const reports: unknown[] = [];
      for (const options of [['--no-ledger'], [], []]) {
        const stdin = createReadStream(file);
        const { report, stderr } = await phiscanReport(['image', '-', ...options], { stdin, env });
        expect(stderr).toBe('');
        reports.push(without(report));
      }
      expect(reports[1]).toEqual(reports[0]);
      expect(reports[2]).toEqual(reports[0]);
    });
  });

  it('whatever the images', async () => {
    const path = fc.constantFrom('a', 'a/b', 'a/b/c.txt', 'd/e.csv', 'd', 'srv/x.txt');
    const entry = fc.record({ path, content: fc.constantFrom('', docText, `ssn\n${patient(8).ssn}\n`, 'words') });
    const compression = fc.constantFrom<NonNullable<LayerSpec['compression']>>('none', 'gzip', 'zstd');
    const layer = fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 5 }), compression });
    const image = fc.array(layer, { minLength: 1, maxLength: 4 });
    const layout = fc.constantFrom(...layouts.map(([, of]) => of));
    const ledger = memoryLedger();
    await fc.assert(
      fc.asyncProperty(fc.array(image, { minLength: 1, maxLength: 2 }), layout, async (images, of) => {
        const built = await buildImages(
          images.map((specs, index) => ({ layers: specs, names: [`app:${String(index)}`] })),
        );
        await inFolder(async (folder) => {
          const file = join(folder, 'image.tar');
          await writeFile(file, await archiveOf(of(built)));
          const plain = without(await scan([file], { jobs: 2 }));
          expect(without(await scan([file], { jobs: 2, ledger }))).toEqual(plain);
          expect(without(await scan([file], { jobs: 2, ledger }))).toEqual(plain);
        });
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});

test('a file keeps it for the next process, and nobody else may read it', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'image.tar');
    await writeFile(file, await archiveOf(ociLayout(await buildImages([spec]))));
    const scope = scopeOf('rules', 'engine');
    const warnings: string[] = [];
    const open = async () =>
      watchedLedger(
        await openLedger({ folder: join(folder, 'cache'), scope, onWarning: (text) => warnings.push(text) }),
      );
    const first = await open();
    const report = await scan([file], { ledger: first });
    await first.close();
    const second = await open();
    expect(without(await scan([file], { ledger: second }))).toEqual(without(report));
    expect(second.recalled()).toHaveLength(layers.length);
    await second.close();
    expect(warnings).toEqual([]);
  });
});

test('a blob that is not what its name says is scanned, or told as not read', async () => {
  await inFolder(async (folder) => {
    const images = await buildImages([spec]);
    const files = docker25(images);
    const file = join(folder, 'image.tar');
    await writeFile(file, await archiveOf(files));
    const cache = join(folder, 'cache');
    await mkdir(cache);
    const env = { PHISCAN_CACHE_DIR: cache };
    await phiscanReport(['image', file], { env });
    const [known] = images[0]?.layers ?? [];
    const [other] =
      (await buildImages([{ layers: [{ entries: [{ path: 'x.csv', content: `ssn\n${patient(30).ssn}\n` }] }] }]))[0]
        ?.layers ?? [];
    const swapped = files.map((of) =>
      of.path.endsWith(known?.diffId.slice('sha256:'.length) ?? '-') ? { ...of, content: other?.tar ?? '' } : of,
    );
    const forged = join(folder, 'forged.tar');
    await writeFile(forged, await archiveOf(swapped));
    const plain = await phiscanReport(['image', forged, '--no-ledger']);
    const ranged = await phiscanReport(['image', forged], { env });
    expect(without(ranged.report)).toEqual(without(plain.report));
    expect(ranged.report.findings.map(({ location }) => location.path)).toContain('x.csv');
    const streamed = await phiscanReport(['image', '-'], { env, stdin: createReadStream(forged) });
    expect(streamed.report.coverage.gaps.map(({ reason }) => reason)).toContain('digest-mismatch');
  });
});
