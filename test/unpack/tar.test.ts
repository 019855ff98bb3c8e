import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { STRAY_PATHS } from '../../src/unpack/tar-entry.ts';
import { TarReader } from '../../src/unpack/tar.ts';
import {
  blocks,
  chunksOf,
  END_BLOCKS,
  type HeaderFields,
  nextEntry,
  nextRun,
  paxHeader,
  paxRecord,
  readTar,
  readTarChunks,
  tarFile,
  tarHeader,
} from './tar-archive.ts';

const AFTER = tarFile('after.txt', 'after');

function concat(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}

/** Path and content of each entry. */
async function contents(bytes: Buffer): Promise<(readonly [path: string, content: string])[]> {
  const { entries } = await readTar(bytes);
  return entries.map(({ path, content }) => [path, content.toString('latin1')] as const);
}

async function reasons(bytes: Buffer): Promise<string[]> {
  const { problems } = await readTar(bytes);
  return problems.map(({ reason }) => reason);
}

function base256(value: number): Buffer {
  const field = Buffer.alloc(12);
  field.writeBigInt64BE(BigInt(value), 4);
  field.fill(value < 0 ? 0xff : 0, 0, 4);
  field[0] = (field[0] ?? 0) | 0x80;
  return field;
}

describe('headers', () => {
  const rows: readonly (readonly [reason: string, fields: HeaderFields])[] = [
    ['v7 has no magic', { magic: '\0' }],
    ['the flag of old archives is a NUL', { flag: '\0' }],
    ['a contiguous file', { flag: '7' }],
    ['a checksum of signed bytes', { name: Buffer.from('gr\u00fcn.txt', 'latin1'), checksum: 'signed' }],
    ['a size in base 256', { size: base256(7) }],
    ['a size with spaces', { size: Buffer.from('         7 \0') }],
  ];
  test.each(rows)('%s', async (_reason, fields) => {
    const { entries, problems } = await readTar(concat(tarFile('file.txt', 'content', fields), AFTER, END_BLOCKS));
    expect(entries.map(({ type, size, offset }) => [type, size, offset])).toEqual([
      ['file', 7, 512],
      ['file', 5, 1536],
    ]);
    expect(entries[0]?.content.toString()).toBe('content');
    expect(problems).toEqual([]);
  });

  test('the ustar prefix belongs to the path, but GNU keeps times at its place', async () => {
    const archive = concat(
      tarHeader({ name: 'name', prefix: 'folder' }),
      tarHeader({ name: 'name', magic: 'ustar  \0', prefix: '12345670123' }),
    );
    expect(await contents(archive)).toEqual([
      ['folder/name', ''],
      ['name', ''],
    ]);
  });

  test('a slash at the end makes a v7 file a directory, and an unknown flag keeps its body', async () => {
    const { entries } = await readTar(
      concat(tarHeader({ name: 'folder/', magic: '' }), tarFile('acl', 'user:x', { flag: 'A' })),
    );
    expect(entries.map(({ type, content }) => [type, content.toString()])).toEqual([
      ['directory', ''],
      ['other', 'user:x'],
    ]);
  });

  test.each([
    ['a size below zero', base256(-5)],
    ['a size that is no number', Buffer.from('not a size!\0')],
  ])('%s: what follows is read all the same', async (_reason, size) => {
    const archive = concat(tarHeader({ size }), blocks('the body'), AFTER, END_BLOCKS);
    expect(await reasons(archive)).toEqual(['corrupt', 'corrupt']);
    expect((await contents(archive)).map(([path]) => path)).toEqual(['file.txt', STRAY_PATHS.noHeader, 'after.txt']);
  });

  test('a size that no stream reaches ends with the stream', async () => {
    const size = Buffer.alloc(12, 0xff).fill(0xbf, 0, 1);
    const { entries, problems } = await readTar(concat(tarHeader({ size }), blocks('rest')));
    expect(entries[0]?.content.length).toBe(512);
    expect(problems.map(({ reason }) => reason)).toEqual(['truncated']);
  });
});

describe('bodies of links, devices and directories', () => {
  test.each(['1', '2', '3', '4', '5', '6'])(
    'flag %s: a size without a body is ignored when a header follows, as Go does',
    async (flag) => {
      const archive = concat(tarHeader({ flag, size: 600 }), AFTER, END_BLOCKS);
      const { entries, problems } = await readTar(archive);
      expect(entries.map(({ path, size }) => [path, size])).toEqual([
        ['file.txt', 0],
        ['after.txt', 5],
      ]);
      expect(problems).toEqual([]);
    },
  );

  test('a hard link with a body has it, as POSIX allows for pax', async () => {
    const link = tarFile('link', 'the body', { flag: '1', linkName: 'file.txt' });
    const { entries, problems } = await readTar(concat(link, AFTER, END_BLOCKS));
    expect(entries[0]).toMatchObject({ type: 'hardlink', linkTarget: 'file.txt', size: 8 });
    expect(entries.map(({ content }) => content.toString())).toEqual(['the body', 'after']);
    expect(problems).toEqual([]);
  });
});

