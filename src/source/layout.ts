import { existsSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';
import { notAnImage, unreadable } from './archive.ts';
import { resolveLink } from './archive-members.ts';
import type { FolderEntry } from './folder.ts';
import { walkFolder } from './folder.ts';
import type { Source, SourceObject } from './source.ts';

/**
 * An OCI layout in a folder, `DIR` or `DIR:TAG`. Both parts may hold colons: a folder that exists is the folder, else the
 * longest part before a colon that is one. Throws ScanError: `not-found`, `denied`, `not-an-image`.
 */
export async function openLayout(place: string, reference: string): Promise<Source> {
  const { folder, tag } = splitTag(place);
  return await openFolder(folder, reference, tag);
}

function splitTag(place: string): { readonly folder: string; readonly tag?: string } {
  if (existsSync(place)) return { folder: place };
  for (let colon = place.lastIndexOf(':'); colon > 0; colon = place.lastIndexOf(':', colon - 1)) {
    const folder = place.slice(0, colon);
    if (existsSync(folder)) return { folder, tag: place.slice(colon + 1) };
  }
  return { folder: place };
}

/** A folder of blobs and documents: an OCI layout, what `skopeo copy … dir:` writes, or an unpacked `docker save`. */
export async function openFolder(folder: string, reference: string, tag?: string): Promise<Source> {
  const why = await folderLook(folder, reference);
  if (tag !== undefined) await checkTag(folder, reference, tag);
  return {
    reference,
    chosen: tag === undefined ? why : `${why}; of its images, those with the tag ${tag}`,
    ...(tag !== undefined && { tag }),
    totalBytes: undefined,
    objects: (onProblem) =>
      folderObjects(folder, (path, detail) => {
        onProblem({ reason: 'unreadable', detail: path === '' ? detail : `${path}: ${detail}` });
      }),
    close: () => Promise.resolve(),
  };
}

async function folderLook(folder: string, reference: string): Promise<string> {
  try {
    if (!(await stat(folder)).isDirectory()) throw notAnImage(reference, 'a file where a folder should be');
    const holds = (name: string): boolean => statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined;
    if (holds('oci-layout')) return 'oci: it holds oci-layout';
    if (holds('index.json') && holds('blobs')) return 'oci: it holds index.json and blobs';
    if (holds('manifest.json'))
      return holds('version') ? 'dir: it holds manifest.json and version' : 'folder: it holds manifest.json';
  } catch (error) {
    throw error instanceof ScanError ? error : unreadable(error, reference);
  }
  throw notAnImage(reference, 'a folder without oci-layout, index.json or manifest.json');
}

/** A tag that no entry has is an error here: a scan of nothing would be clean. */
async function checkTag(folder: string, reference: string, tag: string): Promise<void> {
  if ((await readTags(join(folder, 'index.json'), reference)).has(tag)) return;
  throw new ScanError(
    'not-found',
    `no image has the tag ${tag} in ${reference}: without a tag, all its images are scanned`,
  );
}

async function readTags(file: string, reference: string): Promise<ReadonlySet<string>> {
  let text: string;
  try {
    if ((await stat(file)).size > limits.metadataBytes)
      throw notAnImage(reference, 'a layout with an index.json of more than 16 MiB');
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw error instanceof ScanError ? error : unreadable(error, reference);
  }
  return new Set(indexEntries(text, reference).flatMap(entryTags));
}

function indexEntries(text: string, reference: string): readonly unknown[] {
  try {
    const index = JSON.parse(text) as { readonly manifests?: unknown } | null;
    return Array.isArray(index?.manifests) ? (index.manifests as readonly unknown[]) : [];
  } catch {
    // Without a cause: JSON.parse quotes what it cannot read.
    throw notAnImage(reference, 'a folder whose index.json is no JSON');
  }
}

/** The two annotations that name an image: the specification's, and that of containerd with the whole name. */
function entryTags(entry: unknown): readonly string[] {
  const annotations = (entry as { readonly annotations?: Readonly<Record<string, unknown>> } | null)?.annotations;
  const tags = [annotations?.['org.opencontainers.image.ref.name'], annotations?.['io.containerd.image.name']];
  return tags.filter((tag) => typeof tag === 'string');
}

async function* folderObjects(
  folder: string,
  onUnreadable: (path: string, detail: string) => void,
): AsyncGenerator<SourceObject, void, undefined> {
  for await (const entry of walkFolder(folder, { onUnreadable })) {
    if (entry.type !== 'directory') yield folderObject(entry);
  }
}

function folderObject({ path, size, linkTarget = '', bytes }: FolderEntry): SourceObject {
  const alias = linkTarget === '' ? undefined : resolveLink(path, linkTarget);
  return { name: path, size, ...(alias !== undefined && { alias }), bytes, linkTarget, metadata: [] };
}
