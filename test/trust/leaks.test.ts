import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, containerdStore, docker25, dockerLegacy, ociLayout } from '../support/image-layouts.ts';
import { phiscan } from './command.ts';
import { plantedImage, Planter } from './plants.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-leaks-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('x', () => {
  it.each(Object.entries({ dockerLegacy, docker25, containerdStore, ociLayout }))('%s', async (name, layout) => {
    const plant = new Planter(1000);
    const image = await buildImage(await plantedImage(plant));
    const file = join(folder, `${name}.tar`);
    writeFileSync(file, await archiveOf(layout([image])));
    const table = await phiscan(['image', file, '--explain', '--min-confidence', '0']);
    const json = await phiscan(['image', file, '--format', 'json', '--min-confidence', '0']);
    console.log(json.stderr, table.stderr);
    writeFileSync('/tmp/trust/' + name + '.json', json.stdout);
    writeFileSync('/tmp/trust/' + name + '.txt', table.stdout);
    expect(plant.leaks(table.stdout + table.stderr)).toEqual([]);
    expect(plant.leaks(json.stdout + json.stderr)).toEqual([]);
  });
});
