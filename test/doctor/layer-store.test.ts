import { expect, test } from 'vitest';
import { layerBucket, layerStore } from '../../src/doctor/layer-store.ts';
import { HttpClient } from '../../src/registry/http.ts';
import { startLoopback } from '../support/bad-registry.ts';

test('a refusal is an answer: the bucket can be reached', async () => {
  const store = await startLoopback((_, response) => response.writeHead(403).end());
  const check = await layerStore('here', new URL(store.origin), new HttpClient({ insecure: true }));
  expect(check).toMatchObject({ id: 'layer-store', place: 'here', state: 'ok', detail: 'S3 answers (HTTP 403)' });
  await store.stop();
});

test('a bucket that nobody answers for is told with what to do', async () => {
  const http = new HttpClient({ insecure: true, connectMs: 1000 });
  const check = await layerStore('here', new URL('http://127.0.0.1:9/'), http);
  expect(check).toMatchObject({ state: 'failed', detail: 'S3 does not answer (ECONNREFUSED)' });
  expect(check.todo).toContain('a gateway endpoint of S3');
});

test('the bucket is of the Region and its partition', () => {
  expect(layerBucket('eu-west-1').href).toBe(
    'https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/',
  );
  expect(layerBucket('cn-north-1').hostname).toMatch(/\.s3\.cn-north-1\.amazonaws\.com\.cn$/);
});
