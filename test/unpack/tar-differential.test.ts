/** What GNU tar and bsdtar say of the same bytes. */
import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTar } from './tar-archive.ts';
import { isMissing } from './tar-programs.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/tar');
const FIXTURES = readdirSync(FOLDER).filter((name) => name.endsWith('.tar'));

/** First column of `tar -tv`. */
const MODES: Readonly<Record<string, string>> = {
  '-': 'file',
  d: 'directory',
  l: 'symlink',
  h: 'hardlink',
  p: 'fifo',
  V: 'other',
  M: 'file',
};
const EXTRACTORS: Readonly<Record<string, readonly string[]>> = {
  // `tar -x` wants the first volume.
  'second-volume.tar': [],
  // bsdtar makes a file of the label.
  'volume-label.tar': ['tar'],
  // bsdtar refuses a pax path that is no UTF-8, and fails.
  'gnu-tar-posix.tar': ['tar'],
};

let extracted: string;
beforeAll(() => {
  extracted = mkdtempSync(join(tmpdir(), 'tar-differential-'));
});
afterAll(() => {
  rmSync(extracted, { recursive: true });
});

function lines(bytes: Buffer): string[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
}

function run(program: string, args: readonly string[]): Buffer {
  return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8' } });
}

/** As TarReader reads names. */
function decode(path: Buffer): string {
  return path.toString(isUtf8(path) ? 'utf8' : 'latin1');
}

/** Every regular file below a folder: path, size, sha256. */
function filesBelow(folder: Buffer, prefix: Buffer): (readonly [path: string, size: number, sha256: string])[] {
  return readdirSync(folder, { encoding: 'buffer' }).flatMap((name) => {
    const place = Buffer.concat([folder, Buffer.from('/'), name]);
    const path = Buffer.concat([prefix, name]);
    const status = lstatSync(place);
    if (status.isDirectory()) return filesBelow(place, Buffer.concat([path, Buffer.from('/')]));
    if (!status.isFile()) return [];
    return [[decode(path), status.size, createHash('sha256').update(readFileSync(place)).digest('hex')] as const];
  });
}

describe.each(FIXTURES)('%s', (fixture) => {
  const file = join(FOLDER, fixture);

  test.skipIf(isMissing('tar'))('names, types and sizes are those that GNU tar lists', async () => {
    const { entries, problems } = await readTar(readFileSync(file));
    const listed = lines(run('tar', ['-tv', '--ignore-zeros', '--quoting-style=literal', '-f', file])).map((line) => {
      const [, mode = '', size = '', path = ''] =
        /^(.)\S{9} +\S+ +(\d+) [\d-]{10} [\d:]{5} (.*?)(?: -> .*| link to .*|--Volume Header--|--Continued at byte \d+--)?$/.exec(
          line,
        ) ?? [];
      return { path: decode(Buffer.from(path, 'latin1')), type: MODES[mode], size: Number(size) };
    });
    expect(problems).toEqual([]);
    expect(entries.map(({ path, type, size }) => ({ path, type, size }))).toEqual(listed);
  });

  test.for(EXTRACTORS[fixture] ?? ['tar', 'bsdtar'])('content is what %s extracts', async (program, { skip }) => {
    skip(isMissing(program), `${program} is not installed`);
    const { entries } = await readTar(readFileSync(file));
    const target = join(extracted, `${program}-${fixture}`);
    mkdirSync(target);
    const zeros = program === 'tar' ? '--ignore-zeros' : '--options=read_concatenated_archives';
    run(program, ['-x', zeros, '-f', file, '-C', target]);
    const own = entries.flatMap(({ path, type, size, sha256, linkTarget }) => {
      const content = type === 'hardlink' ? entries.find((entry) => entry.path === linkTarget) : { size, sha256 };
      return content && (type === 'file' || type === 'hardlink') ? [[path, content.size, content.sha256] as const] : [];
    });
    const theirs = filesBelow(Buffer.from(target), Buffer.alloc(0));
    expect(own.map(String).sort()).toEqual(theirs.map(String).sort());
    expect(own.length).toBeGreaterThan(0);
  });
});
