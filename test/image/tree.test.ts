import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LayerTreeBuilder } from '../../src/image/tree.ts';
import { tracePath, visibilityOf } from '../../src/image/visibility.ts';
import { memberName } from '../support/layer-builder.ts';
import { layerTree } from '../support/source-blobs.ts';

const paths = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

describe('a tree', () => {
  it('is the same for any order of its entries, and for repeated ones', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(paths, fc.boolean())), fc.nat(), (entries, turn) => {
        const build = (list: readonly (readonly [string, boolean])[]): unknown => {
          const builder = new LayerTreeBuilder();
          for (const [path, isDirectory] of list) builder.add(path, isDirectory ? 'directory' : 'file');
          return builder.finish();
        };
        const cut = turn % (entries.length + 1);
        expect(build([...entries.slice(cut), ...entries, ...entries.slice(0, cut)])).toEqual(build(entries));
      }),
    );
  });

  it('of many folders and files fits its bytes, and crosses threads as it is', () => {
    const builder = new LayerTreeBuilder();
    for (let index = 0; index < 50_000; index++) builder.add(`d${String(index % 500)}/f${String(index)}`, 'file');
    const tree = builder.finish();
    expect(tree.paths).toHaveLength(50_500);
    expect(tree.paths.buffer.byteLength).toBe(50_500 * 8);
    expect(structuredClone(tree)).toEqual(tree);
    expect(visibilityOf([tree, tree], 0, tracePath('d499/f49999'))).toEqual({ visibility: 'overwritten', hiddenBy: 1 });
    expect(visibilityOf([tree, tree], 0, tracePath('d499/f49998'))).toEqual({ visibility: 'visible' });
  });

  it('above its bound says that it is not complete', () => {
    const builder = new LayerTreeBuilder(1000);
    for (let index = 0; index < 5000; index++) builder.add(`f${String(index)}`, 'file');
    const tree = builder.finish();
    expect(tree.complete).toBe(false);
    expect(tree.paths.length).toBeLessThanOrEqual(1000);
  });

  it('lists no folders of a path that no kernel opens', () => {
    const builder = new LayerTreeBuilder();
    builder.add('a/'.repeat(500_000), 'file');
    expect(builder.finish().paths).toHaveLength(1);
  });

  it('holds the marker names of whiteouts as no paths', () => {
    const tree = layerTree([
      { path: 'd/a', whiteout: true },
      { path: 'd', opaque: true },
    ]);
    expect([tree.paths.length, tree.whiteouts.length, tree.opaques.length]).toEqual([0, 1, 1]);
    expect(memberName({ path: 'd/a', whiteout: true })).toBe('d/.wh.a');
  });
});
