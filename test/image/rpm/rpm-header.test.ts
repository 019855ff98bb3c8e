import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRpmHeader } from '../../../src/image/rpm/rpm-header.ts';
import { limits } from '../../../src/limits.ts';
import { type RpmFile, rpmHeader } from '../../support/rpm-databases.ts';

const sha256 = 'ab'.repeat(32);

function filesOf(header: Buffer): readonly RpmFile[] {
  const files: RpmFile[] = [];
  readRpmHeader(header, (path, digest) => files.push({ path, digest }));
  return files;
}

test('the files of a header, in their folders', () => {
  const files = [
    { path: '/usr/share/libx/a.txt', digest: sha256 },
    { path: '/etc/libx.conf', digest: 'cd'.repeat(16) },
    { path: '/usr/share/libx/Beispiël', digest: 'ef'.repeat(64) },
  ];
  expect(filesOf(rpmHeader(files))).toEqual(files);
});

test.each<[string, readonly RpmFile[]]>([
  ['folders and links have no digest', [{ path: '/usr/share/libx', digest: '' }]],
  ['a digest of no known length', [{ path: '/a', digest: 'ab'.repeat(24) }]],
  ['no hexadecimal number', [{ path: '/a', digest: 'xy'.repeat(32) }]],
  ['a longer path than Linux opens', [{ path: `/${'x'.repeat(limits.pathCharacters)}`, digest: sha256 }]],
])('%s: no file', (_reason, files) => {
  expect(filesOf(rpmHeader(files))).toEqual([]);
});

const whole = rpmHeader(
  Array.from({ length: 20 }, (_, index) => ({ path: `/usr/share/libx/${String(index)}`, digest: sha256 })),
);

test('a header that is cut short has no file that the whole one has not', () => {
  const files = filesOf(whole).map(({ path }) => path);
  for (let length = 0; length < whole.length; length++) {
    for (const { path } of filesOf(whole.subarray(0, length))) {
      // The last name may be cut as well.
      expect(files.some((file) => file.startsWith(path))).toBe(true);
    }
  }
});

test('random and changed bytes neither throw nor take long', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(filesOf(Buffer.from(bytes)).length).toBeLessThan(400);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
      const changed = Buffer.from(whole);
      for (const [at, byte] of changes) changed[at] = byte;
      expect(filesOf(changed).length).toBeLessThanOrEqual(whole.length);
    }),
  );
});
