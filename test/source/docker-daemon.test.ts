import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import { dockerMissing, startDocker } from '../support/docker.ts';
import type { DockerEngine } from '../support/docker.ts';
import { missing, run } from '../support/programs.ts';
import { contentLines, folderLines, readSource } from '../support/source-objects.ts';

const skipped = dockerMissing();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(skipped !== undefined)(`a Docker engine${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let engine: DockerEngine;
  let id = '';
  let saved = '';

  beforeAll(async () => {
    engine = await startDocker();
    const context = join(folder, 'app');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY a /a\nCOPY b /b\nENV X=y\n');
    writeFileSync(join(context, 'a'), 'one');
    writeFileSync(join(context, 'b'), 'two'.repeat(100_000));
    engine.docker(['build', '-q', '-t', 'app:1', '-t', 'registry.invalid:5000/team/app:1', context]);
    id = engine.docker(['image', 'inspect', '-f', '{{.Id}}', 'app:1']).toString().trim();
    saved = join(folder, 'saved.tar');
    engine.docker(['save', '-o', saved, 'app:1']);
    mkdirSync(join(folder, 'saved'));
    run('tar', ['-C', join(folder, 'saved'), '-xf', saved]);
  }, 120_000);

  afterAll(async () => {
    await engine.stop();
  }, 60_000);

  test('over its socket gives what docker save gives', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${engine.socketPath}`);
    const source = await openSource('docker-daemon:app:1', { platforms: ['linux/amd64'] });
    expect(source.chosen).toBe(`docker-daemon: the engine at unix://${engine.socketPath} (DOCKER_HOST) has it`);
    expect(source.totalBytes).toBeGreaterThan(300_000);
    const { objects, problems } = await readSource(source);
    expect(problems).toEqual([]);
    expect(contentLines(objects)).toEqual(folderLines(join(folder, 'saved')));
  });

  test('what docker save wrote gives the same from its file, as ranges, and from standard input', async () => {
    const fromFile = await openSource(`docker-archive:${saved}`, {});
    expect(fromFile.chosen).toBe('docker-archive: it holds manifest.json, repositories');
    for (const source of [fromFile, await openSource('-', { stdin: createReadStream(saved) })]) {
      const { objects, problems } = await readSource(source);
      expect(problems).toEqual([]);
      expect(contentLines(objects)).toEqual(folderLines(join(folder, 'saved')));
      const kind = source === fromFile ? 'range' : 'stream';
      expect(objects.filter(({ size }) => size > 0).every((object) => object.kind === kind)).toBe(true);
    }
  });

  test.each([
    ['a bare name', (): string => 'app:1'],
    ['a name with a registry and its port', (): string => 'docker-daemon:registry.invalid:5000/team/app:1'],
    ['an id', (): string => `docker-daemon:${id}`],
    ['a short id', (): string => id.slice('sha256:'.length, 20)],
  ])('over TCP knows %s', async (_, reference) => {
    vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${engine.port}`);
    const { objects, problems } = await readSource(await openSource(reference(), {}));
    expect(problems).toEqual([]);
    const layers = folderLines(join(folder, 'saved')).filter((line) => line.includes('layer.tar'));
    const hashes = contentLines(objects).map((line) => line.split(' ').at(-1));
    for (const layer of layers) expect(hashes).toContain(layer.split(' ').at(-1));
  });

  test.skipIf(missing('openssl') !== undefined)(
    'over TLS with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, and not without the right certificate',
    async () => {
      const certificates = makeCertificates();
      const options = {
        ca: read('ca'),
        cert: read('cert'),
        key: read('key'),
        requestCert: true,
        rejectUnauthorized: true,
      };
      function read(name: string): Buffer {
        return readFileSync(join(certificates, `${name}.pem`));
      }
      const proxy = createTlsServer(options, (client) => {
        const inner = connect(engine.socketPath);
        client
          .on('error', () => inner.destroy())
          .pipe(inner)
          .pipe(client);
        inner.on('error', () => client.destroy());
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => proxy.once('listening', resolve));
      vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      vi.stubEnv('DOCKER_TLS_VERIFY', '1');
      vi.stubEnv('DOCKER_CERT_PATH', certificates);
      const { objects } = await readSource(await openSource('docker-daemon:app:1', {}));
      expect(contentLines(objects)).toEqual(folderLines(join(folder, 'saved')));
      vi.stubEnv('DOCKER_CERT_PATH', folder);
      await expect(openSource('docker-daemon:app:1', {})).rejects.toMatchObject({ code: 'no-daemon' });
      proxy.close();
    },
  );

  test('without such an image says so', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${engine.socketPath}`);
    await expect(openSource('docker-daemon:app:2', {})).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no image app:2 .*docker pull/) as string,
    });
    await expect(openSource('no-such-image', {})).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no file or folder is at no-such-image, and no image/) as string,
    });
  });

  test('left early lets the engine go', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${engine.socketPath}`);
    for (let round = 0; round < 3; round++) {
      const source = await openSource('docker-daemon:app:1', {});
      for await (const object of source.objects(() => undefined)) {
        if (object.size > 0) break;
      }
      await source.close();
      await (await openSource('docker-daemon:app:1', {})).close();
    }
  });

  function makeCertificates(): string {
    const place = mkdtempSync(join(folder, 'tls-'));
    const openssl = (...args: readonly string[]): unknown => run('openssl', args, { cwd: place });
    openssl(...'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca-key.pem -out ca.pem'.split(' '));
    openssl(...'req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout key.pem -out request.pem'.split(' '));
    writeFileSync(join(place, 'names'), 'subjectAltName=IP:127.0.0.1\n');
    openssl(
      ...'x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out cert.pem'.split(
        ' ',
      ),
    );
    return place;
  }
});

describe('an engine of another kind', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  async function serve(listener: RequestListener): Promise<void> {
    server = createHttpServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server?.once('listening', resolve));
    vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  test.each<[string, string, string | undefined, string | undefined]>([
    [
      'since API 1.48 is asked for one platform',
      '1.48',
      'linux/arm64/v8',
      '{"os":"linux","architecture":"arm64","variant":"v8"}',
    ],
    ['since API 1.48 is asked for all of them without one', '1.48', undefined, undefined],
    ['before API 1.48 is not asked for a platform', '1.47', 'linux/arm64', undefined],
    ['with API 1.9 is older than 1.48', '1.9', 'linux/arm64', undefined],
  ])('%s', async (_, version, platform, expected) => {
    const asked: URL[] = [];
    await serve((request, answer) => {
      asked.push(new URL(request.url ?? '', 'http://engine.invalid'));
      answer.setHeader('Api-Version', version);
      answer.end(request.url?.includes('/get') ? Buffer.alloc(1024) : '{"Size": 7}');
    });
    const source = await openSource('docker-daemon:app', { platforms: platform === undefined ? [] : [platform] });
    expect(source.totalBytes).toBe(7);
    await source.close();
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/images/app/json', '/images/app/get']);
    expect(asked[1]?.searchParams.get('platform') ?? undefined).toBe(expected);
  });

  test('that breaks off in the middle of an image is a problem', async () => {
    await serve((request, answer) => {
      if (request.url?.includes('/get') !== true) return void answer.end('{}');
      answer.write(run('tar', ['-C', folder, '-cf', '-', '.']).subarray(0, 4000));
      setTimeout(() => answer.destroy(), 50);
    });
    writeFileSync(join(folder, 'some-file'), 'x'.repeat(100_000));
    const { problems } = await readSource(await openSource('docker-daemon:app', {}));
    expect(problems.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^the Docker engine broke off/));
  });

  test.each<[string, RequestListener, string]>([
    ['that fails', (_, answer) => void answer.writeHead(500).end('{"message": "words of the engine"}'), 'no-daemon'],
    ['that is none', (_, answer) => void answer.end('<html>words of the engine'), 'no-daemon'],
    ['that hangs up', (request) => void request.destroy(), 'no-daemon'],
    [
      'that has no such platform',
      (request, answer) => {
        answer.setHeader('Api-Version', '1.51');
        answer.writeHead(request.url?.includes('/get') ? 404 : 200).end('{}');
      },
      'not-found',
    ],
  ])('%s is an error without its words', async (_, listener, code) => {
    await serve(listener);
    const failure: unknown = await openSource('docker-daemon:app', { platforms: ['linux/riscv64'] }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'ScanError', code });
    expect((failure as Error).message).not.toContain('words of the engine');
  });
});
