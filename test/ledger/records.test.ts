import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import type { GapReason } from '../../src/finding.ts';
import { readConfig } from '../../src/config/phiscan-yaml.ts';
import { decodeBlob, encodeBlob } from '../../src/ledger/blob-record.ts';
import { isImageKept, isKept } from '../../src/ledger/kept.ts';
import { MemoryStore } from '../../src/ledger/memory-store.ts';
import { memoryLedger } from '../../src/ledger/open-ledger.ts';
import { scopeOf } from '../../src/ledger/scope.ts';
import { rowKinds } from '../../src/ledger/store.ts';
import { engineOf } from '../../src/scan/engine-of.ts';
import { scannedBlobs } from '../support/scanned-blobs.ts';

test('a record is the blob that it was made of', () => {
  fc.assert(
    fc.property(scannedBlobs, (blob) => {
      expect(decodeBlob(encodeBlob(blob))).toEqual(blob);
    }),
  );
});

test('a ledger gives what it was given, and the tar of a layer that was compressed', async () => {
  await fc.assert(
    fc.asyncProperty(scannedBlobs, async (blob) => {
      const ledger = memoryLedger();
      await ledger.remember(blob, true);
      expect(await ledger.recall(blob.digest)).toEqual(blob);
      const { content } = blob;
      if (content.kind !== 'layer') return;
      const tar = { ...blob, digest: content.diffId, size: blob.bytes, content: { ...content, compression: 'none' } };
      expect(await ledger.recall(content.diffId)).toEqual(content.isPlain ? tar : undefined);
      expect(await ledger.known([content.diffId])).toEqual(new Set(content.isPlain ? [content.diffId] : []));
    }),
  );
});

it.each<[GapReason, string, boolean, boolean]>([
  ['interrupted', '', true, false],
  ['internal', '', true, false],
  ['unreadable', 'a', true, false],
  ['time-limit', 'a.zip', true, false],
  ['truncated', '', false, false],
  ['truncated', '', true, true],
  ['truncated', 'a.gz', false, true],
  ['ratio-limit', 'a.gz', false, true],
])('a blob with the gap %s at "%s", its digest verified: %s; is kept: %s', (reason, path, verified, kept) => {
  const content = { kind: 'opaque' } as const;
  const blob = { digest: '', size: 1, content, found: [], gaps: [{ reason, path }], bytes: 1, entries: 1 };
  expect(isKept(blob, verified)).toBe(kept);
});

test('documents are read each time', () => {
  const content = { kind: 'document', json: new Uint8Array(0) } as const;
  expect(isKept({ digest: '', size: 1, content, found: [], gaps: [], bytes: 1, entries: 1 }, true)).toBe(false);
});

test('an image with a gap that may be gone the next time is not kept', () => {
  expect(isImageKept([{ reason: 'encrypted' }, { reason: 'ratio-limit' }])).toBe(true);
  expect(isImageKept([{ reason: 'encrypted' }, { reason: 'missing-blob' }])).toBe(false);
});

test('what is found by other detectors, or by another build, is of another scope', () => {
  const yaml = (shape: string, more = ''): string =>
    `detectors:\n  - id: kelp-mrn\n    title: Kelp chart\n    identifier: mrn\n    labels: { strong: [kelp chart] }
    shape: '${shape}'\n    examples: ['Kelp chart: KV-000000000']\n${more}`;
  const configs = ['', yaml('KV-[0-9]{9}'), yaml('KV-[0-9]{8,9}'), yaml('KV-[0-9]{9}', "    synthetic: 'KV-1+'\n")];
  const own = configs.map((text) => (text === '' ? [] : readConfig(text).customDetectors));
  expect(own.map(({ length }) => length)).toEqual([0, 1, 1, 1]);
  const rules = own.map((detectors) => engineOf(detectors).ruleset);
  const scopes = [
    ...rules.map((of) => scopeOf(of, 'a')),
    scopeOf(rules[0] ?? '', 'b'),
    scopeOf(rules[0] ?? '', 'a', ['eu']),
  ];
  expect(new Set(scopes.map(({ hash }) => hash.toString('hex'))).size).toBe(scopes.length);
  expect(scopeOf('x', 'a').hash).toEqual(scopeOf('x', 'a').hash);
});

test('memory has a bound, and what was asked for last stays', () => {
  const store = new MemoryStore(2500);
  const key = (number: number): Buffer => Buffer.from([number]);
  const put = (number: number): void => {
    store.put([{ kind: rowKinds.blob, key: key(number), size: number, value: Buffer.alloc(1000, number) }]);
  };
  put(1);
  put(2);
  expect(store.get(rowKinds.blob, key(1))?.length).toBe(1000);
  put(3);
  expect([1, 2, 3].map((number) => store.has(rowKinds.blob, key(number)))).toEqual([true, false, true]);
  expect([1, 2, 3].map((number) => store.hasSize(number))).toEqual([true, false, true]);
});
