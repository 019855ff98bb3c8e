import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLineSink } from '../../src/cli/line-sink.ts';
import { kept } from '../support/streams.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-sink-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function write(file: string | undefined, ...lines: readonly string[]): Promise<string> {
  const { stream, text } = kept();
  const sink = await openLineSink(file, stream);
  try {
    for (const line of lines) await sink.write(line);
  } finally {
    await sink.close();
  }
  return text();
}

describe('a file', () => {
  test.each<[string, string | undefined, string]>([
    ['that is not there is made', undefined, 'a\nb\n'],
    ['that is empty is begun', '', 'a\nb\n'],
    ['that has lines is added to', 'old\n', 'old\na\nb\n'],
    ['whose last line was left half has it ended first, once', 'half', 'half\na\nb\n'],
  ])('%s', async (_title, before, after) => {
    const file = join(folder, 'lines');
    if (before !== undefined) writeFileSync(file, before);
    expect(await write(file, 'a\n', 'b\n')).toBe('');
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  test('has a line when its write resolves, not only when it is closed', async () => {
    const file = join(folder, 'lines');
    const sink = await openLineSink(file, kept().stream);
    await sink.write('a\n');
    expect(readFileSync(file, 'utf8')).toBe('a\n');
    await sink.close();
  });

  test('of two that write to it keeps the lines of both', async () => {
    const file = join(folder, 'lines');
    const sinks = [await openLineSink(file, kept().stream), await openLineSink(file, kept().stream)];
    for (const text of ['a\n', 'b\n']) for (const sink of sinks) await sink.write(text);
    for (const sink of sinks) await sink.close();
    expect(readFileSync(file, 'utf8')).toBe('a\na\nb\nb\n');
  });

  test('that is a device has nothing to sync', async () => {
    expect(await write('/dev/null', 'a\n')).toBe('');
  });

  test.each([
    ['/dev/full', 'ENOSPC'],
    ['/nowhere/lines', 'ENOENT'],
    ['/', 'EISDIR'],
  ])('%s cannot be written: %s', async (file, code) => {
    await expect(write(file, 'a\n')).rejects.toMatchObject({
      code: 'output',
      message: expect.stringContaining(`(${file}: ${code})`) as string,
    });
  });
});

describe('standard output', () => {
  test.each([[undefined], ['-']])('is meant by %s', async (file) => {
    expect(await write(file, 'a\n', 'b\n')).toBe('a\nb\n');
  });

  test('resolves only when the system has taken the line', async () => {
    let taken: (() => void) | undefined;
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        taken = done;
      },
    });
    let isWritten = false;
    const written = (await openLineSink(undefined, stream)).write('a\n').then(() => (isWritten = true));
    await new Promise(setImmediate);
    expect(isWritten).toBe(false);
    taken?.();
    await written;
  });

  test('that nobody reads any more is a failure, unlike that of a report', async () => {
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        done(Object.assign(new Error('write'), { code: 'EPIPE' }));
      },
    });
    stream.on('error', () => undefined);
    const sink = await openLineSink('-', stream);
    await expect(sink.write('a\n')).rejects.toMatchObject({ code: 'output' });
  });
});
