import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fastGlob from 'fast-glob';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globMatcher } from '../../src/config/glob.ts';

describe('a glob', () => {
  it.each<[string, string, string, boolean]>([
    ['a name is meant at any depth', '*.log', 'var/log/app.log', true],
    ['and inside of archives', '*.csv', 'opt/app.jar!data/seed.csv', true],
    ['a folder is all that is in it', 'test/fixtures', 'test/fixtures/a/b.csv', true],
    ['an archive is all that is in it', 'opt/app.jar', 'opt/app.jar!data/seed.csv', true],
    ['but no other of the same beginning', 'test/fix', 'test/fixtures/a.csv', false],
    ['with a slash it begins at the first folder', 'fixtures/*.csv', 'test/fixtures/a.csv', false],
    ['a slash before it does that to a name', '/seed.csv', 'db/seed.csv', false],
    ['and a slash or dot before the path is nothing', 'seed/*.csv', './seed/a.csv', true],
    ['of an absolute path, too', '/srv/seed', '/srv/seed/a.csv', true],
    ['/** at the end is the folder too, which need not be listed', 'node_modules/**', 'node_modules', true],
    ['* stays in one folder', 'seed/*', 'seed.d/a', false],
    ['* does not go into an archive', 'opt/*/seed.csv', 'opt/app.jar!x/seed.csv', false],
    ['** goes into one', 'opt/**/seed.csv', 'opt/app.jar!x/seed.csv', true],
    ['! leads into one', 'opt/*.jar!data/*.csv', 'opt/app.jar!data/seed.csv', true],
    ['! leads into no folder', 'opt/app!data', 'opt/app/data', false],
    ['archives in archives', '**/*.tar!*.jar!**/*.csv', 'a/b.tar!c.jar!d/e.csv', true],
    ['files with a dot', '*', '.env', true],
    ['small letters are others', '*.CSV', 'a.csv', false],
    ['letters that are none of a regular expression', 'a+(b).c$v', 'a+(b).c$v', true],
    ['letters beyond ASCII', 'größe-?.txt', 'größe-😀.txt', true],
    ['a line break in a name', '*.csv', 'a\nb.csv', true],
    ['a choice', '*.{csv,tsv}', 'a.tsv', true],
    ['a choice that is none of it', '[!a-c].txt', 'b.txt', false],
    ['a star that is meant', '\\*.txt', 'a.txt', false],
  ])('%s: %s, %s', (_reason, glob, path, expected) => {
    expect(globMatcher(glob)?.(path)).toBe(expected);
  });

  it.each([[''], ['/'], ['./'], ['[abc'], ['{a,b'], ['a\\'], ['[]'], ['[z-a]']])('%j is none', (glob) => {
    expect(globMatcher(glob)).toBeUndefined();
  });

  it('takes no longer for a path that is made to take long', () => {
    const matches = globMatcher('**/*a*a*a*a*a*a*b');
    const began = performance.now();
    expect(matches?.('a'.repeat(1_000_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('folders on a disk', () => {
  const names = ['a', 'b', 'ab', 'a.txt', '.env', 'a+b', 'x-1', '[a]', 'ä'];
  const files = names.flatMap((one) => [`${one}/a`, `d/${one}/b.txt`, `d/e/${one}.csv`, `${one}.d/deep/er/x-1`]);
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-glob-'));
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are matched as fast-glob matches them, and what is below with them', () => {
    const part = fc.constantFrom(
      '*',
      '**',
      'a',
      'd',
      'e',
      '*.txt',
      '*.{csv,txt}',
      '[ab]',
      '[!a]',
      'x-[0-9]',
      'a*',
      '.*',
    );
    // It walks as deep as a glob has parts, so that what ** matches at the end depends on what is before it.
    const globs = fc
      .array(part, { minLength: 2, maxLength: 4 })
      .map((parts) => parts.join('/'))
      .filter((glob) => !glob.endsWith('/**'));
    fc.assert(
      fc.property(globs, (glob) => {
        const options = { cwd: folder, dot: true, onlyFiles: false, suppressErrors: true };
        const theirs = new Set(fastGlob.sync(glob, options));
        const matches = globMatcher(glob);
        for (const file of files) {
          const parts = file.split('/');
          const expected = parts.some((_, index) => theirs.has(parts.slice(0, index + 1).join('/')));
          expect(matches?.(file), `${glob} ${file}`).toBe(expected);
        }
      }),
      { numRuns: 150 },
    );
  });
});