describe('extension headers', () => {
  test('pax names and sizes count; names that they replace are kept as text', async () => {
    const { entries } = await readTar(
      concat(
        paxHeader({ path: 'gr\u00fcn/pax', linkpath: 'target', size: '7', mtime: '1.5', comment: 'a note' }),
        tarHeader({ name: 'short', size: 0 }),
        blocks('content'),
        AFTER,
      ),
    );
    expect(entries[0]).toMatchObject({ path: 'gr\u00fcn/pax', linkTarget: 'target', size: 7 });
    expect(entries[0]?.content.toString()).toBe('content');
    expect(entries[0]?.metadata).toEqual([
      ['comment', 'a note'],
      ['name', 'short'],
    ]);
    expect(entries[1]).toMatchObject({ path: 'after.txt', linkTarget: '', size: 5 });
  });

  test('a global header holds until an empty record takes it back; its text comes once', async () => {
    const { entries, problems } = await readTar(
      concat(
        paxHeader({ path: 'for-all', comment: 'once' }, 'g'),
        tarHeader({ name: 'for-all' }),
        tarHeader({ name: 'for-all' }),
        paxHeader({ path: '' }),
        tarHeader({ name: 'own' }),
      ),
    );
    expect(entries.map(({ path }) => path)).toEqual(['for-all', 'for-all', 'own']);
    expect(entries.map(({ metadata }) => metadata.filter(([key]) => key === 'comment').length)).toEqual([1, 0, 0]);
    expect(problems).toEqual([]);
  });

  test('a global size is obeyed and reported, since readers disagree', async () => {
    const archive = concat(paxHeader({ size: '5' }, 'g'), tarHeader({ size: 0 }), blocks('12345'));
    expect(await reasons(archive)).toEqual(['ambiguous']);
    expect(await contents(archive)).toEqual([['file.txt', '12345']]);
  });

  test('pax wins over GNU names, and the other name is kept', async () => {
    const { entries } = await readTar(
      concat(
        tarFile('././@LongLink', 'gnu-name\0', { flag: 'L' }),
        paxHeader({ path: 'pax-name' }),
        tarHeader({ name: 'pax' }),
      ),
    );
    expect(entries.map(({ path }) => path)).toEqual(['pax-name']);
    expect(entries[0]?.metadata).toEqual([['GNU.longname', 'gnu-name']]);
  });

  test('text behind a NUL in a name is kept', async () => {
    const { entries } = await readTar(
      concat(
        paxHeader({ path: 'shown\0hidden' }),
        tarHeader({ name: 'shown' }),
        tarFile('././@LongLink', 'long\0hidden', { flag: 'L' }),
        tarHeader({ name: 'long' }),
      ),
    );
    expect(entries.map(({ path }) => path)).toEqual(['shown', 'long']);
    expect(JSON.stringify(entries.map(({ metadata }) => metadata)).match(/hidden/g)).toHaveLength(2);
  });

  test('an attribute in base64 is decoded', async () => {
    const { entries } = await readTar(
      concat(
        paxHeader({
          'LIBARCHIVE.xattr.user.note': Buffer.from('a note').toString('base64'),
          'SCHILY.xattr.user.x': 'y',
        }),
        tarHeader({}),
      ),
    );
    expect(entries[0]?.metadata).toEqual([
      ['LIBARCHIVE.xattr.user.note', 'a note'],
      ['SCHILY.xattr.user.x', 'y'],
    ]);
  });

  test('a malformed header is a problem, and its text is kept', async () => {
    const archive = concat(tarFile('pax', `${paxRecord('comment', 'good')}99 bad=rest`, { flag: 'x' }), AFTER);
    const { entries, problems } = await readTar(archive);
    expect(problems.map(({ reason }) => reason)).toEqual(['corrupt']);
    expect(entries[0]?.metadata).toEqual([
      ['comment', 'good'],
      ['(malformed pax header)', '99 bad=rest'],
    ]);
  });

  test('headers that no entry follows are handed out', async () => {
    const { entries } = await readTar(concat(paxHeader({ path: 'lost', comment: 'note' }), END_BLOCKS));
    expect(entries).toMatchObject([
      {
        path: STRAY_PATHS.orphaned,
        metadata: [
          ['comment', 'note'],
          ['path', 'lost'],
        ],
      },
    ]);
  });

  test.each(['x', 'g', 'L', 'K'])(
    'an oversized %s header is a gap, its bytes are read, memory is not taken',
    async (flag) => {
      // A record of 8 GiB of which the source repeats one chunk.
      const size = 8 * 1024 ** 3;
      const chunk = Buffer.alloc(1 << 20, 0x61);
      async function* source(): AsyncGenerator<Buffer> {
        yield tarHeader({ flag, size: base256(size) });
        for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
        yield await Promise.resolve(concat(AFTER, END_BLOCKS));
      }
      const problems: string[] = [];
      const reader = new TarReader(source(), ({ reason }) => problems.push(reason));
      expect(await nextEntry(reader)).toMatchObject({ path: STRAY_PATHS.oversized, type: 'other', storedSize: size });
      let read = 0;
      for (let run = await nextRun(reader); run; run = await nextRun(reader)) read += run.length;
      expect(read).toBe(size);
      expect(await nextEntry(reader)).toMatchObject({ path: 'after.txt', offset: 512 + size + 512 });
      expect(problems).toEqual(['record-limit']);
    },
  );

  test('many headers for one entry are bounded too', async () => {
    const header = paxHeader({ comment: 'a'.repeat(limits.tarRecordBytes - 100) });
    const { entries, problems } = await readTar(concat(header, header, header, AFTER));
    expect(entries.map(({ path }) => path)).toEqual([STRAY_PATHS.orphaned, 'after.txt']);
    expect(entries[0]?.metadata).toHaveLength(3);
    expect(problems.map(({ reason }) => reason)).toEqual(['record-limit']);
  });
});

