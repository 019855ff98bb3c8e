import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Assembly } from '../../src/image/assemble.ts';
import { assembleImages } from '../../src/image/assemble.ts';
import type { DocumentBlob, SourceBlob } from '../../src/image/blob.ts';
import type { BuiltImage } from '../support/image-builder.ts';
import { buildImages, ociTypes } from '../support/image-builder.ts';
import {
  containerdStore,
  crane,
  docker25,
  dockerAncient,
  dockerLegacy,
  ociLayout,
  skopeoDockerArchive,
} from '../support/image-layouts.ts';
import { sha256 } from '../support/layer-builder.ts';
import { sourceBlobs } from '../support/source-blobs.ts';

const layouts = [dockerLegacy, docker25, containerdStore, ociLayout, crane, skopeoDockerArchive, dockerAncient];
const marker = 'text-of-the-source';

let images: BuiltImage[];
beforeAll(async () => {
  images = await buildImages([
    { names: ['app:1'], layers: [{ entries: [{ path: 'a' }] }, { entries: [{ path: 'b' }] }] },
    {
      names: ['app:1'],
      platform: 'linux/arm64',
      layers: [{ entries: [{ path: 'c' }] }],
      attestations: [{ _type: 'https://in-toto.io/Statement/v0.1' }],
    },
  ]);
});

/** What stands in place of some value of a document. */
const replacements = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -1, 1e300, true, '', marker, [], {}, [null], [[]], [marker], { digest: marker }),
  fc.constantFrom<unknown>(
    { manifests: [{}] },
    { layers: [3] },
    '__proto__',
    { constructor: 1 },
    '../../x',
    './',
    'sha256:',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A copy with the value at one of its places replaced, counted in document order. */
function replaceAt(json: unknown, place: { left: number }, replacement: unknown): unknown {
  if (place.left-- === 0) return replacement;
  if (Array.isArray(json)) return json.map((member) => replaceAt(member, place, replacement));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, replaceAt(value, place, replacement)]));
}

function expectSound(assembly: Assembly, blobs: readonly SourceBlob[]): void {
  expect([...assembly.uses.keys()]).toEqual([...new Set(blobs)]);
  for (const use of assembly.uses.values()) {
    expect(use.images.every((index) => index < assembly.images.length)).toBe(true);
    expect(use.excluded && use.images.length > 0).toBe(false);
  }
  const references = assembly.images.map(({ reference }) => reference);
  expect(new Set(references).size).toBe(references.length);
  for (const { layers } of assembly.images) expect(layers.map(({ index }) => index)).toEqual([...layers.keys()]);
  for (const { detail, imageIndex } of [...assembly.gaps, ...assembly.notes]) {
    expect(detail).not.toContain(marker);
    if (imageIndex !== undefined) expect(imageIndex).toBeLessThan(assembly.images.length);
  }
}

describe('documents of any shape', () => {
  it('never throw, and every blob keeps a use', () => {
    const change = fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 60 }), replacements);
    const options = fc.record({
      platforms: fc.constantFrom([], ['linux/arm64']),
      tag: fc.constantFrom(undefined, 'app:1'),
      sourceReference: fc.constant('x'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...layouts),
        fc.array(change, { maxLength: 3 }),
        options,
        fc.nat(),
        (layout, changes, chosen, drop) => {
          const blobs = sourceBlobs(layout(images), images);
          for (const [which, left, replacement] of changes) {
            const index = which % blobs.length;
            const blob = blobs[index];
            if (blob?.kind !== 'document') continue;
            blobs[index] = { ...blob, json: replaceAt(blob.json, { left }, replacement) };
          }
          blobs.splice(drop % (blobs.length * 2), 1);
          expectSound(assembleImages(blobs, chosen), blobs);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);

  it('a document cut out leaves a gap or images that are whole', () => {
    for (const layout of layouts) {
      const files = layout(images.slice(0, 1));
      for (const [index, { path }] of files.entries()) {
        const assembly = assembleImages(sourceBlobs(files.toSpliced(index, 1), images), { sourceReference: 'x' });
        const layers = assembly.images.flatMap((image) => image.layers.map(({ diffId }) => diffId));
        const isWhole = images[0]?.layers.every(({ diffId }) => layers.includes(diffId)) === true;
        expect(isWhole || assembly.gaps.length > 0, `${layout.name} ${path}`).toBe(true);
      }
    }
  });
});

function document(name: string, json: unknown): DocumentBlob {
  const bytes = Buffer.from(name);
  return { kind: 'document', name, aliases: [], digest: sha256(bytes), size: bytes.length, json, bytes };
}

describe('documents made to take long are read in bounded time', () => {
  const many = 50_000;
  const list = (value: (index: number) => unknown, length = many): unknown[] =>
    Array.from({ length }, (_, index) => value(index));
  const hex = (index: number): string => `sha256:${index.toString(16).padStart(64, '0')}`;
  const config = document('c', { history: list(() => ({})), rootfs: { diff_ids: list(hex) } });
  const configDescriptor = { digest: config.digest };

  it.each<[string, SourceBlob[]]>([
    [
      'an index of absent platforms',
      [
        document('index.json', {
          manifests: list((at) => ({ digest: hex(at), platform: { os: 'linux', architecture: `a${String(at)}` } })),
        }),
      ],
    ],
    [
      'one image under many names',
      [
        document('m', { schemaVersion: 2, config: configDescriptor, layers: [] }),
        config,
        document('index.json', {
          manifests: list((at) => ({
            digest: sha256('m'),
            annotations: { 'io.containerd.image.name': `a:${String(at)}` },
          })),
        }),
      ],
    ],
    [
      'many images of one large configuration',
      [
        config,
        document(
          'manifest.json',
          list(() => ({ Config: 'c', Layers: [] })),
        ),
      ],
    ],
    [
      'many images with many layers',
      [
        document(
          'manifest.json',
          list(() => ({ Config: 'x', Layers: list((at) => String(at), 1000) }), 1000),
        ),
      ],
    ],
    [
      'lists of nothing',
      [
        document(
          'manifest.json',
          list(() => ({ Config: 'x', Layers: list(() => 0, 3) })),
        ),
      ],
    ],
    [
      'a chain of parents',
      [
        ...list(
          (at) => document(`${hex(at).slice(7)}/json`, { id: hex(at).slice(7), parent: hex(at + 1).slice(7) }),
          1500,
        ),
        document('repositories', {
          a: Object.fromEntries(list((at) => [String(at), hex(at).slice(7)], 1500) as [string, string][]),
        }),
      ] as SourceBlob[],
    ],
    [
      'indexes that share their children',
      list(
        (depth) =>
          document(depth === 0 ? 'index.json' : `i${String(depth)}`, {
            manifests: list(() => ({ mediaType: ociTypes.index, digest: sha256(`i${String(depth + 1)}`) }), 2000),
          }),
        8,
      ) as SourceBlob[],
    ],
  ])(
    '%s',
    (_, blobs) => {
      const start = performance.now();
      const assembly = assembleImages(blobs, { sourceReference: 'x' });
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(assembly.gaps.length).toBeGreaterThan(0);
    },
    60_000,
  );
});
