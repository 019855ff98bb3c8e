import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adjustableLimits } from '../../src/adjustable-limits.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EntryGap } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { scanBlob, type ScannedBlob } from '../../src/scan/blob.ts';
import { help } from '../../src/scan/helper.ts';
import type { Line } from '../../src/scan/jobs.ts';
import { Pool } from '../../src/scan/pool.ts';
import { Tally } from '../../src/scan/tally.ts';
import type { Chunks } from '../../src/unpack/chunks.ts';
import { buildTar, compress, type TarEntry } from '../support/layer-builder.ts';
import { patients } from '../support/patients.ts';

const engine = new Engine();
const MiB = 1024 * 1024;
const people = patients(40, 9100);
const filler = Buffer.alloc(200_000, 'nothing to see in these words\n');

/** Values in small entries, at both ends of a large one, in archives, and in names; faults between them. */
async function entries(): Promise<readonly TarEntry[]> {
  const [first, last] = people;
  const large = Buffer.concat([
    Buffer.from(`ssn: ${first?.ssn ?? ''}\n`),
    Buffer.alloc(3 * MiB, 'lorem ipsum dolor '),
    Buffer.from(`\nssn: ${last?.ssn ?? ''}\n`),
  ]);
  const small = people.map(({ ssn }, index) => ({ path: `srv/${index}/.env`, content: `PATIENT_SSN=${ssn}\n` }));
  const quiet = people.map((_, index) => ({ path: `usr/share/doc/${index}`, content: filler }));
  const nested = await buildTar(small.slice(0, 3));
  return [
    ...small.slice(0, 10),
    { path: 'var/dump.txt', content: large },
    ...quiet,
    { path: 'opt/seed.tar', content: nested },
    { path: 'opt/broken.gz', content: gzipSync(filler).subarray(0, 300) },
    { path: `home/ssn-${first?.ssn ?? ''}.txt`, content: 'x' },
    ...small.slice(10),
  ];
}

async function* chunksOf(bytes: Buffer, size = MiB): Chunks {
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    yield await Promise.resolve(chunk);
    chunk.fill(0x58);
  }
}

/** Both ends of a line. */
function newLine(): readonly [Line, Line] {
  const { port1, port2 } = new MessageChannel();
  const sent = new Int32Array(new SharedArrayBuffer(4));
  return [
    { port: port1, sent },
    { port: port2, sent },
  ];
}

function send(line: Line, message: unknown, ports: readonly MessagePort[] = []): void {
  line.port.postMessage(message, ports);
  Atomics.add(line.sent, 0, 1);
}

const options = { name: 'layer', digestElsewhere: false, onBytes: (): void => undefined };

/** Scans with so many helpers, which share this thread: what they are sent waits until the scan waits for them. */
async function helped(stored: Buffer, count: number): Promise<ScannedBlob> {
  const [pool, offers] = newLine();
  const helpers = Array.from({ length: count }, () => {
    const [theirs, ours] = newLine();
    const done = help(engine, adjustableLimits, theirs);
    send(pool, ours, [ours.port]);
    return done;
  });
  const scanned = await scanBlob(engine, chunksOf(stored), { ...options, offers });
  await Promise.all(helpers);
  return scanned;
}

