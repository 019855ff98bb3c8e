import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFiles } from '../../src/source/files.ts';
import { dockerMissing, startDocker } from '../support/docker.ts';
import type { DockerEngine } from '../support/docker.ts';
import { run } from '../support/programs.ts';

const skipped = dockerMissing();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** They go to the builder in any case, and classic docker takes them out of what an image may copy. */
const STEERING: ReadonlySet<string> = new Set(['Dockerfile', '.dockerignore']);

function makeContext(name: string, files: Readonly<Record<string, string>>): string {
  const context = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), content);
  }
  symlinkSync('a.txt', join(context, 'link'));
  return context;
}

describe.skipIf(skipped !== undefined)(`what docker build sends${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let engine: DockerEngine;

  beforeAll(async () => {
    engine = await startDocker();
  }, 120_000);

  afterAll(async () => {
    await engine.stop();
  }, 60_000);

  const files = {
    Dockerfile: 'FROM scratch\nCOPY . /\n',
    'a.txt': '',
    'a.log': '',
    'b/c.log': '',
    'b/d/e.log': '',
    'b/d/keep.log': '',
    '.env': '',
    '.hidden/x': '',
    'node_modules/m/index.js': '',
    'node_modules/m/.keep': '',
    'A.LOG': '',
    'sp ace/f': '',
    'x(1).txt': '',
    'x+y': '',
    'x{a,b}': '',
    'a|b': '',
    x$: '',
    'deep/node_modules/n': '',
    'ü/ö': '',
  };

  test.each<[string, string]>([
    ['nothing', ''],
    ['a comment and blank lines', '# *.txt\n\n   \n'],
    ['a star stays in its folder', '*.log'],
    ['two stars go down', '**/*.log'],
    ['two stars in the middle', 'b/**/*.log'],
    ['a folder with all that is below it', 'node_modules'],
    ['a folder anywhere', '**/node_modules'],
    ['a slash at the start or end', '/b/\n.hidden/'],
    ['an exception', '*\n!a.txt'],
    ['an exception in a folder that is left out', 'b\n!b/d/keep.log'],
    ['an exception of an exception', '**\n!b\nb/d'],
    ['the last line that fits decides', '!a.txt\n*.txt'],
    ['dots', './b/../a.txt\nb/./c.log'],
    ['question marks and sets', '?.log\n[ab].txt'],
    ['a set that is negated', '[^a].txt\nx[^y]y'],
    ['characters that a RegExp would take amiss', 'x(1).txt\nx+y\na|b\nx$'],
    ['braces are no alternatives', 'x{a,b}'],
    ['a backslash takes the next character as itself', 'x\\(1).txt\nx\\+y'],
    ['a backslash before a letter, as in paths of Windows, fits nothing', '\\a.txt'],
    ['case matters', 'a.LOG'],
    ['spaces around a pattern, and in it', '  sp ace  '],
    ['Windows line ends', 'a.txt\r\n*.log\r\n'],
    ['a byte order mark', '\uFEFFa.txt'],
    ['the Dockerfile and the rules themselves', 'Dockerfile\n.dockerignore\n.env'],
    ['letters that are no ASCII', 'ü'],
    ['everything but one folder below one', '*\n!b\nb/*\n!b/d'],
  ])('%s', async (title, rules) => {
    const context = makeContext(`ignore-${title.replace(/\W/g, '-')}`, { ...files, '.dockerignore': rules });
    const listed = await listedFiles(context);
    expect(listed.filter((name) => !STEERING.has(name))).toEqual(sentFiles(context));
    // They go to the builder whatever the rules say.
    expect(listed).toEqual(expect.arrayContaining([...STEERING]));
  });

  test('whatever the rules, nothing that docker sends is left out', async () => {
    const name = fc.constantFrom('a', 'b', 'd', '*', '**', '?', '*.log', '.*', 'x[({+]*', 'node_modules', 'keep.log');
    const pattern = fc.tuple(fc.constantFrom('', '', '!', '/'), fc.array(name, { minLength: 1, maxLength: 3 }));
    let context = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(pattern, { minLength: 1, maxLength: 4 }), async (lines) => {
        const rules = lines.map(([prefix, names]) => prefix + names.join('/')).join('\n');
        const place = makeContext(`any-${context++}`, { ...files, '.dockerignore': rules });
        expect(await listedFiles(place)).toEqual(expect.arrayContaining([...sentFiles(place)]));
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  test('rules of a Dockerfile of its own leave out only what all rules leave out', async () => {
    const context = makeContext('two-rules', {
      ...files,
      '.dockerignore': 'a.txt\n*.log',
      'Dockerfile.dockerignore': 'a.log\nb',
      'gone.dockerignore': '!*',
    });
    const listed = await listedFiles(context);
    expect(listed).not.toContain('a.log');
    expect(listed).toEqual(expect.arrayContaining(['a.txt', 'b/c.log', 'A.LOG']));
  });

  test('a pattern that docker refuses is an error that names the file', async () => {
    const context = makeContext('refused', { a: '', '.dockerignore': 'ok\na[' });
    await expect(
      openFiles([context], { dockerignore: true, onGap: () => expect.unreachable() }).next(),
    ).rejects.toMatchObject({
      code: 'usage',
    });
  });

  /** What is in an image that takes the whole context. */
  function sentFiles(context: string): readonly string[] {
    const image = engine.docker(['build', '-q', context]).toString().trim();
    // Docker does not save an image without layers.
    if (engine.docker(['image', 'inspect', '-f', '{{len .RootFS.Layers}}', image]).toString().trim() === '0') return [];
    const archive = join(folder, 'built.tar');
    engine.docker(['save', '-o', archive, image]);
    const lines = (...args: readonly string[]): readonly string[] => run('tar', args).toString().split('\n');
    const layer = lines('-tf', archive).find((name) => name.endsWith('layer.tar')) ?? '';
    writeFileSync(join(folder, 'layer.tar'), run('tar', ['-xOf', archive, layer]));
    const names = lines('--quoting-style=literal', '-tf', join(folder, 'layer.tar'));
    return names.filter((name) => name !== '' && !name.endsWith('/') && !STEERING.has(name)).sort();
  }
});

async function listedFiles(context: string): Promise<readonly string[]> {
  const listed: string[] = [];
  for await (const { path, type } of openFiles([context], { dockerignore: true, onGap: () => expect.unreachable() })) {
    if (type !== 'directory') listed.push(path.slice(context.length + 1));
  }
  return listed.sort();
}
