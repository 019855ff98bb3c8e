import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanFiles, scanImages } from '../../dist/src/scan.js';
import { Engine } from '../../src/engine/engine.ts';
import type { Report } from '../../src/finding.ts';
import { renderJson } from '../../src/report/json.ts';
import { scanBlob } from '../../src/scan/blob.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { Tally } from '../../src/scan/tally.ts';
import type { Chunks } from '../../src/unpack/chunks.ts';
import { buildImage } from '../support/image-builder.ts';
import {
  archiveOf,
  containerdStore,
  docker25,
  dockerLegacy,
  ociLayout,
  writeLayout,
} from '../support/image-layouts.ts';
import { buildTar, compress } from '../support/layer-builder.ts';
import { patients } from '../support/patients.ts';
import { phiscan, reportOf } from './command.ts';
import { contentEntries, nameEntries, nestedEntries, noteOf, plantedImage, Planter } from './plants.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-split-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const engine = new Engine();

/** Pieces of the given sizes, again and again. Each is overwritten once the next is asked for, as the contract allows. */
async function* pieces(bytes: Buffer, sizes: readonly number[]): Chunks {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const piece = Buffer.from(bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1)));
    at += piece.length;
    yield await Promise.resolve(piece);
    piece.fill(0x58);
  }
}

const sizes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }),
  fc.array(fc.integer({ min: 500, max: 70_000 }), { minLength: 1, maxLength: 6 }),
  fc.constantFrom([1], [511, 1], [512], [513], [64 * 1024], [64 * 1024 - 1, 2]),
);

/** Longer than a head, a window and a line, with records across every bound. */
function longContents(): Readonly<Record<string, Buffer>> {
  const people = patients(900, 8000);
  const rows = people.map(({ name, ssn, mrn, dob }) => `${name},${ssn},${mrn},${dob}`);
  const filler = 'lorem ipsum dolor sit amet '.repeat(90);
  const notes = people.slice(0, 60).map((person) => `${filler}\n${noteOf(person)}`);
  const records = people.map(({ name, ssn, mrn, dob }) => ({ name, ssn, mrn, dob }));
  return {
    'table.csv': Buffer.from(`patient_name,ssn,mrn,dob\n${rows.join('\n')}\n`),
    'notes.txt': Buffer.from(notes.join('\n')),
    'one-line.txt': Buffer.from(notes.join(' ').replaceAll('\n', ' ')),
    'late.bin': Buffer.concat([Buffer.alloc(70_000, 3), Buffer.from(notes.join('\0'))]),
    'records.json': Buffer.from(JSON.stringify({ patients: records })),
    'pretty.json': Buffer.from(JSON.stringify(records, undefined, 2)),
    'wide.csv': Buffer.from(`\ufeffpatient_name,ssn,mrn,dob\r\n${rows.join('\r\n')}`, 'utf16le'),
    'wide.txt': Buffer.from(notes.join('\n').slice(0, 90_000), 'utf16le').swap16(),
  };
}

