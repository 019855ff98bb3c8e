import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openSource } from '../../src/source/open.ts';
import { missing, program, run } from '../support/programs.ts';
import { contentLines, folderLines, readSource } from '../support/source-objects.ts';

const skipped = missing('umoci', 'skopeo', 'podman', 'tar');
let folder = '';

/** What GNU tar extracts of an archive. */
function extractedLines(archive: string): readonly string[] {
  const place = mkdtempSync(join(folder, 'extracted-'));
  run('tar', ['-C', place, '-xf', archive]);
  return folderLines(place);
}

describe.skipIf(skipped !== undefined)(
  `what other programs write${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'pm'));
      const layout = join(folder, 'layout');
      run('umoci', ['init', '--layout', layout]);
      run('umoci', ['new', '--image', `${layout}:base`]);
      mkdirSync(join(folder, 'files'));
      for (const [tag, content] of [
        ['v1', 'a,b\n1,2\n'],
        ['v2', 'some text\n'.repeat(100_000)],
      ] as const) {
        writeFileSync(join(folder, 'files', tag), content);
        run('tar', ['-C', join(folder, 'files'), '-cf', join(folder, 'layer.tar'), tag]);
        run('umoci', ['raw', 'add-layer', '--image', `${layout}:base`, '--tag', tag, join(folder, 'layer.tar')]);
        run('umoci', ['tag', '--image', `${layout}:${tag}`, 'base']);
      }
      copy(`oci:${layout}:v2`, `docker-archive:${join(folder, 'docker.tar')}:app:2`);
      copy(`oci:${layout}:v2`, `oci-archive:${join(folder, 'oci.tar')}:v2`);
      copy(`oci:${layout}:v2`, `dir:${join(folder, 'dir')}`);
      copy('--dest-compress-format', 'zstd', `oci:${layout}:v2`, `oci:${join(folder, 'zstd')}:v2`);
    }, 60_000);

    afterAll(() => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true, force: true });
    });

    function copy(...args: readonly string[]): void {
      run('skopeo', ['copy', '--quiet', ...args]);
    }

    test.each([
      ['docker-archive', 'docker.tar', 'docker-archive: it holds manifest.json, repositories'],
      ['oci-archive', 'oci.tar', 'oci-archive: it holds index.json, oci-layout'],
    ])('skopeo’s %s, asked for by its scheme and bare', async (scheme, name, chosen) => {
      const archive = join(folder, name);
      for (const reference of [`${scheme}:${archive}`, archive]) {
        const source = await openSource(reference, {});
        expect(source.chosen).toBe(chosen);
        const { objects, problems } = await readSource(source);
        expect(problems).toEqual([]);
        expect(contentLines(objects)).toEqual(extractedLines(archive));
      }
    });

    test('the link of skopeo’s docker-archive to a layer is an alias of it', async () => {
      const { objects } = await readSource(await openSource(join(folder, 'docker.tar'), {}));
      const links = objects.filter(({ alias }) => alias !== undefined);
      expect(links).toHaveLength(2);
      for (const { name, alias, size } of links) {
        expect([name.endsWith('/layer.tar'), size]).toEqual([true, 0]);
        expect(objects.find((object) => object.name === alias)?.size).toBeGreaterThan(0);
      }
    });

    test.each([
      ['umoci’s layout', 'layout', 'oci: it holds oci-layout'],
      ['skopeo’s layout with zstd layers', 'zstd', 'oci: it holds oci-layout'],
      ['skopeo’s dir', 'dir', 'dir: it holds manifest.json and version'],
    ])('%s, every file as a range', async (_, name, chosen) => {
      const source = await openSource(join(folder, name), {});
      expect([source.chosen, source.tag]).toEqual([chosen, undefined]);
      const { objects, problems } = await readSource(source);
      expect(problems).toEqual([]);
      expect(contentLines(objects)).toEqual(folderLines(join(folder, name)));
      expect(objects.every(({ kind }) => kind === 'range')).toBe(true);
    });

    test('a tag is split from the folder, also where both have colons', async () => {
      const source = await openSource(`oci:${join(folder, 'layout')}:v1`, {});
      expect([source.tag, source.chosen]).toEqual([
        'v1',
        'oci: it holds oci-layout; of its images, those with the tag v1',
      ]);
      const odd = join(folder, 'a:b');
      run('cp', ['-r', join(folder, 'layout'), odd]);
      expect((await openSource(`oci:${odd}:v1`, {})).tag).toBe('v1');
      expect((await openSource(`oci:${odd}`, {})).tag).toBeUndefined();
      await expect(openSource(`oci:${odd}:v3`, {})).rejects.toMatchObject({ code: 'not-found' });
    });

    describe('podman', () => {
      const podman = (...args: readonly string[]): Buffer => run('podman', [...storage(), ...args]);
      const storage = (): readonly string[] => [
        '--root',
        join(folder, 'p'),
        '--runroot',
        join(folder, 'r'),
        '--storage-driver=vfs',
      ];

      beforeAll(() => {
        podman('load', '--quiet', '--input', join(folder, 'docker.tar'));
      }, 60_000);

      test.each([
        ['docker-archive', 'docker-archive: it holds manifest.json, repositories'],
        ['oci-archive', 'oci-archive: it holds index.json, oci-layout'],
      ])('saves a %s', async (format, chosen) => {
        const archive = join(folder, `podman-${format}.tar`);
        podman('save', '--quiet', '--format', format, '--output', archive, 'app:2');
        const source = await openSource(archive, {});
        expect(source.chosen).toBe(chosen);
        expect(contentLines((await readSource(source)).objects)).toEqual(extractedLines(archive));
      });

      test('answers like a Docker engine', async () => {
        const socket = join(folder, 's');
        const args = [...storage(), 'system', 'service', '--time=0', `unix://${socket}`];
        const service = spawn(program('podman') ?? 'podman', args, { stdio: 'ignore' });
        try {
          await vi.waitUntil(() => existsSync(socket), { timeout: 20_000 });
          vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
          const { objects, problems } = await readSource(await openSource('docker-daemon:app:2', {}));
          expect(problems).toEqual([]);
          const saved = extractedLines(join(folder, 'docker.tar')).filter((line) => /^[0-9a-f]{64}\.tar /.test(line));
          expect(contentLines(objects)).toEqual(expect.arrayContaining([...saved]));
          await expect(openSource('docker-daemon:app:3', {})).rejects.toMatchObject({ code: 'not-found' });
        } finally {
          const ended = new Promise((resolve) => service.once('exit', resolve));
          service.kill('SIGTERM');
          await ended;
        }
      }, 40_000);
    });
  },
);
