import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { FolderSize } from '../../src/target.ts';
import { limits } from '../../src/limits.ts';
import { commonFolder, FolderSizes } from '../../src/scan/folder-sizes.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25, ociLayout } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { scanArchive } from '../support/scans.ts';

const same = (path: string): string => path;

function sizesOf(entries: readonly (readonly [path: string, bytes: number])[], base = ''): readonly FolderSize[] {
  const sizes = new FolderSizes(base);
  for (const [path, bytes] of entries) sizes.add(path, bytes);
  return sizes.finish(Infinity, same);
}

function rows(sizes: readonly FolderSize[]): readonly string[] {
  return sizes.map(({ path, bytes, entries }) => `${path} ${bytes} ${entries}`);
}

describe('folders of a layer', () => {
  it('each with what is below it, to three levels, the largest first', () => {
    const found = sizesOf([
      ['usr/', 0],
      ['usr/lib/a/b/c/deep.so', 100],
      ['usr/lib/a/b/other.so', 10],
      ['usr/lib/a', 0],
      ['etc/passwd', 5],
      ['top', 1],
    ]);
    expect(rows(found)).toEqual([' 116 6', 'usr 110 3', 'usr/lib 110 3', 'usr/lib/a 110 2', 'etc 5 1']);
  });

  it('a folder is an entry of the one it stands in, with its slash or without', () => {
    expect(sizesOf([['a/b/', 0], ['a/x', 1]])).toEqual(sizesOf([['a/b', 0], ['a/x', 1]])); // prettier-ignore
  });

  it('an empty layer has none', () => {
    expect(sizesOf([])).toEqual([]);
  });

  it('empty files make a root and no folder', () => {
    expect(rows(sizesOf([['a/b', 0]]))).toEqual([' 0 1']);
  });

  it('no size is larger than what was read: a header may state anything', () => {
    const sizes = new FolderSizes();
    sizes.add('a/x', 2 ** 60);
    sizes.add('b', Infinity);
    expect(rows(sizes.finish(512, same))).toEqual([' 512 2', 'a 512 1']);
  });

  it('folders that only masked values tell apart are one', () => {
    const sizes = new FolderSizes();
    for (const [index, name] of ['p1', 'p2', 'p3'].entries()) sizes.add(`${name}/x`, index + 1);
    const masked = sizes.finish(Infinity, (path) => path.replace(/\d/, '*'));
    expect(rows(masked)).toEqual([' 6 3', 'p* 6 3']);
  });

  it('what there is no room for counts in the folder above', () => {
    const sizes = new FolderSizes();
    for (let index = 0; index < limits.countedFolders + 500; index++) sizes.add(`a/f${index}/x`, 1);
    sizes.add(`b/${'n'.repeat(limits.folderCharacters)}/x`, 7);
    sizes.add(`b/${'n'.repeat(limits.folderCharacters)}/y`, 7);
    const found = sizes.finish(Infinity, same);
    expect(found).toHaveLength(limits.listedFolders);
    const whole = limits.countedFolders + 500;
    expect(rows(found).slice(0, 2)).toEqual([` ${whole + 14} ${whole + 2}`, `a ${whole} ${whole}`]);
  });
});

test('any order of entries gives the same, and a folder has what a plain sum of its files has', () => {
  const part = fc.constantFrom('a', 'b', 'c', 'a.d');
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  const entry = fc.tuple(path, fc.nat(50));
  const pair = fc.array(entry, { maxLength: 30 }).chain((all) => {
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  fc.assert(
    fc.property(pair, ([entries, shuffled]) => {
      const found = sizesOf(entries);
      expect(sizesOf(shuffled)).toEqual(found);
      for (const { path: folder, bytes, entries: count } of found) {
        const inside = entries.filter(([of]) => folder === '' || of.startsWith(`${folder}/`));
        expect([bytes, count]).toEqual([inside.reduce((sum, [, size]) => sum + size, 0), inside.length]);
      }
    }),
  );
});

describe('files on disk', () => {
  it.each([
    [['.'], ''],
    [['src', 'test'], ''],
    [['/srv/app'], '/srv/app'],
    [['/srv/app/src', '/srv/app/*.csv'], '/srv/app'],
    [['/srv/a', '/opt/b'], ''],
    [['data/**/*.csv', 'data/x/y'], 'data'],
    [['./data'], 'data'],
  ])('%j are in %j', (patterns, folder) => {
    expect(commonFolder(patterns)).toBe(folder);
  });

  it('levels are counted from that folder on, and paths are whole', () => {
    const found = sizesOf(
      [
        ['/srv/app/a/b/c/d/x', 4],
        ['/srv/app/a/y', 2],
        ['/opt/z', 1],
      ],
      '/srv/app',
    );
    expect(rows(found)).toEqual([' 7 3', '/srv/app/a 6 2', '/srv/app/a/b 4 1', '/srv/app/a/b/c 4 1', '/opt 1 1']);
  });
});

test('a report has the folders of each layer, the same of a layer that is stored compressed, and no value in them', async () => {
  const { ssn } = patient(3);
  const entries = [
    { path: 'srv/app/lib/x/a.bin', content: 'a'.repeat(700) },
    { path: 'srv/app/lib/y/b.bin', content: 'b'.repeat(500) },
    { path: `srv/${ssn}/notes.txt`, content: 'nothing' },
  ];
  const images = await buildImages([{ layers: [{ entries, compression: 'gzip' }, { entries: [{ path: 'etc/x', content: '' }] }] }]); // prettier-ignore
  const expected = [
    ' 1207 3',
    'srv 1207 3',
    'srv/app 1200 2',
    'srv/app/lib 1200 2',
    `srv/${ssn.replace(/\d/g, '*')} 7 1`,
  ];
  for (const layout of [ociLayout(images), docker25(images)]) {
    const [target] = (await scanArchive(await archiveOf(layout))).targets;
    expect(target?.layers.map(({ folders }) => rows(folders ?? []))).toEqual([expected, [' 0 1']]);
  }
});
