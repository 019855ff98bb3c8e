import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { AR_STRAY_PATH, readAr } from '../../src/unpack/ar.ts';
import type { Problem } from '../../src/unpack/chunks.ts';
import { missing, run } from '../support/programs.ts';
import { noise } from './compressed.ts';

interface Read {
  readonly members: readonly (readonly [path: string, content: string])[];
  readonly metadata: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads pieces of these lengths, over and over; each is overwritten once it is used. */
async function readAll(bytes: Buffer, lengths: readonly number[] = [Infinity], pull = true): Promise<Read> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const piece = Buffer.from(bytes.subarray(at, at + (lengths[turn % lengths.length] ?? Infinity)));
      at += piece.length;
      yield piece;
      piece.fill(0xee);
    }
    await Promise.resolve();
  }
  const problems: Problem[] = [];
  const members: (readonly [string, string])[] = [];
  const metadata: string[] = [];
  for await (const member of readAr(pieces(), (problem) => problems.push(problem))) {
    const runs: Buffer[] = [];
    if (pull) for await (const chunk of member.chunks) runs.push(Buffer.from(chunk));
    members.push([member.path, Buffer.concat(runs).toString('latin1')]);
    metadata.push(...member.metadata.map(([, text]) => text.trim()));
  }
  return { members, metadata, problems };
}

interface Part {
  readonly name: string;
  readonly content?: string;
  /** As the header says it. */
  readonly size?: string;
  readonly time?: string;
  readonly terminator?: string;
}

function member({ name, content = '', size, time = '0', terminator = '`\n' }: Part): Buffer {
  const numbers = time.padEnd(12) + '0'.padEnd(6) + '0'.padEnd(6) + '100644'.padEnd(8);
  const header = name.padEnd(16) + numbers + (size ?? String(content.length)).padEnd(10) + terminator;
  return Buffer.from(header + content + (content.length % 2 === 1 ? '\n' : ''), 'latin1');
}

