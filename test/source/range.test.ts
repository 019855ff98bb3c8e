import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRange } from '../../src/source/range.ts';
import type { FileRange } from '../../src/source/source.ts';
import type { Problem } from '../../src/unpack/chunks.ts';
import { asNobody } from '../support/as-nobody.ts';
import { run } from '../support/programs.ts';

const content = Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7919) % 251));
let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
  file = join(folder, 'content');
  writeFileSync(file, content);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Read {
  readonly bytes: Buffer;
  readonly problems: readonly Problem[];
}

async function read(range: FileRange, bufferBytes?: number): Promise<Read> {
  const problems: Problem[] = [];
  const parts: Buffer[] = [];
  const buffer = bufferBytes === undefined ? undefined : Buffer.alloc(bufferBytes);
  for await (const chunk of readRange(range, (problem) => problems.push(problem), buffer))
    parts.push(Buffer.from(chunk));
  return { bytes: Buffer.concat(parts), problems };
}

describe('readRange', () => {
  test('gives exactly the bytes of the range, whatever the size of the buffer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 400 }), async (a, b, bufferBytes) => {
        const [offset, end] = a < b ? [a, b] : [b, a];
        const got = await read({ kind: 'range', file, offset, length: end - offset }, bufferBytes);
        expect(got.bytes.equals(content.subarray(offset, end))).toBe(true);
        expect(got.problems).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('many ranges of one file are read at once', async () => {
    const reads = Array.from({ length: 20 }, (_, at) => read({ kind: 'range', file, offset: at * 50, length: 50 }, 7));
    expect(Buffer.concat((await Promise.all(reads)).map(({ bytes }) => bytes)).equals(content)).toBe(true);
  });

  test('a range that is left early closes its file', async () => {
    for (let round = 0; round < 3000; round++) {
      for await (const chunk of readRange(
        { kind: 'range', file, offset: 0, length: 1000 },
        () => expect.unreachable(),
        Buffer.alloc(8),
      )) {
        if (chunk.length > 0) break;
      }
    }
    expect(
      run('ls', [`/proc/${process.pid}/fd`])
        .toString()
        .split('\n').length,
    ).toBeLessThan(200);
  });

  test('a file that ends inside the range is truncated', async () => {
    const got = await read({ kind: 'range', file, offset: 900, length: 300 }, 64);
    expect(got.bytes.equals(content.subarray(900))).toBe(true);
    expect(got.problems).toEqual([{ reason: 'truncated', detail: 'ends at byte 100 of 300', bytes: 200 }]);
  });

  test('a file that shrank between its listing and its reading is truncated', async () => {
    const path = join(folder, 'shrunk');
    writeFileSync(path, content);
    truncateSync(path, 10);
    const got = await read({ kind: 'range', file: path, offset: 0, length: 1000, wholeFile: true });
    expect([got.bytes.length, got.problems[0]?.reason, got.problems[0]?.bytes]).toEqual([10, 'truncated', 990]);
  });

  test.each([
    ['an empty file that grew', 0],
    ['a file that grew', 5],
  ])('%s has bytes that were not read', async (_, length) => {
    const path = join(folder, `grown${length}`);
    writeFileSync(path, content.subarray(0, length));
    appendFileSync(path, 'more');
    const got = await read({ kind: 'range', file: path, offset: 0, length, wholeFile: true });
    expect([got.bytes.length, got.problems[0]?.reason]).toEqual([length, 'size-mismatch']);
  });

  test('a part of a file says nothing of what follows it', async () => {
    expect((await read({ kind: 'range', file, offset: 0, length: 10 })).problems).toEqual([]);
  });

  test.each<[string, (path: string) => void, string]>([
    ['a file that vanished', () => undefined, 'gone since it was listed'],
    [
      'a file that became a link',
      (path): void => {
        symlinkSync(file, path);
      },
      'became a symbolic link since it was listed',
    ],
    ['a file that became a pipe without a writer', (path) => run('mkfifo', [path]), 'no longer a regular file'],
    ['a file that became a folder', (path) => run('mkdir', [path]), 'no longer a regular file'],
  ])('%s is unreadable, and nothing waits', async (_, change, detail) => {
    const path = join(mkdtempSync(join(folder, 'changed-')), 'file');
    writeFileSync(path, content);
    unlinkSync(path);
    change(path);
    const got = await read({ kind: 'range', file: path, offset: 0, length: 1000, wholeFile: true });
    expect(got.problems).toEqual([{ reason: 'unreadable', detail }]);
    expect(got.bytes.length).toBe(0);
  });

  test('a file that may not be read is unreadable', async () => {
    const path = join(folder, 'closed');
    writeFileSync(path, content, { mode: 0 });
    chmodSync(folder, 0o755);
    const got = await asNobody(() => read({ kind: 'range', file: path, offset: 0, length: 1000, wholeFile: true }));
    expect(got.problems).toEqual([{ reason: 'unreadable', detail: 'permission denied' }]);
  });
});
