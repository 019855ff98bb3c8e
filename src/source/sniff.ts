import { isUtf8 } from 'node:buffer';

/** What the first bytes of something that is no image look like, for the message that says so. */
export function lookOf(head: Buffer): string {
  if (head.length === 0) return 'an empty file';
  for (const [magic, look] of LOOKS) {
    if (head.subarray(0, magic.length).equals(magic)) return look;
  }
  if (head.every((byte) => byte === 0)) return 'a file of zeros';
  const text = withoutCutCharacter(head);
  if (!isUtf8(text) || text.includes(0)) return 'data of an unknown format';
  const first = text.toString('utf8').trimStart()[0];
  return first === '{' || first === '[' ? 'a JSON text' : 'a text file';
}

const LOOKS: readonly (readonly [magic: Buffer, look: string])[] = [
  [Buffer.from('PK\x03\x04', 'latin1'), 'a zip archive'],
  [Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1'), 'a 7z archive'],
  [Buffer.from('\x7fELF', 'latin1'), 'a program'],
  [Buffer.from('MZ', 'latin1'), 'a Windows program'],
  [Buffer.from('hsqs', 'latin1'), 'a squashfs file system'],
  [Buffer.from('QFI\xfb', 'latin1'), 'a virtual disk'],
  [Buffer.from('%PDF-', 'latin1'), 'a PDF document'],
  [Buffer.from('\xff\xfe', 'latin1'), 'a UTF-16 text file'],
  [Buffer.from('\xfe\xff', 'latin1'), 'a UTF-16 text file'],
  [Buffer.from('\x89PNG', 'latin1'), 'a picture'],
  [Buffer.from('\xff\xd8\xff', 'latin1'), 'a picture'],
];

/** The head may end inside a UTF-8 character. */
function withoutCutCharacter(head: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, head.length); back++) {
    const byte = head[head.length - back] ?? 0;
    if (byte >= 0xc0) return head.subarray(0, -back);
    if (byte < 0x80) break;
  }
  return head;
}

export type ArchiveKind = 'docker-archive' | 'oci-archive';

/**
 * What a member's name says of the archive it is in; undefined where nothing. The certain ones are the documents' names;
 * the others are those that the writers of images give to blobs (docker, skopeo, crane, kaniko).
 */
export function archiveKindOf(name: string): { readonly kind: ArchiveKind; readonly certain: boolean } | undefined {
  if (name === 'manifest.json' || name === 'repositories') return { kind: 'docker-archive', certain: true };
  if (name === 'oci-layout' || name === 'index.json') return { kind: 'oci-archive', certain: true };
  if (/^blobs(?:\/|$)/.test(name)) return { kind: 'oci-archive', certain: false };
  if (/^(?:sha256:)?[0-9a-f]{64}(?:$|\/|\.json$|\.tar$|\.tar\.gz$)/.test(name))
    return { kind: 'docker-archive', certain: false };
  return undefined;
}
