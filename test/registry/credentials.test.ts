import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askHelper } from '../../src/registry/credential-helper.ts';
import type { Credentials } from '../../src/registry/credentials.ts';
import { credentialsFor } from '../../src/registry/docker-config.ts';

const host = 'registry.example:5000';
const user = { name: 'me', password: 'pass:word' };
const auth = Buffer.from(`${user.name}:${user.password}`).toString('base64');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-auth-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function environment(): NodeJS.ProcessEnv {
  return { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, DOCKER_CONFIG: folder };
}

function configure(config: unknown): void {
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
}

/** A helper that keeps what it was asked. */
function helper(name: string, script: string): void {
  const file = join(folder, 'bin', `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\nserver=$(cat)\n${script}\n`);
  chmodSync(file, 0o755);
}

async function found(server: string = host): Promise<Credentials> {
  return await credentialsFor(server, environment());
}

describe("docker's configuration", () => {
  it.each<[string, unknown, Credentials]>([
    ['has nothing', {}, {}],
    ['has a password', { auths: { [host]: { auth } } }, { user }],
    ['has it in two members', { auths: { [host]: { username: 'me', password: 'pass:word' } } }, { user }],
    ['has an address, as old versions wrote it', { auths: { [`https://${host}/v1/`]: { auth } } }, { user }],
    [
      'has NULs behind the password',
      { auths: { [host]: { auth: Buffer.from('me:p\0\0').toString('base64') } } },
      { user: { name: 'me', password: 'p' } },
    ],
    ['has an identity token', { auths: { [host]: { auth: '', identitytoken: 'it' } } }, { identityToken: 'it' }],
    ['has a registry token', { auths: { [host]: { registrytoken: 'rt' } } }, { registryToken: 'rt' }],
    ['has another host only', { auths: { 'other.example': { auth } } }, {}],
    ['has another port only', { auths: { 'registry.example': { auth } } }, {}],
    ['is of a wrong shape', { auths: [1], credHelpers: 7, credsStore: {} }, {}],
    ['has no password', { auths: { [host]: { auth: 'bWU6' } } }, {}],
  ])('%s', async (_, config, expected) => {
    configure(config);
    expect(await found()).toEqual(expected);
  });

  it('is not there', async () => {
    expect(await found()).toEqual({});
  });

  it.each([
    ['no JSON', '{"auths": {"secret'],
    ['a list', []],
    ['too long', ' '.repeat(1_100_000)],
  ])('is %s: wrong usage, without its words', async (_, config) => {
    configure(config);
    const error = await found().catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'usage' });
    expect((error as Error).message).not.toContain('secret');
  });

  it('has Docker Hub by its old address', async () => {
    configure({ auths: { 'https://index.docker.io/v1/': { auth } } });
    expect(await found('docker.io')).toEqual({ user });
  });

  it("asks this registry's helper, by standard input, before the store and the file", async () => {
    configure({ auths: { [host]: { auth } }, credHelpers: { [host]: 'own' }, credsStore: 'all' });
    helper(
      'own',
      `[ $# = 1 ] && [ "$1" = get ] && printf '{"ServerURL":"%s","Username":"%s","Secret":"s1"}' "$server" "$server"`,
    );
    helper('all', 'echo \'{"Username":"u","Secret":"s2"}\'');
    expect(await found()).toEqual({ user: { name: host, password: 's1' } });
    expect(await found('other.example')).toEqual({ user: { name: 'u', password: 's2' } });
  });

  it('takes an identity token of a helper', async () => {
    configure({ credsStore: 'all' });
    helper('all', 'echo \'{"Username":"<token>","Secret":"it"}\'');
    expect(await found()).toEqual({ identityToken: 'it' });
  });

  it('has the file behind a helper that knows nothing', async () => {
    configure({ auths: { [host]: { auth } }, credsStore: 'all' });
    helper('all', 'echo credentials not found in native keychain; exit 1');
    expect(await found()).toEqual({ user });
  });

  it.each([
    ['fails', 'all', 'echo the secret word; echo the secret word >&2; exit 3', 'docker-credential-all ended with 3'],
    ['gives no JSON', 'all', 'echo the secret word', 'docker-credential-all gave no secret'],
    ['ends by a signal', 'all', 'kill -9 $$', 'docker-credential-all did not run (killed)'],
    ['is not there', 'absent', '', 'docker-credential-absent did not run (ENOENT)'],
    ['has a path for a name', '../../bin/sh', '', 'the name of the credential helper is none'],
    ['says too much', 'all', 'yes secret', 'docker-credential-all did not run (too long an answer)'],
  ])('tells that a helper %s, and none of its words', async (_, name, script, trouble) => {
    configure({ credsStore: name });
    if (script !== '') helper('all', script);
    expect(await found()).toEqual({ trouble });
  });

  it('waits for a helper no longer than it may', async () => {
    helper('slow', 'exec sleep 20');
    expect(await askHelper('slow', host, environment(), 50)).toEqual({
      trouble: 'docker-credential-slow did not run (no answer in time)',
    });
  });
});