describe('a layer that several threads scan', () => {
  it.each([
    ['none', 1],
    ['gzip', 1],
    ['gzip', 3],
  ] as const)('is as one that a single thread scans: %s, helpers: %i', async (kind, count) => {
    const stored = compress(await buildTar(await entries()), kind);
    const alone = await scanBlob(engine, chunksOf(stored), options);
    expect(alone.found.length).toBeGreaterThan(40);
    expect(alone.gaps).not.toEqual([]);
    expect(await helped(stored, count)).toEqual(alone);
  });

  it('is a failure where a helper ends that has a part of it', async () => {
    const stored = await buildTar(await entries());
    const [pool, offers] = newLine();
    const [theirs, ours] = newLine();
    send(theirs, undefined);
    theirs.port.once('message', () => {
      theirs.port.close();
    });
    send(pool, ours, [ours.port]);
    await expect(scanBlob(engine, chunksOf(stored), { ...options, offers })).rejects.toThrow('has ended');
  });

  it('lets a helper go that comes when it is done', async () => {
    const [pool, offers] = newLine();
    await scanBlob(engine, chunksOf(await buildTar([])), { ...options, offers });
    const [theirs, ours] = newLine();
    const done = help(engine, adjustableLimits, theirs);
    send(pool, ours, [ours.port]);
    await expect(done).resolves.toBeUndefined();
  });

  it('hands over nothing where nobody came', async () => {
    const stored = await buildTar(await entries());
    const [pool, offers] = newLine();
    const [theirs, ours] = newLine();
    send(pool, ours, [ours.port]);
    const alone = await scanBlob(engine, chunksOf(stored), options);
    expect(await scanBlob(engine, chunksOf(stored), { ...options, offers })).toEqual(alone);
    expect(theirs.sent[0]).toBe(0);
  });
});

describe('a pool', () => {
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-helpers-'));
    file = join(folder, 'layer.tar.gz');
    // Hard to compress, so that it is worth more than one thread.
    const noise = Array.from({ length: 60 }, (_, index) => ({ path: `bin/${index}`, content: noiseOf(index) }));
    writeFileSync(file, gzipSync(await buildTar([...noise, ...(await entries())]), { level: 1 }));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([2, 4])('of %i threads gives what one of a single thread does', async (jobs) => {
    const scans: ScannedBlob[] = [];
    const { size } = statSync(file);
    expect(size).toBeGreaterThan(4 * MiB);
    for (const count of [1, jobs]) {
      const pool = new Pool(count, undefined, undefined, new URL('../../dist/src/scan/worker.js', import.meta.url));
      try {
        scans.push(await pool.blob('layer', { kind: 'range', file, offset: 0, length: size }, false));
      } finally {
        await pool.close();
      }
    }
    const [alone, together] = scans;
    expect(alone?.found.length).toBeGreaterThan(40);
    expect(together).toEqual(alone);
  });
});

/** 100 kB that no compressor makes small, the same each time. */
function noiseOf(seed: number): Buffer {
  const bytes = Buffer.alloc(100_000);
  let state = seed + 1;
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = 0x80 | (state >>> 24);
  }
  return bytes;
}

describe('a tally', () => {
  const gap = (detail: string): EntryGap => ({ reason: 'corrupt', path: 'a', detail });

  it('puts the parts of others in the order of the entries, before what follows an entry', () => {
    const tally = new Tally(engine);
    const other = new Tally(engine);
    tally.entries = 2;
    tally.gap(gap('behind the second'));
    tally.entries = 3;
    tally.gap(gap('third'));
    other.entries = 1;
    other.gap(gap('first'));
    other.entries = 2;
    other.gap(gap('second'));
    tally.merge(other.part());
    tally.close();
    expect(tally.gaps.map(({ detail }) => detail)).toEqual(['first', 'second', 'behind the second', 'third']);
  });

  it('tells the first of all, and how many it leaves out, however many parts there are', () => {
    const tally = new Tally(engine);
    tally.entries = 1;
    tally.gap(gap('own'));
    const parts = Array.from({ length: 3 * limits.layerGaps }, (_, index) => {
      const part = new Tally(engine);
      part.entries = index + 2;
      part.gap(gap(`gap ${index}`));
      return part.part();
    });
    for (const part of parts.reverse()) tally.merge(part);
    tally.close();
    expect(tally.gaps.slice(0, 2).map(({ detail }) => detail)).toEqual(['own', 'gap 0']);
    expect(tally.gaps[limits.layerGaps - 1]?.detail).toBe(`gap ${limits.layerGaps - 2}`);
    expect(tally.gaps.at(-1)).toMatchObject({
      reason: 'finding-limit',
      detail: `${2 * limits.layerGaps + 1} more gaps are not listed`,
    });
  });
});
