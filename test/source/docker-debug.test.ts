import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSource } from '../../src/source/open.ts';

beforeAll(() => {
  // Read when the library is loaded, which is with the first reference to an engine.
  vi.stubEnv('DEBUG', '*');
});

afterAll(() => {
  vi.unstubAllEnvs();
});

test('with DEBUG set, the library prints what it asks, and nothing of what the engine knows of an image', async () => {
  const server = createServer((request, answer) => {
    const failing = request.url?.includes('/gone/') === true;
    answer.writeHead(failing ? 500 : 200);
    answer.end(request.url?.includes('/get') ? Buffer.alloc(1024, 'planted') : '{"Config": {"Env": ["A=planted"]}}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const written: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const failures: unknown[] = [];
  for (const name of ['there', 'gone']) {
    await openSource(`docker-daemon:${name}`, {}).catch((error: unknown) => failures.push(error));
  }
  write.mockRestore();
  server.close();
  expect(written.join('')).toContain('/images/there/json');
  expect(written.join('')).not.toContain('planted');
  expect(failures).toHaveLength(2);
  for (const failure of failures) expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('planted');
});
