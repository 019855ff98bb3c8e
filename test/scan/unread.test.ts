import { expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { Tally } from '../../src/scan/tally.ts';
import type { Chunks } from '../../src/unpack/chunks.ts';

/** A Patient of FHIR with an attachment of so many characters in base64. */
function patientWithPhoto(characters: number): Buffer {
  const data = Buffer.alloc((characters / 4) * 3, 'not a picture\n').toString('base64');
  return Buffer.from(JSON.stringify({ resourceType: 'DocumentReference', content: [{ attachment: { data } }] }));
}

async function gapsOf(bytes: Buffer): Promise<readonly string[]> {
  const tally = new Tally(new Engine());
  async function* chunks(): Chunks {
    for (let at = 0; at < bytes.length; at += limits.chunkBytes) {
      yield await Promise.resolve(bytes.subarray(at, at + limits.chunkBytes));
    }
  }
  await scanFile('doc.json', chunks(), tally, bytes.length);
  tally.close();
  return tally.gaps.map(({ reason, path }) => `${reason} ${path}`);
}

test('what a reader passes over in an attachment that is too long is a gap', async () => {
  expect(await gapsOf(patientWithPhoto(limits.attachedBytes + 4096))).toEqual(['byte-limit doc.json']);
});

test('an attachment within the bound is none', async () => {
  expect(await gapsOf(patientWithPhoto(4096))).toEqual([]);
});
