import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressionOf, isTar, isZip, unreadContainerOf } from '../../src/unpack/magic.ts';
import { noise, prose, run } from './compressed.ts';

describe('compressionOf', () => {
  it.each([
    ['gzip', gzipSync('x'), 'gzip'],
    ['bzip2', Buffer.from('425a6839314159265359', 'hex'), 'bzip2'],
    ['bzip2 of nothing, which begins with the end', Buffer.from('425a683917724538509000000000', 'hex'), 'bzip2'],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), 'xz'],
    ['zstd', Buffer.from('28b52ffd2401', 'hex'), 'zstd'],
    ['the first skippable frame of zstd', Buffer.from('502a4d18', 'hex'), 'zstd'],
    ['the last skippable frame of zstd', Buffer.from('5f2a4d18', 'hex'), 'zstd'],
    ['no skippable frame', Buffer.from('602a4d18', 'hex'), undefined],
    ['gzip with a method that never was', Buffer.from('1f8b0700', 'hex'), undefined],
    ['a text that begins like bzip2', Buffer.from('BZh9 is how it begins'), undefined],
    ['a level that bzip2 has not', Buffer.from('BZh0314159265359', 'latin1'), undefined],
    ['a head cut short', Buffer.from('28b52f', 'hex'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('%s', (_, head, expected) => {
    expect(compressionOf(head)).toBe(expected);
  });
});

describe('isTar', () => {
  /** A header before 1988, with no magic, only the checksum, in the given form. */
  function v7(form: (checksum: number) => string, name = 'file', signed = false): Buffer {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write('0000644\0', 100);
    header.write('00000000012\0', 124);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + (signed && byte > 127 ? byte - 256 : byte), 0);
    header.write(form(sum).padEnd(8, '\0'), 148, 'latin1');
    return header;
  }
  const octal = (sum: number): string => `${sum.toString(8).padStart(6, '0')}\0 `;

  it.each([
    ['ustar', run('tar', ['-cf', '-', '--format=ustar', 'package.json'], Buffer.alloc(0)), true],
    ['GNU', run('tar', ['-cf', '-', '--format=gnu', 'package.json'], Buffer.alloc(0)), true],
    ['v7', run('tar', ['-cf', '-', '--format=v7', 'package.json'], Buffer.alloc(0)), true],
    ['an empty archive', run('tar', ['-cf', '-', '-T', '/dev/null'], Buffer.alloc(0)), true],
    ['two NUL blocks', Buffer.alloc(1024), true],
    ['one NUL block', Buffer.alloc(512), false],
    ['NUL, then something', Buffer.concat([Buffer.alloc(1000), Buffer.alloc(24, 1)]), false],
    ['a checksum with leading blanks', v7((sum) => `${sum.toString(8).padStart(6, ' ')}\0 `), true],
    ['a checksum without an end', v7((sum) => sum.toString(8).padStart(8, '0')), true],
    ['a name with high bytes, unsigned', v7(octal, '\xe9t\xe9'), true],
    ['a name with high bytes, signed', v7(octal, '\xe9t\xe9', true), true],
    ['a wrong checksum', v7((sum) => octal(sum + 1)), false],
    ['text', prose(512), false],
    ['text with the word at the place', Buffer.concat([prose(257), Buffer.from("ustar'"), prose(300)]), false],
    ['noise', noise(512), false],
    ['a cut header', v7(octal).subarray(0, 511), false],
  ])('%s', (_, head, expected) => {
    expect(isTar(head)).toBe(expected);
  });
});

it.each([
  ['a file in it', Buffer.from('PK\x03\x04rest', 'latin1'), true],
  ['an empty one', Buffer.from('PK\x05\x06', 'latin1'), true],
  ['two letters', Buffer.from('PK'), false],
  ['a central directory', Buffer.from('PK\x01\x02', 'latin1'), false],
])('isZip: %s', (_, head, expected) => {
  expect(isZip(head)).toBe(expected);
});

describe('unreadContainerOf', () => {
  it.each([
    ['7z', Buffer.from('377abcaf271c0004', 'hex'), '7z'],
    ['RAR 4 and 5', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), 'rar'],
    ['compress', Buffer.from([0x1f, 0x9d, 0x90, 1, 2]), 'compress'],
    ['.lzma', Buffer.from('5d00008000ffffffffffffffff0030', 'hex'), 'lzma'],
    ['a text that begins with ]', Buffer.from('],\n  "something": [1, 2]'), undefined],
    ['text', prose(600), undefined],
  ])('%s', (_, head, expected) => {
    expect(unreadContainerOf(head)).toBe(expected);
  });
});
