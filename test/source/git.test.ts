import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntryGap } from '../../src/finding.ts';
import { type GitBlob, gitFiles, hookPath, pushedBlobs, stagedBlobs, workingTree } from '../../src/source/git.ts';
import { missing } from '../support/programs.ts';

const skipped = missing('git');
const before = process.cwd();
const NOTHING = '0'.repeat(40);

describe.skipIf(skipped !== undefined)(`a Git repository${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let folder = '';
  let count = 0;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'phiscan-git-source-')));
  });
  beforeEach(() => {
    const top = join(folder, `repository-${count++}`);
    mkdirSync(top);
    process.chdir(top);
    git('init', '-q', '-b', 'main');
    git('config', 'user.name', 'Test');
    git('config', 'user.email', 'test@phiscan.example');
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  function git(...args: readonly string[]): string {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  }
  function commit(files: Readonly<Record<string, string>>): string {
    for (const [path, content] of Object.entries(files)) writeFileSync(path, content);
    git('add', '-A');
    git('commit', '-q', '-m', 'a change');
    return git('rev-parse', 'HEAD');
  }
  const pathsOf = (blobs: readonly GitBlob[]): readonly string[] => blobs.map(({ path }) => path);

  async function read(blobs: readonly GitBlob[]): Promise<{ contents: Record<string, string>; gaps: EntryGap[] }> {
    const gaps: EntryGap[] = [];
    const contents: Record<string, string> = {};
    for await (const { path, bytes } of gitFiles(blobs, (gap) => gaps.push(gap))) {
      if (bytes.kind === 'stream') contents[path] = (await buffer(bytes.chunks)).toString();
    }
    return { contents, gaps };
  }

  it('gives what is staged, and not what stands in the working tree, as git show does', async () => {
    commit({ gone: 'x', same: 'x' });
    const large = 'line\n'.repeat(100_000);
    for (const [path, content] of Object.entries({ 'a b': 'staged', 'two\nlines': '', ä: large })) {
      writeFileSync(path, content);
    }
    rmSync('gone');
    git('add', '-A');
    writeFileSync('a b', 'later');
    const blobs = await stagedBlobs();
    expect(pathsOf(blobs)).toEqual(['a b', 'two\nlines', 'ä']);
    const { contents, gaps } = await read(blobs);
    expect(contents).toEqual({ 'a b': 'staged', 'two\nlines': '', ä: large });
    for (const [path, content] of Object.entries(contents)) expect(git('show', `:${path}`)).toBe(content.trim());
    expect(gaps).toEqual([]);
  });

  it('goes on behind a file that nobody read to its end', async () => {
    writeFileSync('one', 'x'.repeat(200_000));
    writeFileSync('two', 'second');
    git('add', '-A');
    const seen: string[] = [];
    for await (const { path, bytes } of gitFiles(await stagedBlobs(), () => undefined)) {
      seen.push(path === 'two' && bytes.kind === 'stream' ? (await buffer(bytes.chunks)).toString() : path);
    }
    expect(seen).toEqual(['one', 'second']);
  });

  it('content that Git does not have is a gap, and what is behind it is read', async () => {
    writeFileSync('here', 'content');
    git('add', '-A');
    const blobs = [{ path: 'absent', object: 'f'.repeat(40) }, ...(await stagedBlobs())];
    const { contents, gaps } = await read(blobs);
    expect(contents).toEqual({ here: 'content' });
    expect(gaps).toEqual([{ reason: 'unreadable', path: 'absent', detail: 'git does not have its content' }]);
  });

  it('a push sends each version that its commits add, and nothing that the remote has', async () => {
    const first = commit({ old: 'old' });
    commit({ seed: 'value' });
    const last = commit({ seed: 'taken out' });
    expect(pathsOf(await pushedBlobs([{ local: last, remote: first }], 'origin'))).toEqual(['seed', 'seed']);
    expect(pathsOf(await pushedBlobs([{ local: last, remote: NOTHING }], 'origin'))).toEqual(['old', 'seed', 'seed']);
    // A branch that is deleted sends nothing, and one whose remote is ahead of what was fetched sends all.
    expect(await pushedBlobs([{ local: NOTHING, remote: last }], 'origin')).toEqual([]);
    expect(await pushedBlobs([{ local: last, remote: 'e'.repeat(40) }], '--all')).toHaveLength(3);
  });

  it('knows its top and where its hooks are', async () => {
    const top = process.cwd();
    mkdirSync('below');
    process.chdir('below');
    expect(await workingTree()).toBe(top);
    expect(await hookPath('pre-commit', top)).toBe('.git/hooks/pre-commit');
  });

  it('elsewhere says what to do', async () => {
    process.chdir(folder);
    await expect(workingTree()).rejects.toThrow(/^git rev-parse failed .*Run it in the working tree of a repository/);
  });
});
