import fc from 'fast-check';
import type { EntryFinding } from '../../src/finding.ts';
import type { ScannedBlob } from '../../src/scan/blob.ts';

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...Array.from({ length: 16 }, (_, digit) => digit.toString(16))), {
      minLength: length,
      maxLength: length,
    })
    .map((digits) => digits.join(''));
const digest = hex(64).map((digits) => `sha256:${digits}`);
const hash = fc.maxSafeNat();
const hashes = fc.array(hash, { maxLength: 40 }).map((list) => Float64Array.from(list).sort());

const finding: fc.Arbitrary<EntryFinding> = fc.record({
  detector: fc.constantFrom('ssn', 'mrn'),
  identifier: fc.constant('ssn'),
  safeHarbor: fc.constant('G'),
  severity: fc.constantFrom('critical', 'low'),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  outcome: fc.constantFrom('real', 'synthetic'),
  count: fc.nat(),
  mask: fc.constant('***-**-****'),
  place: fc.record(
    { path: fc.string({ unit: 'grapheme' }), pointer: fc.string(), line: fc.nat(), offset: fc.nat() },
    { requiredKeys: ['path'] },
  ),
  evidence: fc.array(fc.record({ term: fc.string(), weight: fc.integer() }), { maxLength: 3 }),
});

const entry = fc.record({
  isWhiteout: fc.boolean(),
  self: hash,
  folders: fc.array(hash, { maxLength: 4 }),
  keys: fc.array(hash, { maxLength: 8 }),
});

const gap = fc.record(
  { reason: fc.constantFrom('encrypted', 'unsupported'), path: fc.string(), detail: fc.string(), bytes: fc.nat() },
  { requiredKeys: ['reason', 'path'] },
) as fc.Arbitrary<ScannedBlob['gaps'][number]>;

const layer = fc.record({
  kind: fc.constant('layer'),
  diffId: digest,
  compression: fc.constantFrom('none', 'gzip', 'zstd'),
  isPlain: fc.boolean(),
  folders: fc.array(fc.record({ path: fc.string(), bytes: fc.nat(), entries: fc.nat() }), { maxLength: 3 }),
  tree: fc.record({ paths: hashes, whiteouts: hashes, opaques: hashes, complete: fc.boolean() }),
}) as fc.Arbitrary<ScannedBlob['content']>;

/** Blobs as threads give them: findings of one entry share it. */
export const scannedBlobs: fc.Arbitrary<ScannedBlob> = fc
  .record(
    {
      digest,
      size: fc.nat(),
      content: fc.oneof(layer, fc.constant({ kind: 'opaque' } as const)),
      entryList: fc.array(fc.record({ entry, findings: fc.array(finding, { maxLength: 3 }) }), { maxLength: 4 }),
      gaps: fc.array(gap, { maxLength: 3 }),
      bytes: fc.nat(),
      entries: fc.nat(),
      owned: hashes,
    },
    { requiredKeys: ['digest', 'size', 'content', 'entryList', 'gaps', 'bytes', 'entries'] },
  )
  .map(({ entryList, ...blob }) => ({
    ...blob,
    found: entryList.flatMap(({ entry: of, findings }) => findings.map((one) => ({ finding: one, entry: of }))),
  }));
