import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { scanBlob } from '../../src/scan/blob.ts';
import { buildTar } from '../support/layer-builder.ts';

const { treePaths } = limits;
afterEach(() => {
  Object.assign(limits, { treePaths });
});

it.each([
  ['up to the bound: no gap', 5000, []],
  ['above the bound: visibility is not known, which is a gap', 100, ['entry-limit ']],
])('paths of a layer, %s', async (_, bound, expected) => {
  Object.assign(limits, { treePaths: bound });
  const tar = await buildTar(Array.from({ length: 1000 }, (_, index) => ({ path: `f${index}`, content: 'x' })));
  async function* stored(): AsyncGenerator<Buffer> {
    yield tar;
    await Promise.resolve();
  }
  const options = { name: 'l', digestElsewhere: false, onBytes: () => undefined };
  const { gaps, entries, content } = await scanBlob(new Engine(), stored(), options);
  expect(gaps.map(({ reason, path }) => `${reason} ${path}`)).toEqual(expected);
  expect([entries, content.kind]).toEqual([1000, 'layer']);
});
