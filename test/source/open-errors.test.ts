import { createServer } from 'node:net';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import { asNobody } from '../support/as-nobody.ts';
import { freePort } from '../support/servers.ts';
import { run } from '../support/programs.ts';

const before = process.cwd();
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
  chmodSync(folder, 0o755);
  process.chdir(folder);
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${await freePort()}`);
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
    [
      'an unknown scheme',
      'docker://alpine',
      'usage',
      /docker-daemon, docker-archive, oci-archive, oci, registry, ecr, and -/,
    ],
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