describe('stray bytes', () => {
  test('bytes where a header should be are a problem and are read, up to the next header', async () => {
    const archive = concat(tarFile('one.txt', 'one'), blocks('x'.repeat(1000)), AFTER, END_BLOCKS);
    const { entries, problems } = await readTar(archive);
    expect(entries.map(({ path, content }) => [path, content.toString().replaceAll('\0', '')])).toEqual([
      ['one.txt', 'one'],
      [STRAY_PATHS.noHeader, 'x'.repeat(1000)],
      ['after.txt', 'after'],
    ]);
    expect(problems).toEqual([{ reason: 'corrupt', detail: 'no tar header at byte 1024', bytes: 1024 }]);
  });

  test('entries after the end blocks are read, as when archives are joined', async () => {
    const archive = concat(tarFile('one.txt', 'one'), END_BLOCKS, END_BLOCKS, AFTER);
    expect(await contents(archive)).toEqual([
      ['one.txt', 'one'],
      ['after.txt', 'after'],
    ]);
    expect(await reasons(archive)).toEqual([]);
  });

  test('other bytes after the end blocks are read as an entry, to the last one', async () => {
    const archive = concat(tarFile('one.txt', 'one'), END_BLOCKS, Buffer.from('y'.repeat(700)));
    expect(await contents(archive)).toEqual([
      ['one.txt', 'one'],
      [STRAY_PATHS.afterEnd, 'y'.repeat(700)],
    ]);
    expect(await reasons(archive)).toEqual([]);
  });

  test('padding that is not zero is read as an entry', async () => {
    const file = concat(tarHeader({ size: 4 }), Buffer.from('bodyhidden'), Buffer.alloc(502));
    const { entries, problems } = await readTar(concat(file, AFTER, END_BLOCKS));
    expect(entries.map(({ path, content }) => [path, content.toString().replaceAll('\0', '')])).toEqual([
      ['file.txt', 'body'],
      [STRAY_PATHS.padding, 'hidden'],
      ['after.txt', 'after'],
    ]);
    expect(entries[1]?.offset).toBe(516);
    expect(problems).toEqual([]);
  });

  test('an archive without end blocks is whole, one that ends in a block is not', async () => {
    expect(await reasons(AFTER)).toEqual([]);
    expect(await reasons(AFTER.subarray(0, 514))).toEqual(['truncated']);
    expect(await reasons(AFTER.subarray(0, 600))).toEqual(['truncated']);
    expect(await reasons(AFTER.subarray(0, 300))).toEqual(['truncated']);
    expect(await contents(AFTER.subarray(0, 514))).toEqual([['after.txt', 'af\0\0\0']]);
    expect(await reasons(Buffer.alloc(0))).toEqual([]);
  });
});

