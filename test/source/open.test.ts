import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
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
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import { asNobody } from '../support/as-nobody.ts';
import { freePort } from '../support/docker.ts';
import { missing, run } from '../support/programs.ts';
import { contentLines, folderLines, readSource } from '../support/source-objects.ts';

const before = process.cwd();
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
  chmodSync(folder, 0o755);
  process.chdir(folder);
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${await freePort()}`);
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
  run('tar', ['-C', 'image', '--sort=name', '-cf', 'image.tar', '.']);
});

afterAll(() => {
  vi.unstubAllEnvs();
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

  test('left early, with bodies not read, closes its file', async () => {
    for (let round = 0; round < 300; round++) {
      const source = await openSource('docker-archive:image.tar', {});
      for await (const object of source.objects(expect.unreachable)) {
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
    const source = await openSource('image.tar', {});
    expect(source.chosen).toBe(
      'docker-archive: it holds manifest.json (a file of that name is here; docker-daemon:image.tar would be the image)',
    );
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

describe('what cannot be opened', () => {
  beforeAll(() => {
    writeFileSync('text.tar', 'This is a text, whatever its name.\n');
    writeFileSync('json.tar', '{"a": 1}');
    writeFileSync('empty.tar', '');
    writeFileSync('zip.tar', 'PK\x03\x04 and more');
    writeFileSync('random.tar', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919 + 13) % 256)));
    writeFileSync('text.gz', run('gzip', ['-c', 'text.tar']));
    writeFileSync('cut.gz', run('gzip', ['-c', 'text.tar']).subarray(0, 12));
    mkdirSync('plain/sub', { recursive: true });
    run('tar', ['-cf', 'files.tar', 'text.tar', 'json.tar']);
    mkdirSync('layout/blobs', { recursive: true });
    writeFileSync('layout/oci-layout', '{}');
    writeFileSync('layout/index.json', '{"manifests": [{"annotations": {"org.opencontainers.image.ref.name": "v1"}}]}');
    mkdirSync('broken/blobs', { recursive: true });
    writeFileSync('broken/index.json', 'not JSON');
  });

  test.each<[string, string, string, RegExp]>([
    [
      'a text file called .tar',
      'docker-archive:text.tar',
      'not-an-image',
      /text\.tar is no image but a text file.*phiscan files/,
    ],
    ['a bare text file', './text.tar', 'not-an-image', /a text file/],
    ['an empty file', './empty.tar', 'not-an-image', /an empty file/],
    ['JSON', 'oci-archive:json.tar', 'not-an-image', /a JSON text/],
    ['a zip archive', './zip.tar', 'not-an-image', /a zip archive/],
    ['noise', './random.tar', 'not-an-image', /an unknown format/],
    ['a compressed text', './text.gz', 'not-an-image', /a text file, compressed with gzip/],
    ['a compressed file that is cut off at once', './cut.gz', 'not-an-image', /compressed with gzip/],
    ['a tar of ordinary files', './files.tar', 'not-an-image', /none of its members is named as in an image/],
    ['a folder that is no layout', './plain', 'not-an-image', /a folder without oci-layout/],
    ['a layout that is a file', 'oci:text.tar', 'not-an-image', /a file where a folder should be/],
    ['an archive that is a folder', 'docker-archive:plain', 'not-an-image', /a folder/],
    ['a device', 'docker-archive:/dev/zero', 'not-an-image', /a device/],
    ['a layout with a broken index and a tag', 'oci:broken:v1', 'not-an-image', /index\.json is no JSON/],
    ['no such file', 'docker-archive:nothing.tar', 'not-found', /nothing is at docker-archive:nothing\.tar/],
    ['no such folder', 'oci:nothing:v1', 'not-found', /nothing is at/],
    ['a path below a file', './text.tar/x', 'not-found', /nothing is at/],
    ['no such path', './nothing', 'not-found', /nothing is at \.\/nothing/],
    ['no such tag', 'oci:layout:v2', 'not-found', /no image has the tag v2/],
    ['a name that no image can have', 'docker-daemon:../../containers', 'not-found', /cannot be the name of an image/],
    ['an unknown scheme', 'docker://alpine', 'usage', /docker-daemon, docker-archive, oci-archive, oci, and -/],
    ['a scheme and nothing else', 'oci:', 'usage', /oci: and then/],
    [
      'no engine',
      'docker-daemon:alpine',
      'no-daemon',
      /no Docker engine answers at tcp:\/\/127\.0\.0\.1:\d+ \(DOCKER_HOST; ECONNREFUSED\)/,
    ],
    ['no file and no engine', 'alpine', 'no-daemon', /no file.*no Docker engine answers/],
  ])('%s', async (_, reference, code, message) => {
    await expect(openSource(reference, {})).rejects.toMatchObject({
      name: 'ScanError',
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test.each<[string, Readable, string, RegExp]>([
    ['empty standard input', stdinOf(), 'not-an-image', /standard input is no image but an empty/],
    ['text on standard input', stdinOf('some text'), 'not-an-image', /standard input is no image but a text/],
    ['a terminal', Object.assign(stdinOf(), { isTTY: true }), 'usage', /docker save NAME \| phiscan image -/],
  ])('%s', async (_, stdin, code, message) => {
    await expect(openSource('-', { stdin })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test.each([
    ['a file', 'docker-archive:secret.tar'],
    ['a bare file', './secret.tar'],
    ['a folder', 'oci:closed'],
    ['a file in a folder', './closed/x'],
  ])('%s that may not be read', async (_, reference) => {
    writeFileSync('secret.tar', 'x');
    chmodSync('secret.tar', 0);
    mkdirSync('closed', { recursive: true });
    chmodSync('closed', 0);
    await expect(asNobody(() => openSource(reference, {}))).rejects.toMatchObject({ code: 'denied' });
  });

  test('an engine that may not be used', async () => {
    const socket = join(folder, 'engine.sock');
    const server = createServer().listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    chmodSync(socket, 0o600);
    vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
    await expect(asNobody(() => openSource('docker-daemon:x', {}))).rejects.toMatchObject({ code: 'denied' });
    server.close();
  });
});
