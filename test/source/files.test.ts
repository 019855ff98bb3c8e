import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EntryGap } from '../../src/finding.ts';
import { openFiles } from '../../src/source/files.ts';
import type { FileObject } from '../../src/source/files.ts';
import { asNobody } from '../support/as-nobody.ts';
import { run } from '../support/programs.ts';

const before = process.cwd();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
  chmodSync(folder, 0o755);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** A tree of its own for each test, and the current folder. */
beforeEach(() => {
  process.chdir(mkdtempSync(join(folder, 't')));
  chmodSync('.', 0o755);
});

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path);
  }
}

interface Listed {
  readonly objects: readonly FileObject[];
  readonly gaps: readonly EntryGap[];
}

async function list(patterns: readonly string[], dockerignore = false): Promise<Listed> {
  const gaps: EntryGap[] = [];
  const objects: FileObject[] = [];
  for await (const object of openFiles(patterns, { dockerignore, onGap: (gap) => gaps.push(gap) }))
    objects.push(object);
  return { objects, gaps };
}

async function paths(...patterns: readonly string[]): Promise<readonly string[]> {
  return (await list(patterns)).objects.filter(({ type }) => type !== 'directory').map(({ path }) => path);
}

describe('openFiles', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a folder gives all that is below it, dotfiles too', ['.'], ['.env', 'a.b', 'a/b', 'a/c/d', 'a/c[1].txt', 'z']],
    ['a file gives itself', ['z'], ['z']],
    ['./ and a slash at the end change nothing', ['./a/'], ['a/b', 'a/c/d', 'a/c[1].txt']],
    ['a glob gives what it matches, dotfiles too', ['*'], ['.env', 'a.b', 'a/b', 'a/c/d', 'a/c[1].txt', 'z']],
    ['a glob that matches a folder gives what is below it', ['a*'], ['a.b', 'a/b', 'a/c/d', 'a/c[1].txt']],
    ['two stars go down', ['**/d'], ['a/c/d']],
    ['braces are alternatives', ['{z,a.b}'], ['a.b', 'z']],
    ['a name that looks like a glob and exists is a name', ['a/c[1].txt'], ['a/c[1].txt']],
    [
      'patterns that overlap give each file once',
      ['a/c', 'a', '**', 'a/c/d', './a/b'],
      ['.env', 'a.b', 'a/b', 'a/c/d', 'a/c[1].txt', 'z'],
    ],
    ['a folder twice gives each file once', ['a', 'a/'], ['a/b', 'a/c/d', 'a/c[1].txt']],
  ])('%s', async (_, patterns, expected) => {
    write('a/b', 'a/c/d', 'a/c[1].txt', 'a.b', 'z', '.env');
    expect([...(await paths(...patterns))].sort()).toEqual(expected);
  });

  test('an absolute and a relative path to one folder give each file once', async () => {
    write('a/b');
    expect(await paths('a', join(process.cwd(), 'a'))).toHaveLength(1);
  });

  test('the order is that of the names, and the same each time', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `d${(at * 37) % 7}/f${(at * 7919) % 300}`);
    write(...names);
    const listed = await paths('.');
    expect(listed).toEqual([...new Set(names)].sort());
    expect(await paths('.')).toEqual(listed);
  });

  test('folders and their sizes are those that find sees', async () => {
    write('a/b', 'a/c/d', '.x/y');
    mkdirSync('empty');
    const found = run('find', [
      '.',
      '-mindepth',
      '1',
      '-type',
      'f',
      '-printf',
      '%P %s\n',
      '-o',
      '-mindepth',
      '1',
      '-printf',
      '%P 0\n',
    ]);
    const listed = (await list(['.'])).objects.map(({ path, size }) => `${path} ${size}\n`);
    expect([...listed].sort().join('')).toBe(
      found
        .toString()
        .split(/(?<=\n)/)
        .sort()
        .join(''),
    );
  });

  test('a link below a folder is given as its target and not followed', async () => {
    write('out/secret');
    mkdirSync('in');
    symlinkSync('../out', 'in/link');
    symlinkSync('.', 'in/loop');
    const links = (await list(['in'])).objects.filter(({ type }) => type === 'symlink');
    expect(links.map(({ path, linkTarget, size }) => [path, linkTarget, size])).toEqual([
      ['in/link', '../out', 0],
      ['in/loop', '.', 0],
    ]);
    expect(await paths('in')).toEqual(['in/link', 'in/loop']);
  });

  test('a link that is given itself is followed: not reading it would look clean', async () => {
    write('out/file');
    symlinkSync('out', 'folder');
    symlinkSync('out/file', 'file');
    expect(await paths('folder', 'file')).toEqual(['folder/file', 'file'].slice(0, 1));
    const { objects } = await list(['file']);
    expect(objects.map(({ path, bytes }) => [path, bytes.kind === 'range' && bytes.file.endsWith('out/file')])).toEqual(
      [['file', true]],
    );
  });

  test('a link to nothing is given as its target', async () => {
    symlinkSync('nowhere', 'link');
    expect((await list(['link'])).objects.map(({ type, linkTarget }) => [type, linkTarget])).toEqual([
      ['symlink', 'nowhere'],
    ]);
  });

  test('pipes, sockets and devices are named and never opened', async () => {
    run('mkfifo', ['pipe']);
    const server = createServer().listen('socket');
    await new Promise((resolve) => server.once('listening', resolve));
    if (process.getuid?.() === 0) run('mknod', ['zero', 'c', '1', '5']);
    const { objects, gaps } = await list(['.']);
    server.close();
    const named = objects.map(({ path, type, size }) => `${path} ${type} ${size}`);
    expect(named.filter((name) => !name.startsWith('zero'))).toEqual(['pipe fifo 0', 'socket socket 0']);
    if (process.getuid?.() === 0) expect(named).toContain('zero device 0');
    expect(gaps).toEqual([]);
  });

  test('a folder that may not be listed is a gap, and the rest is read', async () => {
    write('closed/file', 'open/file');
    chmodSync('closed', 0);
    const { objects, gaps } = await asNobody(() => list(['.']));
    expect(objects.filter(({ type }) => type === 'file').map(({ path }) => path)).toEqual(['open/file']);
    expect(gaps).toEqual([{ reason: 'unreadable', path: 'closed', detail: 'permission denied' }]);
  });

  test('a file that vanishes during the walk is a gap', async () => {
    write('a', 'b', 'c');
    const gaps: EntryGap[] = [];
    const seen: string[] = [];
    for await (const { path } of openFiles(['.'], { dockerignore: false, onGap: (gap) => gaps.push(gap) })) {
      seen.push(path);
      if (path === 'a') rmSync('b');
    }
    expect(seen).toEqual(['a', 'c']);
    expect(gaps).toEqual([{ reason: 'unreadable', path: 'b', detail: 'gone since it was listed' }]);
  });

  test('names that are no UTF-8 are read all the same', async () => {
    mkdirSync('d');
    const odd = Buffer.concat([Buffer.from('d/M'), Buffer.from([0xfc]), Buffer.from('ller')]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/f')]), 'inside');
    const { objects, gaps } = await list(['d']);
    const [file] = objects.filter(({ type }) => type === 'file');
    expect([file?.path, file?.size, file?.bytes.kind]).toEqual(['d/M\uFFFDller/f', 6, 'stream']);
    const parts: Buffer[] = [];
    if (file?.bytes.kind === 'stream') for await (const chunk of file.bytes.chunks) parts.push(Buffer.from(chunk));
    expect(Buffer.concat(parts).toString()).toBe('inside');
    expect(gaps).toEqual([]);
  });

  test.each([['nothing'], ['*.nothing'], [''], ['nothing/*'], ['z/below']])(
    '%o matches nothing: an error before any file',
    async (pattern) => {
      write('z');
      await expect(list(['z', pattern])).rejects.toMatchObject({ name: 'ScanError', code: 'not-found' });
    },
  );

  test('a path in a folder that may not be entered is denied', async () => {
    write('closed/file');
    chmodSync('closed', 0);
    await expect(asNobody(() => list(['closed/file']))).rejects.toMatchObject({ code: 'denied' });
  });

  test('a tree is walked as it is asked for', async () => {
    write(...Array.from({ length: 20 }, (_, at) => `d${at}/file`));
    const { gaps, objects } = { gaps: [] as EntryGap[], objects: [] as string[] };
    for await (const { path } of openFiles(['.'], { dockerignore: false, onGap: (gap) => gaps.push(gap) })) {
      if (path === 'd0') rmSync('d1', { recursive: true });
      objects.push(path);
    }
    expect(gaps.map(({ path }) => path)).toEqual(['d1']);
    expect(objects).toHaveLength(38);
  });
});
