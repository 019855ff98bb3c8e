import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../src/unpack/chunks.ts';
import { isMissing } from './tar-programs.ts';
import { readZip, ZIP_STRAY_PATHS, type ZipMember } from '../../src/unpack/zip.ts';

interface ReadMember extends Omit<ZipMember, 'open'> {
  readonly content: string;
}

async function readAll(bytes: Buffer): Promise<{ members: ReadMember[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const members: ReadMember[] = [];
  for await (const { open, ...member } of readZip(bytes, (problem) => problems.push(problem))) {
    const runs: Buffer[] = [];
    for await (const run of open()) runs.push(Buffer.from(run));
    members.push({ ...member, content: Buffer.concat(runs).toString('latin1') });
  }
  return { members, problems };
}

interface Part {
  readonly name?: string;
  readonly content?: string;
  readonly method?: number;
  readonly stored?: Buffer;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly comment?: string;
  readonly extra?: Buffer;
  /** Local header only. */
  readonly hidden?: boolean;
  /** Sizes and CRC-32 behind the content. */
  readonly descriptor?: boolean;
  readonly before?: string;
}

/** A zip archive, put together byte by byte. */
function zip(parts: readonly Part[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content ?? 'content');
    const stored = part.stored ?? (part.method === 8 ? deflateRawSync(content) : content);
    const name = Buffer.from(part.name ?? 'file.txt');
    const extra = part.extra ?? Buffer.alloc(0);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE((part.flags ?? 0) | (part.descriptor ? 8 : 0), 2);
    fields.writeUInt16LE(part.method ?? 0, 4);
    fields.writeUInt32LE(part.crc ?? crc32(content), 10);
    fields.writeUInt32LE(stored.length, 14);
    fields.writeUInt32LE(part.size ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    fields.writeUInt16LE(extra.length, 24);
    const local = Buffer.from(fields);
    const descriptor = part.descriptor ? Buffer.concat([Buffer.from('PK\x07\x08'), fields.subarray(10, 22)]) : '';
    if (part.descriptor) local.fill(0, 10, 22);
    const before = Buffer.from(part.before ?? '');
    const member = [before, Buffer.from('PK\x03\x04'), local, name, extra, stored, Buffer.from(descriptor)];
    const tail = Buffer.alloc(14);
    tail.writeUInt16LE(Buffer.byteLength(part.comment ?? ''), 0);
    tail.writeUInt32LE(offset + before.length, 10);
    const entry = [Buffer.from('PK\x01\x02\x14\x00'), fields, tail, name, extra, Buffer.from(part.comment ?? '')];
    if (!part.hidden) central.push(Buffer.concat(entry));
    locals.push(Buffer.concat(member));
    offset += Buffer.concat(member).length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, ...central, end, Buffer.from(comment)]);
}

const INFLATED = 'deflated '.repeat(200);

describe('members', () => {
  const rows: readonly (readonly [reason: string, part: Part, content: string])[] = [
    ['stored', {}, 'content'],
    ['deflated', { method: 8, content: INFLATED }, INFLATED],
    ['with a data descriptor', { method: 8, content: INFLATED, descriptor: true }, INFLATED],
    ['empty', { content: '' }, ''],
    ['with an absolute name', { name: '/etc/passwd' }, 'content'],
    ['with .. in its name', { name: '../../outside' }, 'content'],
    ['with a backslash in its name', { name: 'C:\\folder\\file' }, 'content'],
  ];
  test.each(rows)('%s', async (_reason, part, content) => {
    const { members, problems } = await readAll(zip([part]));
    expect(members.map((member) => [member.path, member.content])).toEqual([[part.name ?? 'file.txt', content]]);
    expect(members[0]?.size).toBe(content.length);
    expect(problems).toEqual([]);
  });

  const faulty: readonly (readonly [reason: string, part: Part, problem: string])[] = [
    ['encrypted', { flags: 1 }, 'encrypted'],
    ['of an unknown method', { method: 99 }, 'unsupported'],
    ['with a wrong CRC-32', { crc: 1 }, 'corrupt'],
    ['with a wrong size', { size: 3 }, 'size-mismatch'],
    [
      'with a deflate stream that is cut off',
      { method: 8, stored: deflateRawSync(INFLATED).subarray(0, 9) },
      'truncated',
    ],
    [
      'with bytes behind its deflate stream',
      { method: 8, stored: Buffer.concat([deflateRawSync('content'), Buffer.from('x')]) },
      'size-mismatch',
    ],
  ];
  test.each(faulty)('a member %s is a gap, and the next one is read', async (_reason, part, problem) => {
    const { members, problems } = await readAll(zip([part, { name: 'next.txt' }]));
    expect(problems.map(({ reason }) => reason)).toEqual([problem]);
    expect(members.map(({ path }) => path)).toEqual(['file.txt', 'next.txt']);
    expect(members[1]?.content).toBe('content');
  });

  test('the same name twice is two members', async () => {
    const { members } = await readAll(zip([{ content: 'one' }, { content: 'two' }]));
    expect(members.map(({ content }) => content)).toEqual(['one', 'two']);
  });

  test('comments and unknown extra fields are text', async () => {
    const extra = Buffer.concat([Buffer.from([0xfe, 0xca, 4, 0]), Buffer.from('note')]);
    const { members } = await readAll(zip([{ comment: 'of the member', extra }], 'of the archive'));
    expect(members[0]?.metadata).toEqual([
      ['extra field 0xcafe', 'note'],
      ['comment', 'of the member'],
    ]);
    expect(members[1]).toMatchObject({ path: ZIP_STRAY_PATHS.comment, content: 'of the archive' });
  });
});