describe('any split of the bytes gives the same findings and gaps', () => {
  it.each(Object.entries(longContents()))('of an entry: %s', (path, bytes) => {
    const whole = engine.scan(path, bytes);
    expect(whole).not.toEqual([]);
    fc.assert(
      fc.property(sizes, (cuts) => {
        // Pieces of a byte: only the neighbourhood of the bounds differs, and the rest takes long.
        const parts = cuts.every((cut) => cut < 64) ? [65_000, ...Array<number>(1200).fill(1)] : cuts;
        const scan = engine.open(path);
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const piece = Buffer.from(bytes.subarray(at, at + (parts[turn % parts.length] ?? 1)));
          scan.write(piece);
          at += piece.length;
          piece.fill(0x58);
        }
        expect(scan.end()).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it.each(['none', 'gzip', 'zstd', 'xz', 'bzip2', 'broken', 'cut'] as const)('of a layer: %s', async (kind) => {
    const plant = new Planter(8100);
    const long = Object.entries(longContents()).slice(0, 2);
    const tar = await buildTar([
      ...contentEntries(plant),
      ...nameEntries(plant),
      ...(await nestedEntries(plant)),
      ...long.map(([path, content]) => ({ path: `opt/${path}.gz`, content: gzipSync(content) })),
    ]);
    const stored =
      kind === 'broken'
        ? Buffer.concat([tar.subarray(0, 4096), Buffer.alloc(700, 0x41), tar.subarray(4608)])
        : kind === 'cut'
          ? gzipSync(tar).subarray(0, 9000)
          : compress(tar, kind);
    const scan = (cuts: readonly number[]): Promise<unknown> =>
      scanBlob(engine, pieces(stored, cuts), { name: 'layer', digestElsewhere: false, onBytes: () => undefined });
    const whole = await scan([stored.length]);
    await fc.assert(
      fc.asyncProperty(sizes, async (cuts) => {
        expect(await scan(cuts)).toEqual(whole);
      }),
      { numRuns: 6 },
    );
  });

  it('of a file that holds others', async () => {
    const plant = new Planter(8200);
    const bytes = gzipSync(await buildTar(await nestedEntries(plant)));
    const scan = async (cuts: readonly number[]): Promise<unknown> => {
      const tally = new Tally(engine);
      await scanFile('data/seed.tgz', pieces(bytes, cuts), tally);
      tally.close();
      return [tally.found, tally.gaps, tally.bytes, tally.entries];
    };
    const whole = await scan([bytes.length]);
    await fc.assert(
      fc.asyncProperty(sizes, async (cuts) => {
        expect(await scan(cuts)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });
});

/** What must not depend on threads, time and medium. */
function essence({ findings, coverage, targets, summary }: Report): unknown {
  return { findings, coverage, targets, counts: { ...summary, durationMs: 0 } };
}

describe('any number of threads and any medium gives the same report', () => {
  const options = { minConfidence: 0, onProgress: undefined };

  it.each(Object.entries({ dockerLegacy, docker25, containerdStore, ociLayout }))('%s', async (name, layout) => {
    const files = layout([await buildImage(await plantedImage(new Planter(8300)))]);
    const file = join(folder, `${name}.tar`);
    writeFileSync(file, await archiveOf(files));
    const alone = await scanImages([file], { ...options, jobs: 1 });
    expect(alone.findings).not.toEqual([]);
    for (const jobs of [2, 4]) {
      expect(essence(await scanImages([file], { ...options, jobs }))).toEqual(essence(alone));
    }
    // The same bytes as a stream, in random pieces.
    writeFileSync(join(folder, `${name}.tar.gz`), gzipSync(readFileSync(file)));
    const streamed = await scanImages([join(folder, `${name}.tar.gz`)], { ...options, jobs: 2 });
    expect(inJson(streamed)).toEqual(inJson(alone));
    const bytes = readFileSync(file);
    const piped = await phiscan(['image', '-', '--format', 'json', '--min-confidence', '0', '--no-progress'], {
      input: (stdin) => {
        for (let at = 0, size = 1; at < bytes.length; at += size, size = ((size * 7) % 5000) + 1) {
          stdin.write(bytes.subarray(at, at + size));
        }
        stdin.end();
      },
    });
    expect(inJson(reportOf(piped))).toEqual(inJson(alone));
  });

  it('files in a folder', async () => {
    const plant = new Planter(8400);
    const root = join(folder, 'files');
    await writeLayout([...contentEntries(plant), ...(await nestedEntries(plant))], root);
    for (let index = 0; index < 400; index += 1) {
      writeFileSync(join(root, `note-${index}.txt`), noteOf(plant.at('one of many files')));
    }
    const scan = async (jobs: number): Promise<unknown> =>
      essence(await scanFiles([root], { ...options, jobs, dockerignore: false }));
    const alone = await scan(1);
    for (const jobs of [2, 3, 4]) expect(await scan(jobs)).toEqual(alone);
  });
});

/** The parts of a JSON report, in its own order. Where the source's own reference is the target, it differs with the medium. */
function inJson(report: Report): unknown {
  const json = JSON.parse(renderJson(report)) as Report;
  const places = (located: Report['findings'] | Report['coverage']['gaps']): unknown =>
    located.map(({ location, ...rest }) => ({ ...rest, location: { ...location, target: '' } }));
  const { bytes, entries, gaps } = json.coverage;
  return { findings: places(json.findings), gaps: places(gaps), bytes, entries };
}