describe('sparse files', () => {
  const big = 1024 ** 4;

  test('a hole of a terabyte costs nothing', async () => {
    const map = `1\n${big}\n4\n`;
    const header = paxHeader({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 'real-name',
      'GNU.sparse.realsize': `${big + 4}`,
    });
    const reader = new TarReader(
      chunksOf(concat(header, tarFile('GNUSparseFile.0/x', concat(blocks(map), Buffer.from('tail'))))),
      () => {
        throw new Error('no problem expected');
      },
    );
    expect(await nextEntry(reader)).toMatchObject({ path: 'real-name', size: big + 4, storedSize: 516 });
    expect((await nextRun(reader))?.equals(Buffer.alloc(4096))).toBe(true);
    expect((await nextRun(reader))?.toString()).toBe('tail');
    expect(reader.bodyOffset).toBe(big);
    expect(await nextRun(reader)).toBeNull();
  });

  test.each([
    ['text that is no map', 'this is the content'],
    ['a map that goes backwards', '2\n512\n4\n0\n4\n'],
    ['a map of more than is stored', '1\n0\n9999\n'],
    ['a map that does not end', '7\n0\n'],
  ])('%s is read as content', async (_reason, text) => {
    const header = paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '9999' });
    const archive = concat(header, tarFile('x', concat(blocks(text), Buffer.from('tail'))), AFTER);
    const { entries, problems } = await readTar(archive);
    expect(entries[0]?.content.toString()).toContain(text);
    expect(entries[0]?.content.toString()).toContain('tail');
    expect(entries[1]?.path).toBe('after.txt');
    expect(problems.map(({ reason }) => reason)).toEqual(['corrupt']);
  });

  test('stored bytes that the map does not name are read', async () => {
    const header = paxHeader({ 'GNU.sparse.size': '4', 'GNU.sparse.map': '0,4' });
    const { entries } = await readTar(concat(header, tarFile('x', 'bodyhidden')));
    expect(entries[0]?.content.toString()).toBe('bodyhidden');
  });

  test('a container in a sparse file sees every zero', async () => {
    const header = paxHeader({ 'GNU.sparse.size': '100004', 'GNU.sparse.map': '100000,4' });
    const reader = new TarReader(chunksOf(concat(header, tarFile('x', 'tail'))), () => undefined);
    await nextEntry(reader);
    const runs: Buffer[] = [];
    for await (const run of reader.bodyChunks()) runs.push(Buffer.from(run));
    expect(Buffer.concat(runs).equals(concat(Buffer.alloc(100_000), Buffer.from('tail')))).toBe(true);
  });
});

describe('reading', () => {
  test('undrained bodies are skipped, by the source where it can', async () => {
    const size = 10 * limits.chunkBytes;
    const archive = concat(tarFile('large', Buffer.alloc(size, 1)), AFTER, END_BLOCKS);
    let at = 0;
    let skipped = 0;
    const chunks = {
      skip(bytes: number): void {
        at += bytes;
        skipped += bytes;
      },
      async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
        while (at < archive.length) {
          const chunk = archive.subarray(at, at + 4096);
          at += chunk.length;
          yield await Promise.resolve(chunk);
        }
      },
    };
    const reader = new TarReader(chunks, () => {
      throw new Error('no problem expected');
    });
    expect(await nextEntry(reader)).toMatchObject({ path: 'large' });
    expect(await nextEntry(reader)).toMatchObject({ path: 'after.txt', offset: 512 + size + 512 });
    expect((await nextRun(reader))?.toString()).toBe('after');
    expect(await nextEntry(reader)).toBeNull();
    expect(skipped).toBeGreaterThan(size - 3 * 4096);
  });

  test('a skip beyond the end of the source is a truncation', async () => {
    const archive = tarHeader({ size: 100 * limits.chunkBytes });
    let rest = [archive, Buffer.alloc(1000)];
    const chunks = {
      skip(): void {
        rest = [];
      },
      async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
        for (let chunk = rest.shift(); chunk; chunk = rest.shift()) yield await Promise.resolve(chunk);
      },
    };
    const problems: string[] = [];
    const reader = new TarReader(chunks, ({ reason }) => problems.push(reason));
    await nextEntry(reader);
    expect(await nextEntry(reader)).toBeNull();
    expect(problems).toEqual(['truncated']);
  });

  test('entries of one owner share their metadata', async () => {
    const owner = tarHeader({});
    owner.write('someone', 265);
    const sum = owner.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    owner.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const { entries } = await readTar(concat(owner, owner));
    expect(entries[0]?.metadata).toEqual([['uname', 'someone']]);
    expect(entries[1]?.metadata).toBe(entries[0]?.metadata);
  });

  test('close() ends the source', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield await Promise.resolve(tarHeader({ size: 512 }));
      } finally {
        ended = true;
      }
    }
    const reader = new TarReader(source(), () => undefined);
    await nextEntry(reader);
    await reader.close();
    expect(ended).toBe(true);
    expect(reader.header()).toBeNull();
    expect((await readTarChunks(chunksOf(Buffer.alloc(0)))).entries).toEqual([]);
  });
});
