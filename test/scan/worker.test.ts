import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReadableStream } from 'node:stream/web';
import { describe, expect, it } from 'vitest';
import { blob, digest, files } from '../../src/scan/worker.ts';
import type { FileRange } from '../../src/source/source.ts';
import { buildTar, compress, sha256 } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { inFolder } from '../support/scans.ts';

const { ssn } = patient(77);
const text = `PATIENT_SSN=${ssn}\n`;
const tar = await buildTar([{ path: 'srv/.env', content: text }]);
const layer = compress(tar, 'gzip');

function newCounter(): BigInt64Array {
  return new BigInt64Array(new SharedArrayBuffer(8));
}

function rangeOf(file: string, length: number): FileRange {
  return { kind: 'range', file, offset: 0, length };
}

function streamOf(bytes: Buffer, step: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += step) controller.enqueue(new Uint8Array(bytes.subarray(at, at + step)));
      controller.close();
    },
  });
}

describe('a blob', () => {
  it('is the same from a range of a file and from a stream, and counts its stored bytes', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'layer');
      writeFileSync(file, layer);
      const results = [];
      for (const bytes of [rangeOf(file, layer.length), streamOf(layer, 37)]) {
        const counter = newCounter();
        results.push(await blob({ name: 'layer', bytes, digestElsewhere: false, offers: undefined, counter }));
        expect(Atomics.load(counter, 0)).toBe(BigInt(layer.length));
      }
      const [range, stream] = results;
      expect(stream).toEqual(range);
      expect(range).toMatchObject({
        digest: sha256(layer),
        size: layer.length,
        content: { kind: 'layer', diffId: sha256(tar), compression: 'gzip' },
        gaps: [],
      });
      expect(range?.found.map(({ finding }) => [finding.detector, finding.place.path])).toEqual([['ssn', 'srv/.env']]);
    });
  });

  it('leaves its digest to another thread when told, and that thread finds the same', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'layer');
      writeFileSync(file, layer);
      const bytes = rangeOf(file, layer.length);
      const scanned = await blob({
        name: 'layer',
        bytes,
        digestElsewhere: true,
        offers: undefined,
        counter: newCounter(),
      });
      expect(scanned.digest).toBe('');
      expect(scanned.content).toMatchObject({ diffId: sha256(tar) });
      const counter = newCounter();
      expect(await digest({ range: bytes, counter })).toEqual({ digest: sha256(layer), isWhole: true });
      expect(Number(counter[0])).toBe(layer.length);
      truncateSync(file, layer.length - 5);
      expect(await digest({ range: bytes, counter: newCounter() })).toMatchObject({ isWhole: false });
    });
  });

  it('whose file was cut since it was listed has one gap for it', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'layer');
      writeFileSync(file, layer);
      truncateSync(file, layer.length - 5);
      const bytes = rangeOf(file, layer.length);
      const { gaps } = await blob({
        name: 'layer',
        bytes,
        digestElsewhere: false,
        offers: undefined,
        counter: newCounter(),
      });
      expect(gaps.map(({ reason }) => reason)).toEqual(['truncated']);
    });
  });
});

describe('a batch of files', () => {
  it('gives a result for each, and a gap for one that is gone', async () => {
    await inFolder(async (folder) => {
      const here = join(folder, '.env');
      writeFileSync(here, text);
      const listed = (name: string): FileRange & { readonly path: string } => ({
        ...rangeOf(join(folder, name), text.length),
        path: name,
      });
      const counter = newCounter();
      const [found, gone] = await files({ files: [listed('.env'), listed('gone')], counter });
      expect(found?.found.map(({ finding }) => finding.detector)).toEqual(['ssn']);
      expect(found?.gaps).toEqual([]);
      expect(gone?.found).toEqual([]);
      expect(gone?.gaps.map(({ reason, path }) => [reason, path])).toEqual([['unreadable', 'gone']]);
    });
  });
});