function ar(...parts: readonly Part[]): Buffer {
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts.map(member)]);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-ar-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('what programs write', () => {
  const files: readonly (readonly [string, string])[] = [
    ['short.txt', 'even'],
    ['odd', 'odd'],
    ['empty', ''],
    ['a-name-that-is-longer-than-sixteen.txt', 'long'],
    ['another name, with blanks in it.txt', noise(70_001).toString('latin1')],
  ];
  beforeAll(() => {
    for (const [name, content] of files) writeFileSync(join(folder, name), content, 'latin1');
  });
  const names = files.map(([name]) => name);

  it.skipIf(missing('ar'))('GNU ar, with a table of long names', async () => {
    run('ar', ['rcS', 'gnu.a', ...names], { cwd: folder });
    const { members, problems, metadata } = await readAll(readFileSync(join(folder, 'gnu.a')));
    expect(members.filter(([path]) => path !== '//')).toEqual(files);
    expect([problems, metadata]).toEqual([[], []]);
  });

  it.skipIf(missing('bsdtar')).each([
    ['arbsd', files],
    // It writes no table, and so no long names.
    ['argnu', files.slice(0, 3)],
  ] as const)('bsdtar, %s', async (format, written) => {
    const paths = written.map(([path]) => path);
    const { members, problems } = await readAll(
      run('bsdtar', ['-cf', '-', `--format=${format}`, ...paths], { cwd: folder }),
    );
    expect(members).toEqual(written);
    expect(problems).toEqual([]);
  });

  it.skipIf(missing('dpkg-deb', 'ar'))('dpkg-deb: the members that ar lists', async () => {
    mkdirSync(join(folder, 'package/DEBIAN'), { recursive: true });
    const control = 'Package: kelp\nVersion: 1\nArchitecture: all\nMaintainer: x <x@kelp.invalid>\nDescription: x\n';
    writeFileSync(join(folder, 'package/DEBIAN/control'), control);
    run('dpkg-deb', ['--build', 'package', 'kelp.deb'], { cwd: folder });
    const { members, problems } = await readAll(readFileSync(join(folder, 'kelp.deb')));
    const listed = run('ar', ['t', 'kelp.deb'], { cwd: folder }).toString().trim().split('\n');
    expect(members.map(([path]) => path)).toEqual(listed);
    for (const [path, content] of members) {
      expect(run('ar', ['p', 'kelp.deb', path], { cwd: folder }).toString('latin1')).toBe(content);
    }
    expect(problems).toEqual([]);
  });

  it.skipIf(missing('ar'))('any names and contents, in any pieces', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,40}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'binary-ascii', maxLength: 300 })), {
          selector: ([path]) => path,
          minLength: 1,
          maxLength: 6,
        }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        async (made, lengths) => {
          const inner = mkdtempSync(join(folder, 'any-'));
          for (const [path, content] of made) writeFileSync(join(inner, path), content, 'latin1');
          run('ar', ['rcS', '../any.a', ...made.map(([path]) => path)], { cwd: inner });
          const archive = readFileSync(join(folder, 'any.a'));
          rmSync(join(folder, 'any.a'));
          const { members, problems } = await readAll(archive, lengths);
          expect(members.filter(([path]) => path !== '//')).toEqual(made);
          expect(problems).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

const reasonsOf = ({ problems }: Read): readonly string[] => problems.map(({ reason }) => reason);

test.each<[string, Buffer, Read['members'], readonly string[]]>([
  ['no members', ar(), [], []],
  ['less than the magic', Buffer.from('!<ar'), [], []],
  [
    'a member that ends early',
    ar({ name: 'a/', content: 'whole' }, { name: 'b/', content: 'cut', size: '900' }),
    [
      ['a', 'whole'],
      ['b', 'cut\n'],
    ],
    ['truncated'],
  ],
  [
    'a header that ends early',
    Buffer.concat([ar({ name: 'a/', content: 'ab' }), Buffer.from('b/   ')]),
    [
      ['a', 'ab'],
      [AR_STRAY_PATH, 'b/   '],
    ],
    ['truncated'],
  ],
  [
    'a size that is no number: the rest is handed out',
    ar({ name: 'a/', content: 'ab', size: '-4' }, { name: 'b/', content: 'cd' }),
    [
      [
        AR_STRAY_PATH,
        Buffer.concat([ar({ name: 'a/', content: 'ab', size: '-4' }, { name: 'b/', content: 'cd' })]).toString(
          'latin1',
          8,
        ),
      ],
    ],
    ['corrupt'],
  ],
  [
    'a header without its terminator',
    ar({ name: 'a/', content: 'ab', terminator: 'xx' }),
    [[AR_STRAY_PATH, ar({ name: 'a/', content: 'ab', terminator: 'xx' }).toString('latin1', 8)]],
    ['corrupt'],
  ],
  [
    'a name behind the end of the table',
    ar({ name: '//', content: 'x.txt/\n' }, { name: '/700', content: 'ab' }),
    [
      ['//', 'x.txt/\n'],
      ['/700', 'ab'],
    ],
    [],
  ],
  ['a BSD name that is longer than its body', ar({ name: '#1/9', content: 'ab' }), [['#1/9', 'ab']], []],
  [
    'a table of names above the bound: its bytes are handed out all the same',
    ar({ name: '//', content: 'x'.repeat(limits.tarRecordBytes + 2) }, { name: '/0', content: 'ab' }),
    [
      ['//', 'x'.repeat(limits.tarRecordBytes + 2)],
      ['/0', 'ab'],
    ],
    ['record-limit'],
  ],
])('%s', async (_, archive, members, reasons) => {
  const read = await readAll(archive);
  expect(read.members).toEqual(members);
  expect(reasonsOf(read)).toEqual(reasons);
});

it('gives text that stands where numbers should', async () => {
  const { metadata } = await readAll(ar({ name: 'a/', content: 'ab', time: 'not a time' }));
  expect(metadata).toEqual([expect.stringMatching(/^not a time/)]);
});

it('passes over members that nobody pulls', async () => {
  const archive = ar({ name: 'a/', content: 'abc' }, { name: 'b/', content: noise(700_000).toString('latin1') });
  const { members, problems } = await readAll(Buffer.concat([archive, member({ name: 'c/' })]), [1000], false);
  expect(members.map(([path]) => path)).toEqual(['a', 'b', 'c']);
  expect(problems).toEqual([]);
});

it('any damage ends, with each byte handed out or a problem', async () => {
  const whole = ar(
    { name: '//', content: 'longer-than-sixteen.txt/\n' },
    { name: '/0', content: 'abc' },
    { name: 'b/' },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, byte, length) => {
      const broken = Buffer.from(whole.subarray(0, length));
      if (at < length) broken[at] = byte;
      const { members, problems } = await readAll(broken, [7]);
      expect(members.length + problems.length).toBeGreaterThanOrEqual(length >= 9 ? 1 : 0);
    }),
  );
});
