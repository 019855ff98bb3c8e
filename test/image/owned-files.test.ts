import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileDigests } from '../../src/image/owned-files.ts';
import { isOwned, ownedKeys, OwnedFilesBuilder } from '../../src/image/owned-files.ts';
import { limits } from '../../src/limits.ts';

const content = Buffer.from('the content of a file');
const digests = digestsOf(content);

function digestsOf(bytes: Buffer): FileDigests {
  const of = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  return { md5: of('md5'), sha1: of('sha1'), sha256: of('sha256'), sha512: of('sha512') };
}

/** What a layer with this one database says of a file. */
function owns(
  path: string,
  text: string,
  file: string,
  of: FileDigests = digests,
  cuts: readonly number[] = [],
): boolean {
  const builder = new OwnedFilesBuilder();
  const bytes = Buffer.from(text);
  const database = builder.database(path, bytes.length);
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A copy that is overwritten afterwards, as the next stage may.
    const part = Buffer.from(bytes.subarray(at, at + cut));
    database?.write(part);
    part.fill(0);
    at += cut;
  }
  database?.end();
  const owned = builder.finish();
  // Whatever the file's own layer lists: nothing, or the same.
  const answers = [undefined, owned].map((own) => owned !== undefined && isOwned([owned], ownedKeys(file, of, own)));
  expect(answers[0]).toBe(answers[1]);
  return answers[0] === true;
}

const dpkg = 'var/lib/dpkg/info/libx.md5sums';
const dpkgText = `${'0'.repeat(32)}  usr/bin/other\n${digests.md5}  usr/share/doc/libx/examples.txt\n`;
const apk = 'lib/apk/db/installed';
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const apkText = `P:libx\nV:1.0\nF:usr/share/libx\nR:other\nZ:Q1${base64('00'.repeat(20))}\nR:examples.txt\na:0:0:644\nZ:Q1${base64(digests.sha1)}\n\n`;

describe('a file is owned', () => {
  test.each([
    ['dpkg', dpkg, dpkgText, 'usr/share/doc/libx/examples.txt'],
    ['dpkg, written with ./', `./${dpkg}`, dpkgText, './usr/share/doc/libx/examples.txt'],
    ['dpkg without a last newline', dpkg, dpkgText.trimEnd(), 'usr/share/doc/libx/examples.txt'],
    ['distroless', 'var/lib/dpkg/status.d/libx.md5sums', dpkgText, 'usr/share/doc/libx/examples.txt'],
    ['the list names a link to /usr', dpkg, dpkgText.replaceAll('usr/share', 'lib'), 'usr/lib/doc/libx/examples.txt'],
    ['the tar names a link to /usr', dpkg, dpkgText.replaceAll('usr/share', 'usr/lib'), 'lib/doc/libx/examples.txt'],
    ['letters beyond ASCII', dpkg, dpkgText.replace('examples', 'Beispiële'), 'usr/share/doc/libx/Beispiële.txt'],
    ['apk', apk, apkText, 'usr/share/libx/examples.txt'],
    ['apk below /usr', `usr/${apk}`, apkText, 'usr/share/libx/examples.txt'],
    [
      'apk with SHA-256',
      apk,
      apkText.replace(`Q1${base64(digests.sha1)}`, `Q2${base64(digests.sha256)}`),
      'usr/share/libx/examples.txt',
    ],
  ])('%s', (_reason, path, text, file) => {
    expect(owns(path, text, file)).toBe(true);
  });
});

describe('a file is not owned', () => {
  const changed = digestsOf(Buffer.from('something else'));
  test.each([
    ['changed since it was installed', dpkg, dpkgText, 'usr/share/doc/libx/examples.txt', changed],
    ['changed, apk', apk, apkText, 'usr/share/libx/examples.txt', changed],
    ['not in the list', dpkg, dpkgText, 'usr/share/doc/libx/more.txt', digests],
    ['the folder of another file', apk, apkText, 'usr/share/examples.txt', digests],
    ['a list outside the database', 'srv/libx.md5sums', dpkgText, 'usr/share/doc/libx/examples.txt', digests],
    ['a list of another kind', 'var/lib/dpkg/info/libx.list', dpkgText, 'usr/share/doc/libx/examples.txt', digests],
    ['a line that is no record', dpkg, 'md5sums\n\n  \n', 'md5sums', digests],
    ['nothing but a long line', dpkg, 'x'.repeat(3 * limits.lineBytes), 'x', digests],
  ])('%s', (_reason, path, text, file, of) => {
    expect(owns(path, text, file, of)).toBe(false);
  });
});

test('any split of a database says the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(80), { maxLength: 12 }), (cuts) => {
      expect(owns(dpkg, dpkgText, 'usr/share/doc/libx/examples.txt', digests, cuts)).toBe(true);
      expect(owns(apk, apkText, 'usr/share/libx/examples.txt', digests, cuts)).toBe(true);
    }),
  );
});
