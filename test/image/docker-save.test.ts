import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assembly } from '../../src/image/assemble.ts';
import { assembleImages } from '../../src/image/assemble.ts';
import { tracePath, visibilityOf } from '../../src/image/visibility.ts';
import type { DockerEngine } from '../support/docker.ts';
import { dockerMissing, startDocker } from '../support/docker.ts';
import { readBlobs, readTar } from '../support/source-blobs.ts';

describe.skipIf(dockerMissing() !== undefined)('what a Docker engine saves', () => {
  let engine: DockerEngine;
  let folder = '';
  let id = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-save-'));
    engine = await startDocker();
    writeFileSync(join(folder, 'one'), '1');
    // Of another length: the vfs driver tells changes by size and second.
    writeFileSync(join(folder, 'two'), 'second');
    const lines = ['FROM scratch', 'COPY one /etc/a', 'ENV X=1', 'COPY one /etc/kept', 'COPY two /etc/a', 'LABEL y=2'];
    writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
    engine.docker(['build', '-q', '-t', 'app:1', '-t', 'app:2', folder]);
    writeFileSync(join(folder, 'Dockerfile'), ['FROM app:1', 'COPY two /other'].join('\n'));
    engine.docker(['build', '-q', '-t', 'other:1', folder]);
    id = engine.docker(['inspect', '--format', '{{.Id}}', 'app:1']).toString().trim();
  }, 120_000);
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function save(...names: string[]): Promise<Assembly> {
    const archive = engine.docker(['save', ...names]);
    return assembleImages(await readBlobs(await readTar(archive)), { sourceReference: 'saved' });
  }

  function diffIds(name: string): unknown {
    return JSON.parse(engine.docker(['inspect', '--format', '{{json .RootFS.Layers}}', name]).toString());
  }

  it.each([
    ['by name', ['app:1'], ['app:1']],
    ['by id', [], ['saved']],
    ['two images', ['app:1', 'other:1'], ['app:1', 'other:1']],
    ['one image under two names', ['app:1', 'app:2'], ['app:1']],
  ])('%s', async (_, names, references) => {
    const assembly = await save(...(names.length === 0 ? [id] : names));
    expect(assembly.gaps).toEqual([]);
    const shown = assembly.images.map(({ reference }) => reference.replace(/^docker\.io\/library\//, ''));
    expect(shown.sort()).toEqual(references);
    for (const { layers } of assembly.images) {
      expect(layers.map(({ diffId }) => diffId)).toEqual(diffIds(layers.length === 4 ? 'other:1' : 'app:1'));
    }
    const unused = [...assembly.uses.values()].filter(({ images }) => images.length === 0);
    expect(unused.filter(({ role }) => role !== 'legacy-config')).toEqual([]);
  });

  it('each layer has its instruction, and each file its fate', async () => {
    const { images } = await save('app:1');
    const layers = images[0]?.layers ?? [];
    expect(layers.map(({ createdBy }) => /^COPY \S+ in (\S+)$/.exec(createdBy)?.[1])).toEqual([
      '/etc/a',
      '/etc/kept',
      '/etc/a',
    ]);
    const trees = layers.map(({ blob }) => blob?.tree);
    expect(visibilityOf(trees, 0, tracePath('etc/a'))).toEqual({ visibility: 'overwritten', hiddenBy: 2 });
    expect(visibilityOf(trees, 1, tracePath('etc/kept'))).toEqual({ visibility: 'visible' });
    expect(images[0]?.historyLayer).toEqual([0, undefined, 1, 2, undefined]);
  });
});
