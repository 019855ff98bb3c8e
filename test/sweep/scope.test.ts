import { expect, test } from 'vitest';
import { repositoryFilter } from '../../src/sweep/scope.ts';

test.each([
  ['a name without stars is that name', 'team/app', ['team/app'], ['team/app2', 'eam/app', 'team']],
  ['a star at the end', 'team/*', ['team/app', 'team/', 'team/a/b'], ['team', 'other/team/app']],
  ['a star goes over slashes, as in IAM', 'prod*', ['prod', 'prod/a/b', 'production'], ['my/prod']],
  ['a star in front', '*/app', ['team/app', 'a/b/app'], ['app', 'team/app2']],
  ['stars in between', 'a*b*c', ['abc', 'a/b/c', 'aXbXbXc'], ['ac', 'ab', 'acb']],
  ['the end is not also the middle', '*ab*ab', ['abab', 'xabxab'], ['ab', 'xab']],
  ['one character', 'app-?', ['app-1', 'app-/'], ['app-', 'app-12']],
  ['what is special elsewhere is not here', 'a.b+c', ['a.b+c'], ['aXb+c', 'a.bbc']],
  ['all', '*', ['', 'x', 'a/b'], []],
])('%s: %s', (_why, glob, inside, outside) => {
  const matches = repositoryFilter({ repositories: [glob] });
  for (const name of inside) expect(matches(name), name).toBe(true);
  for (const name of outside) expect(matches(name), name).toBe(false);
});

test('several globs are a union, and none is everything', () => {
  const matches = repositoryFilter({ repositories: ['a*', 'b'] });
  expect(['a1', 'b', 'c'].map(matches)).toEqual([true, true, false]);
  expect(repositoryFilter({ repositories: [] })('anything')).toBe(true);
});

test('many stars take no time', () => {
  const begun = performance.now();
  expect(repositoryFilter({ repositories: ['*a'.repeat(100) + 'b'] })('a'.repeat(256))).toBe(false);
  expect(performance.now() - begun).toBeLessThan(1000);
});
