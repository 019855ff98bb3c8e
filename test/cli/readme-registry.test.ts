import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { localCertificate } from '../support/certificate.ts';
import { helpPages } from '../support/help-examples.ts';
import { buildImages } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import { patients } from '../support/patients.ts';
import { missing } from '../support/programs.ts';
import { registryMissing, startRegistry } from '../support/registry-server.ts';
import type { RegistryServer } from '../support/registry-server.ts';

const root = join(import.meta.dirname, '..', '..');
const section = /^## Registries: images$(.*?)^## /ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
const commands = [...section.matchAll(/^\$ (phiscan .*)$/gm)].map(([, command = '']) => command);
/** Of the help, with the registry that is there for the one that is not. */
const fromHelp = new Set(
  helpPages()
    .flatMap(({ examples }) => examples)
    .filter((line) => /\bregistry:registry\.example\//.test(line))
    .map((line) => line.replace('registry.example', '$REGISTRY')),
);
const people = patients(3, 77);

const skipped = registryMissing() ?? missing('openssl');

describe.skipIf(skipped !== undefined)(
  `the README on registries${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let registry: RegistryServer;
    let proxy: Server;
    let folder = '';
    let env: NodeJS.ProcessEnv = {};

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
      const program = join(folder, 'phiscan');
      writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"\n`);
      chmodSync(program, 0o755);
      registry = await startRegistry({ auth: true });
      const table = [
        'mrn,last_name,first_name,dob',
        ...people.map(({ mrn, family, given, dob }) => [mrn, family, given, dob].join(',')),
      ];
      const layers = [
        {
          entries: [{ path: 'srv/seed.csv', content: `${table.join('\n')}\n` }],
          createdBy: 'COPY seed.csv /srv/ # buildkit',
        },
      ];
      const platforms = ['linux/amd64', 'linux/arm64'];
      const images = await buildImages(platforms.map((platform) => ({ names: ['import:1.4'], platform, layers })));
      await registry.pushLayout(ociLayout(images), 'clinic/import:1.4');
      await registry.pushLayout(ociLayout(images), 'team/app:1.4');
      const { key, cert, file } = localCertificate(folder);
      proxy = createServer({ key, cert }, (incoming, outgoing) => {
        const { method, url, headers } = incoming;
        request(`http://${registry.host}${url ?? ''}`, { method, headers }, (answer) => {
          answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers));
        }).end();
      });
      await new Promise<void>((resolve) => proxy.listen(0, 'localhost', resolve));
      const host = `localhost:${(proxy.address() as AddressInfo).port}`;
      const { name = '', password = '' } = registry.user ?? {};
      const auth = Buffer.from(`${name}:${password}`).toString('base64');
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
      env = {
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
        REGISTRY: host,
        LOCAL: registry.host,
        DOCKER_CONFIG: folder,
        NODE_EXTRA_CA_CERTS: file,
        PHISCAN_CACHE_DIR: join(folder, 'cache'),
      };
    }, 120_000);

    afterAll(async () => {
      proxy.closeAllConnections();
      proxy.close();
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('there are some', () => {
      expect(commands.length).toBeGreaterThan(2);
      expect(fromHelp.size).toBeGreaterThan(0);
    });

    test.each([...commands, ...fromHelp])('%s', async (command) => {
      const isLocal = command.includes('$LOCAL');
      // The password is the same, of the same registry by another name.
      const auths = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as { auths: Record<string, unknown> };
      const config = { auths: { ...auths.auths, [registry.host]: Object.values(auths.auths)[0] } };
      if (isLocal) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
      const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
        (resolve) => {
          execFile('sh', ['-c', command], { cwd: folder, env }, (error, out, err) => {
            resolve({ code: error?.code ?? 0, stdout: out, stderr: err });
          });
        },
      );
      expect([code, stderr]).toEqual([1, stderr]);
      const file = /--output (\S+)/.exec(command)?.[1];
      const report = file === undefined ? stdout : readFileSync(join(folder, file), 'utf8');
      for (const { mrn, dob } of people) for (const value of [mrn, dob]) expect(report + stderr).not.toContain(value);
      if (file === undefined) {
        const shown = section.split(`$ ${command}\n`)[1]?.split('```')[0] ?? '';
        // What differs are the place of the registry and digests.
        for (const line of shown.split('\n').filter((text) => /patient-record|layer 0:|complete$/.test(text))) {
          expect(report.replace(/\s+/g, ' ')).toContain(line.trim().replace(/\s+/g, ' '));
        }
        return;
      }
      const { targets, coverage } = JSON.parse(report) as Report;
      expect([targets.map(({ platform }) => platform), coverage.complete]).toEqual([['linux/arm64'], true]);
    });
  },
);
