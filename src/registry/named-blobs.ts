import { createHash } from 'node:crypto';
import type { Descriptor } from '../image/descriptor.ts';
import { isBlobType, isForeignType, isWellKnown, readDescriptor, subjectOf } from '../image/descriptor.ts';
import { arrayOf, memberOf, textOf } from '../image/json.ts';
import type { Platform } from '../image/platform.ts';
import { isUnknownPlatform, wantsAnyOf } from '../image/platform.ts';
import { limits } from '../limits.ts';
import type { Problem } from '../unpack/chunks.ts';

export interface NamedBlob {
  readonly digest: string;
  /** Undefined where nothing says it, or not as a number of bytes. */
  readonly size: number | undefined;
  readonly mediaType: string;
  /** Its vendor keeps it: a registry seldom has it. */
  readonly isForeign: boolean;
  /** As the descriptor itself has it (image-spec, descriptor.md, `data`). */
  readonly content: Buffer | undefined;
}

/** What a document leads to. */
export interface Named {
  readonly manifests: readonly Descriptor[];
  readonly blobs: readonly NamedBlob[];
  readonly problems: readonly Problem[];
}

/**
 * What an index, a manifest of either schema or an artifact manifest names, by shape and not by its media type. With platforms,
 * of an index only the entries of one of them, those that say none, and what is about them.
 */
export function namedBy(json: unknown, platforms: readonly Platform[]): Named {
  const problems: Problem[] = [];
  const entries = wantedOf(entriesOf(json, 'manifests'), platforms);
  const parts = [memberOf(json, 'config'), ...listOf(json, 'layers'), ...listOf(json, 'blobs')];
  const sums = listOf(json, 'fsLayers').map((layer) => ({ digest: memberOf(layer, 'blobSum') }));
  const isBlob = ({ descriptor: { mediaType } }: Entry): boolean => isBlobType(mediaType);
  const blobs = [...entries.filter(isBlob), ...readEntries([...parts, ...sums])]
    .filter(({ descriptor: { digest } }) => !isWellKnown(digest))
    .map(({ descriptor, value }) => {
      const content = contentOf(descriptor, value);
      if (content === 'wrong') {
        problems.push({
          reason: 'digest-mismatch',
          detail: 'the data inside of a descriptor are not those of its digest',
        });
      }
      return blobOf(descriptor, content === 'wrong' ? undefined : content);
    });
  const manifests = entries.filter((entry) => !isBlob(entry)).map(({ descriptor }) => descriptor);
  return { manifests, blobs, problems };
}

/** A descriptor, and as it is written. */
interface Entry {
  readonly descriptor: Descriptor;
  readonly value: unknown;
}

function entriesOf(json: unknown, key: string): readonly Entry[] {
  return readEntries(listOf(json, key));
}

function readEntries(values: readonly unknown[]): readonly Entry[] {
  return values.flatMap((value) => {
    const descriptor = readDescriptor(value);
    return descriptor === undefined ? [] : [{ descriptor, value }];
  });
}

/** Longer lists are cut by the assembly, too, which tells it. */
function listOf(json: unknown, key: string): readonly unknown[] {
  return arrayOf(memberOf(json, key)).slice(0, limits.listMembers);
}

function wantedOf(entries: readonly Entry[], platforms: readonly Platform[]): readonly Entry[] {
  if (platforms.length === 0) return entries;
  const kept = new Set<string>();
  for (const { descriptor } of entries) {
    const own = descriptor.platform;
    const isMeant = own === undefined || isUnknownPlatform(own) || wantsAnyOf(platforms, own);
    if (isMeant && !subjectOf(descriptor)) kept.add(descriptor.digest);
  }
  return entries.filter(({ descriptor }) => kept.has(subjectOf(descriptor) || descriptor.digest));
}

function blobOf({ digest, size, mediaType }: Descriptor, content: Buffer | undefined): NamedBlob {
  const isSize = size !== undefined && Number.isSafeInteger(size) && size >= 0;
  return { digest, size: isSize ? size : undefined, mediaType, isForeign: isForeignType(mediaType), content };
}

/** Undefined where there is none. */
function contentOf({ digest }: Descriptor, value: unknown): Buffer | 'wrong' | undefined {
  const text = textOf(memberOf(value, 'data'));
  if (text === '') return undefined;
  const content = Buffer.from(text, 'base64');
  const algorithm = digest.slice(0, digest.indexOf(':'));
  if (algorithm === 'blake3') return undefined;
  return digest === `${algorithm}:${createHash(algorithm).update(content).digest('hex')}` ? content : 'wrong';
}
