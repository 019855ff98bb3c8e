import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PathVisibility } from '../../src/image/visibility.ts';
import { tracePath, visibilityOf } from '../../src/image/visibility.ts';
import { buildImage } from '../support/image-builder.ts';
import { ociLayout, writeLayout } from '../support/image-layouts.ts';
import type { TarEntry } from '../support/layer-builder.ts';
import { missing, run } from '../support/programs.ts';
import { layerTree } from '../support/source-blobs.ts';

type Node = Pick<TarEntry, 'path' | 'directory' | 'symlink'>;

/** One layer: a tree of files, folders and links without conflicts, and marks that act on the layers below. */
interface ModelLayer {
  readonly nodes: readonly Node[];
  readonly whiteouts: readonly string[];
  readonly opaques: readonly string[];
}

const names = ['a', 'b', 'c'];
const paths: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const nodes = fc
  .array(fc.tuple(paths, fc.constantFrom('file', 'directory', 'symlink')), { maxLength: 6 })
  .map((wished) => wished.reduce<Node[]>((kept, [path, type]) => withNode(kept, path, type), []));
const layers: fc.Arbitrary<ModelLayer[]> = fc.array(
  fc.record({
    nodes,
    whiteouts: fc.uniqueArray(paths, { maxLength: 2 }),
    opaques: fc.uniqueArray(paths, { maxLength: 1 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Adds the folders above, and leaves out what would be in conflict within the layer. */
function withNode(kept: Node[], path: string, type: string): Node[] {
  if (kept.some((node) => node.path === path)) return kept;
  if (kept.some((node) => path.startsWith(`${node.path}/`) && !node.directory)) return kept;
  const parts = path.split('/');
  const folders = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const missing = folders.filter((folder) => !kept.some((node) => node.path === folder));
  const node: Node =
    type === 'directory' ? { path, directory: true } : type === 'symlink' ? { path, symlink: 'nowhere' } : { path };
  return [...kept, ...missing.map((folder): Node => ({ path: folder, directory: true })), node];
}

/** An opaque mark needs its folder to be one in its own layer. */
function entriesOf({ nodes: wished, whiteouts, opaques }: ModelLayer): TarEntry[] {
  const folders = opaques.filter((path) => wished.some((node) => node.path === path && node.directory));
  const isFree = (path: string): boolean => !wished.some((node) => path.startsWith(`${node.path}/`) && !node.directory);
  return [
    ...wished.map((node) => ({ ...node, ...(node.directory || node.symlink ? {} : { content: node.path }) })),
    ...whiteouts.filter(isFree).map((path): TarEntry => ({ path, whiteout: true })),
    ...folders.map((path): TarEntry => ({ path, opaque: true })),
  ];
}

/** image-spec layer.md, applied to a map of paths: first the marks, on what lower layers left; then the layer's own. */
function applyLayers(stack: readonly (readonly TarEntry[])[]): Map<string, PathVisibility> {
  const shown = new Map<string, { layers: number[]; entry: TarEntry }>();
  const fates = new Map<string, PathVisibility>();
  for (const [layer, entries] of stack.entries()) {
    const own = new Set(entries.filter(({ whiteout, opaque }) => !whiteout && !opaque).map(({ path }) => path));
    const hide = (path: string): void => {
      const victim = shown.get(path);
      if (victim === undefined) return;
      shown.delete(path);
      const visibility = own.has(path) ? 'overwritten' : 'deleted';
      for (const lower of victim.layers) fates.set(`${String(lower)} ${path}`, { visibility, hiddenBy: layer });
    };
    const below = (folder: string): string[] => [...shown.keys()].filter((path) => path.startsWith(`${folder}/`));
    for (const { path, whiteout, opaque } of entries) {
      if (whiteout || opaque) for (const victim of [...below(path), ...(whiteout ? [path] : [])]) hide(victim);
    }
    for (const entry of entries) {
      const { path, whiteout, opaque, directory } = entry;
      if (whiteout || opaque) continue;
      const lower = shown.get(path);
      // Folders are merged: all layers that hold one show it.
      if (directory && lower?.entry.directory) {
        lower.layers.push(layer);
        continue;
      }
      if (!directory) for (const victim of below(path)) hide(victim);
      hide(path);
      shown.set(path, { layers: [layer], entry });
    }
    for (const entry of entries) {
      if (!entry.whiteout && !entry.opaque) fates.set(`${String(layer)} ${entry.path}`, { visibility: 'visible' });
    }
  }
  return fates;
}

describe('against a model of image-spec layer.md', () => {
  it('every path of every layer has the fate of the model', () => {
    fc.assert(
      fc.property(layers, (stack) => {
        const entries = stack.map(entriesOf);
        const trees = entries.map(layerTree);
        for (const [key, fate] of applyLayers(entries)) {
          const [layer = '', path = ''] = key.split(' ');
          expect(visibilityOf(trees, Number(layer), tracePath(path)), key).toEqual(fate);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe.skipIf(missing('umoci') !== undefined)('against umoci', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phiscan-visibility-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('the files that it unpacks are those that are visible, with the content of their layer', async () => {
    const stacks = fc.sample(layers, { numRuns: 12, seed: 7 });
    for (const [turn, stack] of stacks.entries()) {
      // The layer's number in each file's content says which one is shown.
      const entries = stack.map((layer, index) =>
        entriesOf(layer).map((entry) => (entry.content === undefined ? entry : { ...entry, content: String(index) })),
      );
      const image = await buildImage({ names: ['x'], layers: entries.map((list) => ({ entries: list })) });
      const layout = join(folder, `layout${String(turn)}`);
      const rootfs = join(folder, `rootfs${String(turn)}`);
      await writeLayout(ociLayout([image]), layout);
      const args = ['raw', 'unpack', '--rootless', '--image', `${layout}:x`, rootfs];
      run('umoci', args);
      const trees = entries.map(layerTree);
      const visible: string[] = [];
      for (const [index, list] of entries.entries()) {
        for (const entry of list) {
          if (entry.content === undefined) continue;
          if (visibilityOf(trees, index, tracePath(entry.path)).visibility === 'visible')
            visible.push(`${entry.path}=${String(index)}`);
        }
      }
      expect(await filesBelow(rootfs), `run ${String(turn)}`).toEqual(visible.sort());
    }
  });

  async function filesBelow(root: string): Promise<string[]> {
    const found: string[] = [];
    for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
      const place = join(file.parentPath, file.name);
      if (file.isFile()) found.push(`${place.slice(root.length + 1)}=${await readFile(place, 'utf8')}`);
    }
    return found.sort();
  }
});

describe('the letters of the specification', () => {
  const file = (path: string): TarEntry => ({ path, content: '' });
  it.each<[string, TarEntry[], TarEntry[], string, PathVisibility]>([
    [
      'a whiteout with a body is still one',
      [file('a')],
      [{ path: 'a', whiteout: true, content: 'x' }],
      'a',
      { visibility: 'deleted', hiddenBy: 1 },
    ],
    [
      'a whiteout of a folder takes all below',
      [file('d/e/f')],
      [{ path: 'd', whiteout: true }],
      'd/e/f',
      { visibility: 'deleted', hiddenBy: 1 },
    ],
    [
      'a whiteout of a name takes no longer name',
      [file('ab')],
      [{ path: 'a', whiteout: true }],
      'ab',
      { visibility: 'visible' },
    ],
    [
      'an opaque root hides all',
      [file('a')],
      [{ path: '', opaque: true }, file('b')],
      'a',
      { visibility: 'deleted', hiddenBy: 1 },
    ],
    [
      'an opaque folder stays itself',
      [{ path: 'd', directory: true }],
      [
        { path: 'd', directory: true },
        { path: 'd', opaque: true },
      ],
      'd',
      { visibility: 'visible' },
    ],
    [
      'a symlink in the place of a folder',
      [file('d/e/f')],
      [{ path: 'd', symlink: 'x' }],
      'd/e/f',
      { visibility: 'deleted', hiddenBy: 1 },
    ],
    [
      'a folder that a path implies, in the place of a file',
      [file('d')],
      [file('d/e')],
      'd',
      { visibility: 'overwritten', hiddenBy: 1 },
    ],
    ['AUFS metadata hides nothing', [file('plnk')], [file('.wh..wh.plnk')], 'plnk', { visibility: 'visible' }],
    ['a whiteout of a dot hides nothing', [file('d/a')], [file('d/.wh..')], 'd/a', { visibility: 'visible' }],
    ['the body of a whiteout is never shown', [file('.wh.a')], [], '.wh.a', { visibility: 'deleted', hiddenBy: 0 }],
    [
      'names are compared without ./ and /',
      [file('./d//a')],
      [file('/d/a')],
      'd/./a',
      { visibility: 'overwritten', hiddenBy: 1 },
    ],
    [
      'a trailing / is a folder of the same name',
      [{ path: 'd/', directory: true }],
      [{ path: './d', directory: true }],
      'd/',
      { visibility: 'visible' },
    ],
    [
      '.. does not leave the root',
      [file('../../a')],
      [file('b/../a')],
      'a',
      { visibility: 'overwritten', hiddenBy: 1 },
    ],
    [
      'Windows layers hold their whiteouts below Files/',
      [file('Files/Users/a')],
      [{ path: 'Files/Users', whiteout: true }],
      'Files/Users/a',
      { visibility: 'deleted', hiddenBy: 1 },
    ],
  ])('%s', (_, lower, upper, path, expected) => {
    expect(visibilityOf([layerTree(lower), layerTree(upper)], 0, tracePath(path))).toEqual(expected);
  });

  it('an absent layer between hides nothing', () => {
    const tree = layerTree([file('a')]);
    expect(visibilityOf([tree, undefined, tree], 0, tracePath('a'))).toEqual({
      visibility: 'overwritten',
      hiddenBy: 2,
    });
  });
});