describe('bytes that the directory does not name', () => {
  test('before, between and behind the members', async () => {
    const archive = zip([{}, { name: 'two.txt', before: 'in between' }]);
    const bytes = Buffer.concat([Buffer.from('#!/bin/sh\n'), archive, Buffer.from('at the end')]);
    const { members, problems } = await readAll(bytes);
    expect(members.map(({ path, content }) => [path, content])).toEqual([
      ['file.txt', 'content'],
      ['two.txt', 'content'],
      [ZIP_STRAY_PATHS.prefix, '#!/bin/sh\n'],
      [ZIP_STRAY_PATHS.between, 'in between'],
      [ZIP_STRAY_PATHS.suffix, 'at the end'],
    ]);
    expect(problems).toEqual([]);
  });

  test('a member with a local header only', async () => {
    const { members } = await readAll(zip([{}, { name: 'hidden.txt', hidden: true, method: 8, content: INFLATED }]));
    expect(members[1]).toMatchObject({ path: 'hidden.txt', content: INFLATED });
  });

  test.each([false, true])('an archive without its directory (data descriptors: %s)', async (descriptor) => {
    const whole = zip([
      { method: 8, content: INFLATED, descriptor },
      { name: 'two.txt', descriptor },
    ]);
    const { members, problems } = await readAll(whole.subarray(0, whole.indexOf('PK\x01\x02', 0, 'latin1')));
    expect(members.map(({ path, content }) => [path, content])).toEqual([
      ['file.txt', INFLATED],
      ['two.txt', 'content'],
    ]);
    expect(problems.map(({ reason }) => reason)).toEqual(['truncated']);
  });

  test('a directory that breaks off is a problem, and its members are found all the same', async () => {
    const bytes = zip([{}, { name: 'two.txt' }]);
    bytes[bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1')] = 0;
    const { members, problems } = await readAll(bytes);
    expect(members.map(({ path }) => path)).toEqual(['file.txt', 'two.txt', ZIP_STRAY_PATHS.between]);
    expect(problems.map(({ reason }) => reason)).toEqual(['corrupt']);
  });
});

describe('the same bytes in other programs', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zip-differential-'));
    mkdirSync(join(folder, 'tree/empty'), { recursive: true });
    writeFileSync(join(folder, 'tree/small.txt'), 'small\n');
    writeFileSync(join(folder, 'tree/gr\u00fcn.txt'), 'green\n');
    writeFileSync(join(folder, 'tree/zeros'), Buffer.alloc(3_000_000));
    writeFileSync(
      join(folder, 'tree/mixed'),
      Buffer.concat(Array.from({ length: 20_000 }, (_, at) => createHash('sha256').update(`${at}`).digest())),
    );
    symlinkSync('small.txt', join(folder, 'tree/link'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const PYTHON = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
# Info-ZIP writes UTF-8 without its flag.
name = lambda i: i.filename if i.flag_bits & 0x800 else i.filename.encode('cp437').decode('utf-8')
print(json.dumps([[name(i), i.file_size, hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]))`;
  const writers: readonly (readonly [string, string, readonly string[]])[] = [
    ['zip', 'zip', ['-qry', 'a.zip', 'tree']],
    ['zip, stored', 'zip', ['-qr0', 'a.zip', 'tree']],
    ['zip, bzip2', 'zip', ['-qrZ', 'bzip2', 'a.zip', 'tree']],
    ['zip, to a pipe (data descriptors, zip64)', 'sh', ['-c', 'zip -qr - tree | cat > a.zip']],
    ['zip, zip64', 'zip', ['-qr', '-fz', 'a.zip', 'tree']],
    ['bsdtar', 'bsdtar', ['--format=zip', '-cf', 'a.zip', 'tree']],
    ['python', 'python3', ['-m', 'zipfile', '-c', 'a.zip', 'tree']],
  ];
  test.for(writers)('%s', async ([, program, args], { skip }) => {
    skip(isMissing(program) || isMissing('python3'), `${program} or python3 is not installed`);
    rmSync(join(folder, 'a.zip'), { force: true });
    execFileSync(program, args, { cwd: folder, stdio: 'pipe', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const { members, problems } = await readAll(readFileSync(join(folder, 'a.zip')));
    const own = members.map(({ path, size, content }) => [
      path,
      size,
      createHash('sha256').update(content, 'latin1').digest('hex'),
    ]);
    const theirs: unknown = JSON.parse(execFileSync('python3', ['-c', PYTHON, join(folder, 'a.zip')]).toString());
    expect(own).toEqual(theirs);
    expect(own.length).toBeGreaterThan(4);
    expect(problems).toEqual([]);
  });
});

test('cuts and changed bits never throw or hang', async () => {
  const archive = Buffer.concat([
    Buffer.from('head'),
    zip(
      [
        { method: 8, content: INFLATED, descriptor: true },
        { name: 'hidden', hidden: true },
        { comment: 'c', method: 8 },
        {},
      ],
      'comment',
    ),
    Buffer.from('tail'),
  ]);
  const flips = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(flips, fc.nat(archive.length), async (changes, length) => {
      const bytes = Buffer.from(archive);
      for (const [at, bits] of changes) bytes[at] = (bytes[at] ?? 0) ^ bits;
      const { members } = await readAll(changes.length > 0 ? bytes : bytes.subarray(0, length));
      expect(members.length).toBeGreaterThanOrEqual(length === 0 ? 0 : 1);
    }),
    { numRuns: 300, examples: [[[], 0]] },
  );
}, 60_000);
