import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerHost } from '../../src/source/docker-host.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: 'remote' }));
  writeContext('remote', { Host: 'tcp://engine.invalid:2376', SkipTLSVerify: false }, true);
  writeContext('lax', { Host: 'tcp://engine.invalid', SkipTLSVerify: true }, false);
  writeContext('rootless', { Host: 'unix:///run/user/1000/docker.sock' }, false);
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, `${name}.pem`), name);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** As `docker context create` stores it. */
function writeContext(name: string, docker: object, tls: boolean): void {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(folder, 'contexts/meta', id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker } }));
  const files = join(folder, 'contexts/tls', id, 'docker');
  if (tls) mkdirSync(files, { recursive: true });
  if (tls) writeFileSync(join(files, 'ca.pem'), 'context ca');
}

describe('dockerHost', () => {
  test.each<[string, NodeJS.ProcessEnv, object]>([
    ['a unix socket', { DOCKER_HOST: 'unix:///a/b.sock' }, { socketPath: '/a/b.sock', address: 'unix:///a/b.sock' }],
    ['TCP', { DOCKER_HOST: 'tcp://host:1234' }, { tcp: { host: 'host', port: 1234 }, address: 'tcp://host:1234' }],
    ['TCP without a port', { DOCKER_HOST: 'tcp://host' }, { tcp: { host: 'host', port: 2375 } }],
    ['port 80 is a port like any other', { DOCKER_HOST: 'tcp://host:80' }, { tcp: { host: 'host', port: 80 } }],
    ['an address without a scheme', { DOCKER_HOST: 'host:1234' }, { tcp: { host: 'host', port: 1234 } }],
    ['IPv6', { DOCKER_HOST: 'tcp://[::1]:1234' }, { tcp: { host: '::1', port: 1234 }, address: 'tcp://[::1]:1234' }],
    ['a password stays out of messages', { DOCKER_HOST: 'tcp://user:word@host:1' }, { address: 'tcp://host:1' }],
    ['http is TCP', { DOCKER_HOST: 'http://host:1' }, { tcp: { host: 'host', port: 1 } }],
  ])('%s', (_, env, expected) => {
    expect(dockerHost({ DOCKER_CONFIG: folder, ...env })).toMatchObject({ from: 'DOCKER_HOST', ...expected });
  });

  test('DOCKER_TLS_VERIFY reads the files of DOCKER_CERT_PATH', () => {
    const env = { DOCKER_HOST: 'tcp://host', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
    expect(dockerHost(env).tcp).toEqual({
      host: 'host',
      port: 2376,
      tls: { ca: 'ca', cert: 'cert', key: 'key', verify: true },
    });
  });

  test('DOCKER_HOST comes before DOCKER_CONTEXT, and that before the current context', () => {
    const env = { DOCKER_CONFIG: folder };
    expect(dockerHost({ ...env, DOCKER_CONTEXT: 'lax', DOCKER_HOST: 'unix:///x' }).socketPath).toBe('/x');
    expect(dockerHost({ ...env, DOCKER_CONTEXT: 'rootless' }).socketPath).toBe('/run/user/1000/docker.sock');
    expect(dockerHost(env)).toMatchObject({
      from: 'the docker context "remote"',
      tcp: { host: 'engine.invalid', port: 2376, tls: { ca: 'context ca', verify: true } },
    });
  });

  test('a context may say that the certificate is not to be checked', () => {
    expect(dockerHost({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'lax' }).tcp?.tls).toEqual({ verify: false });
  });

  test.each<[string, NodeJS.ProcessEnv]>([
    ['no configuration', { DOCKER_CONFIG: '/nonexistent' }],
    ['the context named default', { DOCKER_CONFIG: '/nonexistent', DOCKER_CONTEXT: 'default' }],
  ])('%s means the default socket', (_, env) => {
    expect(dockerHost(env)).toMatchObject({
      from: 'the default socket',
      address: expect.stringMatching(/^unix:.*docker\.sock$/) as string,
    });
  });

  test.each<[string, NodeJS.ProcessEnv, string, RegExp]>([
    ['ssh', { DOCKER_HOST: 'ssh://user@host' }, 'usage', /docker save NAME \| phiscan image -/],
    ['an unknown scheme', { DOCKER_HOST: 'fd://x' }, 'usage', /tcp:\/\/127\.0\.0\.1:2375/],
    ['no address', { DOCKER_HOST: 'tcp://' }, 'usage', /no address of an engine/],
    ['a context that is not there', { DOCKER_CONTEXT: 'gone' }, 'not-found', /"gone" is not there/],
  ])('%s is an error that says what to do', (_, env, code, message) => {
    const open = (): unknown => dockerHost({ DOCKER_CONFIG: folder, ...env });
    expect(open).toThrow(message);
    expect(open).toThrow(expect.objectContaining({ code }) as Error);
  });
});
