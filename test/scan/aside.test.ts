import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { ASIDE_PATH } from '../../src/scan/aside.ts';
import { scanBlob } from '../../src/scan/blob.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { type FoundInEntry, Tally } from '../../src/scan/tally.ts';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, ociLayout } from '../support/image-layouts.ts';
import { buildTar, compress } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { missing, run } from '../support/programs.ts';
import { scanArchive } from '../support/scans.ts';

const engine = new Engine();
const line = `patient ssn: ${patient(1).ssn}`;
const noZstd = missing('zstd') !== undefined;

/** RFC 1952, 2.3.1: one member with the flags and what they announce. */
function gzipWith(flags: number, fields: Buffer, content: Buffer): Buffer {
  const plain = gzipSync(content);
  const header = Buffer.from(plain.subarray(0, 10));
  header[3] = flags;
  return Buffer.concat([header, fields, plain.subarray(10)]);
}

function skippable(content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50, 0);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

const text = Buffer.from(line);
const ended = Buffer.from(`${line}\0`);
const extra = Buffer.concat([Buffer.from([line.length + 4, 0, 0x41, 0x70, line.length, 0]), Buffer.from(line)]);
const table = Buffer.from(
  JSON.stringify({ version: 1, entries: [{ name: 'a', xattrs: { 'user.ssn': patient(1).ssn } }] }),
);

const rows: readonly (readonly [title: string, needsZstd: boolean, wrap: (content: Buffer) => Buffer])[] = [
  ['a gzip file name', false, (content) => gzipWith(0x08, ended, content)],
  ['a gzip comment', false, (content) => gzipWith(0x18, Buffer.concat([Buffer.from('a\0'), ended]), content)],
  ['a gzip extra field', false, (content) => gzipWith(0x04, extra, content)],
  [
    'the header of a second gzip member',
    false,
    (content) => Buffer.concat([gzipSync(content), gzipWith(0x08, ended, Buffer.alloc(0))]),
  ],
  ['a skippable zstd frame in front', true, (content) => Buffer.concat([skippable(text), compress(content, 'zstd')])],
  ['a skippable zstd frame behind', true, (content) => Buffer.concat([compress(content, 'zstd'), skippable(text)])],
  [
    'the table of contents of zstd:chunked, compressed itself',
    true,
    (content) => Buffer.concat([compress(content, 'zstd'), skippable(compress(table, 'zstd'))]),
  ],
];

const found = ({ found }: { readonly found: readonly Pick<FoundInEntry, 'finding'>[] }): readonly string[] =>
  found.map(({ finding }) => `${finding.detector} ${finding.place.path}`);

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
  await Promise.resolve();
}

describe.each(rows.filter(([, needsZstd]) => !(needsZstd && noZstd)))('%s', (_, __, wrap) => {
  it('of a file, and of one in an archive', async () => {
    const stored = wrap(Buffer.from('nothing to see\n'));
    const tally = new Tally(engine);
    await scanFile('a.bin', once(stored), tally);
    await scanFile('b.tar', once(await buildTar([{ path: 'c', content: stored }])), tally);
    expect(found(tally)).toEqual([`ssn a.bin!${ASIDE_PATH}`, `ssn b.tar!c!${ASIDE_PATH}`]);
    expect(tally.gaps).toEqual([]);
  });

  it('of a layer', async () => {
    const stored = wrap(await buildTar([{ path: 'etc/motd', content: 'hello\n' }]));
    const scanned = await scanBlob(engine, once(stored), {
      name: 'l',
      digestElsewhere: false,
      onBytes: () => undefined,
    });
    expect([found(scanned), scanned.content.kind]).toEqual([[`ssn ${ASIDE_PATH}`], 'layer']);
    expect(scanned.gaps).toEqual([]);
  });

  it('of an archive with an image', async () => {
    const image = await buildImage({
      names: ['a:1'],
      layers: [{ entries: [{ path: 'etc/motd', content: 'hello\n' }] }],
    });
    const report = await scanArchive(wrap(await archiveOf(ociLayout([image]))));
    expect(report.findings.map(({ detector }) => detector)).toEqual(['ssn']);
    expect(report.coverage.gaps).toEqual([]);
  });
});

it('a longer text than is held beside an archive is a gap', async () => {
  const image = await buildImage({ names: ['a:1'], layers: [{ entries: [{ path: 'etc/motd', content: 'hello\n' }] }] });
  const long = Buffer.from(`${'x '.repeat(limits.tarRecordBytes / 2)}y\0`);
  const report = await scanArchive(gzipWith(0x08, long, await archiveOf(ociLayout([image]))));
  expect(report.coverage.gaps.map(({ reason }) => reason)).toEqual(['record-limit']);
});

it.skipIf(noZstd)('a broken table in a skippable frame is a gap', async () => {
  const broken = compress(table, 'zstd').subarray(0, -8);
  const stored = Buffer.concat([compress(Buffer.from('nothing'), 'zstd'), skippable(broken)]);
  const tally = new Tally(engine);
  await scanFile('a.zst', once(stored), tally);
  expect(tally.gaps).toMatchObject([{ reason: 'truncated', path: 'a.zst' }]);
});

it.skipIf(noZstd)('a table in a table in a table is unpacked once', async () => {
  const empty = compress(Buffer.alloc(0), 'zstd');
  let frame = skippable(compress(table, 'zstd'));
  for (let depth = 0; depth < 2000; depth++) frame = skippable(Buffer.concat([empty, frame]));
  const tally = new Tally(engine);
  await scanFile('a.zst', once(frame), tally);
  expect(tally.gaps).toEqual([]);
});

it.skipIf(missing('gzip', 'zstd'))('what programs write has no gap', async () => {
  const content = Buffer.from('nothing to see\n');
  const tally = new Tally(engine);
  await scanFile('a.gz', once(run('gzip', ['-c'], { input: content })), tally);
  await scanFile('a.zst', once(run('zstd', ['-c', '-q'], { input: content })), tally);
  expect([tally.gaps, tally.found]).toEqual([[], []]);
});

it('a value inside a Debian package', async () => {
  const inner = gzipSync(await buildTar([{ path: './etc/seed.ini', content: `${line}\n` }]));
  const header = `data.tar.gz     0           0     0     100644  ${String(inner.length).padEnd(10)}\`\n`;
  const deb = Buffer.concat([Buffer.from(`!<arch>\n${header}`), inner]);
  const tally = new Tally(engine);
  await scanFile('kelp.deb', once(deb), tally);
  expect(found(tally)).toEqual(['ssn kelp.deb!data.tar.gz!etc/seed.ini']);
  expect(tally.gaps).toEqual([]);
});
