import { AR_MAGIC } from './ar.ts';
import { type Compression, compressionOf, isTar, isZip, type UnreadContainer, unreadContainerOf } from './magic.ts';

/** What a container's first bytes must show: two blocks of an empty tar are the longest sign. */
export const SNIFF_BYTES = 1024;

export type Container =
  | { readonly kind: 'tar' }
  | { readonly kind: 'zip' }
  /** A Debian package, or a static library. */
  | { readonly kind: 'ar' }
  | { readonly kind: 'compressed'; readonly compression: Compression }
  /** Its text is compressed in its pages. */
  | { readonly kind: 'pdf' }
  | { readonly kind: 'unread'; readonly format: UnreadContainer };

const USTAR_AT = 257;

/** First bytes of all containers but tar: the question is asked of every file of an image, and most answers are no.
 * 0x50 to 0x5f are also those of skippable zstd frames. */
const FIRST_BYTES: ReadonlySet<number> = new Set([
  ...Buffer.from('%\x1f\x28\xfdB7R!\xedM0xhL\x04', 'latin1'),
  ...Array.from({ length: 16 }, (_, low) => 0x50 + low),
]);

/** Undefined for a file that holds no others. A v7 tar has no magic and is taken only under a tar's name. */
export function containerOf(head: Buffer, path: string): Container | undefined {
  if (head[USTAR_AT] === 0x75 || path.endsWith('.tar')) {
    if (isTar(head)) return { kind: 'tar' };
  }
  if (!FIRST_BYTES.has(head[0] ?? -1)) return undefined;
  const compression = compressionOf(head);
  if (compression !== undefined) return { kind: 'compressed', compression };
  if (isZip(head)) return { kind: 'zip' };
  if (head.toString('latin1', 0, 5) === '%PDF-') return { kind: 'pdf' };
  if (head.toString('latin1', 0, AR_MAGIC.length) === AR_MAGIC) return { kind: 'ar' };
  const format = unreadContainerOf(head);
  return format === undefined ? undefined : { kind: 'unread', format };
}
