import { spawn } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import { missing, run } from '../support/programs.ts';
import { contentLines, folderLines, readSource } from '../support/source-objects.ts';

const before = process.cwd();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
  chmodSync(folder, 0o755);
  process.chdir(folder);
  // An archive as GNU tar makes one, with a link of each kind, of which two leave the archive.
  mkdirSync('image/blobs/sha256', { recursive: true });
  mkdirSync('image/one');
  mkdirSync('image/two');
  writeFileSync('image/blobs/sha256/aa', 'first blob');
  writeFileSync('image/blobs/sha256/bb', Buffer.alloc(300_000, 'second blob '));
  writeFileSync('image/one/layer.tar', 'a layer');
  symlinkSync('../one/layer.tar', 'image/two/layer.tar');
  symlinkSync('../../../etc/passwd', 'image/two/outside');
  symlinkSync('/etc/passwd', 'image/two/absolute');
  writeFileSync('image/manifest.json', '[]');
  run('ln', ['image/one/layer.tar', 'image/two/hard']);
  writeFileSync('text', 'some text');
  run('tar', ['-C', 'image', '--sort=name', '-cf', 'image.tar', '.']);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function stdinOf(...chunks: readonly (Buffer | string)[]): Readable {
  return Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );
}

describe('an archive', () => {
  test('in a local file gives ranges, the bytes GNU tar extracts, and links as aliases inside the archive only', async () => {
    const source = await openSource('./image.tar', {});
    expect(source.chosen).toBe('docker-archive: it holds manifest.json');
    expect(source.totalBytes).toBe(readFileSync('image.tar').length);
    const { objects, problems } = await readSource(source);
    expect(problems).toEqual([]);
    // The later of two hard links has no bytes in the archive.
    expect(contentLines(objects)).toEqual(folderLines('image').filter((line) => !line.startsWith('two/hard ')));
    expect(objects.filter(({ size }) => size > 0).every(({ kind }) => kind === 'range')).toBe(true);
    const links = objects.filter(({ name }) => name.startsWith('two/')).map(({ name, alias }) => [name, alias]);
    expect(links).toEqual([
      ['two/absolute', undefined],
      ['two/hard', 'one/layer.tar'],
      ['two/layer.tar', 'one/layer.tar'],
      ['two/outside', undefined],
    ]);
  });

  describe.each([['gzip'], ['zstd'], ['xz'], ['bzip2']])('compressed with %s', (compressor) => {
    test.skipIf(missing(compressor) !== undefined)('gives the same objects, from a file and as a stream', async () => {
      writeFileSync('image.packed', run(compressor, ['-c', 'image.tar']));
      const fromFile = await openSource('docker-archive:image.packed', {});
      expect(fromFile.chosen).toBe(`docker-archive: a tar archive, compressed with ${compressor}`);
      const fromStdin = await openSource('-', { stdin: createReadStream('image.packed') });
      expect(fromStdin.chosen).toBe(`standard input: a tar archive, compressed with ${compressor}`);
      for (const source of [fromFile, fromStdin]) {
        const { objects, problems } = await readSource(source);
        expect(problems).toEqual([]);
        expect(contentLines(objects)).toEqual(folderLines('image').filter((line) => !line.startsWith('two/hard ')));
      }
    });
  });

  test('from standard input, however it is split, gives the same objects', async () => {
    const whole = readFileSync('image.tar');
    const { objects: expected } = await readSource(await openSource('image.tar', {}));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 20 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        const { objects, problems } = await readSource(await openSource('-', { stdin: stdinOf(...chunks) }));
        expect(problems).toEqual([]);
        expect(objects.map((object) => ({ ...object, kind: 'range' }))).toEqual(
          expected.map((object) => ({ ...object, kind: 'range' })),
        );
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    [1, 'inside the first header'],
    [5, 'inside a blob'],
    [15, 'near the end'],
  ])('cut off after %i of 16 parts (%s) is a problem or an error, never silence', async (sixteenths) => {
    const whole = readFileSync('image.tar');
    const cut = whole.subarray(0, Math.floor((whole.length * sixteenths) / 16) + 100);
    writeFileSync('cut.tar', cut);
    for (const reference of ['docker-archive:cut.tar', '-']) {
      const { problems } = await readSource(await openSource(reference, { stdin: stdinOf(cut) }));
      expect(problems.map(({ reason }) => reason)).toContain('truncated');
    }
  });

  test('a compressed archive that is cut off is a problem', async () => {
    const packed = run('gzip', ['-c', 'image.tar']);
    const { problems } = await readSource(await openSource('-', { stdin: stdinOf(packed.subarray(0, -100)) }));
    expect(problems.map(({ reason }) => reason)).toContain('truncated');
  });

  test('a stream that breaks off is a problem', async () => {
    const whole = readFileSync('image.tar');
    const stdin = Readable.from(
      (function* () {
        yield whole.subarray(0, 200_000);
        throw Object.assign(new Error(), { code: 'ECONNRESET' });
      })(),
      { objectMode: false },
    );
    const { problems } = await readSource(await openSource('-', { stdin }));
    expect(problems).toContainEqual({
      reason: 'truncated',
      detail: 'standard input broke off after 200000 bytes (ECONNRESET)',
    });
  });

  test('through a named pipe is read as a stream', async () => {
    run('mkfifo', ['pipe']);
    const writer = spawn('sh', ['-c', 'cat image.tar > pipe']);
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    const source = await openSource('docker-archive:pipe', {});
    const { objects } = await readSource(source);
    expect(contentLines(objects)).toContain(folderLines('image')[0]);
    await ended;
  });

  test('whose member names climb keeps their text and does not follow them', async () => {
    run('tar', ['-P', '--transform', 's,^text$,blobs/lost/../../../up,', '-cf', 'climbing.tar', 'text']);
    const source = await openSource('docker-archive:climbing.tar', {}).catch((error: unknown) => error);
    expect(source).toMatchObject({ code: 'not-an-image' });
    const names: unknown[] = [];
    const stdin = createReadStream('climbing.tar');
    for await (const { name, metadata } of (await openSource('-', { stdin })).objects(() => expect.unreachable())) {
      names.push([name, metadata.filter(([key]) => key === 'path')]);
    }
    expect(names).toEqual([['up', [['path', 'blobs/lost/../../../up']]]]);
  });

  test('left early, with bodies not read, closes its file', async () => {
    for (let round = 0; round < 300; round++) {
      const source = await openSource('docker-archive:image.tar', {});
      for await (const object of source.objects(() => expect.unreachable())) {
        if (object.name.startsWith('blobs/')) break;
      }
      await source.close();
      await source.close();
    }
    expect(
      run('ls', [`/proc/${process.pid}/fd`])
        .toString()
        .split('\n').length,
    ).toBeLessThan(100);
  });

  test('in stray bytes, padding and sparse members nothing is lost', async () => {
    const stray = Buffer.concat([readFileSync('image.tar'), Buffer.from('after the end')]);
    writeFileSync('stray.tar', stray);
    const { objects } = await readSource(await openSource('docker-archive:stray.tar', {}));
    expect(objects.some(({ kind, size }) => kind === 'stream' && size >= 'after the end'.length)).toBe(true);
  });
});

describe('a bare reference', () => {
  test('that is a file says that it could be an image too', async () => {
    writeFileSync('app', readFileSync('image.tar'));
    const source = await openSource('app', {});
    expect(source.chosen).toBe(
      'docker-archive: it holds manifest.json (a file of that name is here; docker-daemon:app would be the image)',
    );
    await source.close();
  });

  test('that has the name of an archive is meant as one', async () => {
    const source = await openSource('image.tar', {});
    expect(source.chosen).toBe('docker-archive: it holds manifest.json');
    await source.close();
  });

  test('that is a folder is read as one', async () => {
    const source = await openSource('./image', {});
    expect(source.chosen).toBe('folder: it holds manifest.json');
    expect(contentLines((await readSource(source)).objects)).toEqual(folderLines('image'));
  });

  test('that is a link to an archive is followed', async () => {
    symlinkSync('image.tar', 'link.tar');
    const { objects } = await readSource(await openSource('./link.tar', {}));
    expect(contentLines(objects)).not.toEqual([]);
  });
});
