import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImages } from './image-builder.ts';
import { ociLayout, writeLayout } from './image-layouts.ts';
import { registryMissing, startRegistry } from './registry-server.ts';
import type { RegistryServer } from './registry-server.ts';
import { inFolder } from './scans.ts';

const skipped = registryMissing();

describe.skipIf(skipped !== undefined)(`docker-registry${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let open: RegistryServer;
  let closed: RegistryServer;
  beforeAll(async () => {
    [open, closed] = await Promise.all([startRegistry(), startRegistry({ auth: true })]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([open.stop(), closed.stop()]);
  });

  it('stores what skopeo copies and what is put as it is under the same digest, and tells what it was asked', async () => {
    const [image, arm] = await buildImages([
      { names: ['app:1'], layers: [{ entries: [{ path: 'a', content: 'one' }] }] },
      { names: ['app:1'], platform: 'linux/arm64', layers: [{ entries: [{ path: 'a', content: 'one' }] }] },
    ]);
    const files = ociLayout([image, arm].filter((built) => built !== undefined));
    await inFolder(async (folder) => {
      await writeLayout(files, folder);
      for (const registry of [open, closed]) registry.push(`oci:${folder}:app:1`, 'copied/app:1', '--preserve-digests');
    });
    for (const registry of [open, closed]) {
      const digest = await registry.pushLayout(files, 'put/app:1');
      const { user } = registry;
      const authorization = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
      const answer = await fetch(`http://${registry.host}/v2/copied/app/manifests/1`, {
        headers: { accept: 'application/vnd.oci.image.index.v1+json', ...(authorization && { authorization }) },
      });
      expect([answer.status, answer.headers.get('docker-content-digest')]).toEqual([200, digest]);
      expect(registry.requests()).toContain('GET /v2/copied/app/manifests/1 200');
    }
  });

  it('refuses who has no password', async () => {
    expect((await fetch(`http://${closed.host}/v2/`)).status).toBe(401);
  });
});
