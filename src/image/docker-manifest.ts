import type { DocumentBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim, OnGap } from './claim.ts';
import { documentOf } from './claim.ts';
import { namedDigest } from './descriptor.ts';
import { isObject, memberOf, textOf } from './json.ts';
import { readManifest, readSchema1, shapeOf } from './manifest.ts';
import { normalizePath } from './path-hash.ts';

/** The images of manifest.json: Docker's list of images, or (in skopeo's `dir:`) one manifest. */
export function readDockerManifests(table: BlobTable, tag: string | undefined, onGap: OnGap): readonly ImageClaim[] {
  const claims: ImageClaim[] = [];
  for (const document of table.documentsNamed('manifest.json')) {
    const shape = shapeOf(document.json);
    if (Array.isArray(document.json)) {
      for (const image of table.listOf(document.json)) {
        const claim = readDockerImage(image, document, tag, table, onGap);
        if (claim !== undefined) claims.push(claim);
      }
    } else if (shape === 'manifest' || shape === 'schema1') {
      claims.push(readLoneManifest(document, shape, table, onGap));
    } else {
      onGap({ reason: 'corrupt', detail: 'manifest.json holds no list of images', blobName: document.name });
    }
  }
  return claims;
}

/** A manifest that no index names: it stands for itself. */
export function readLoneManifest(
  document: DocumentBlob,
  shape: 'manifest' | 'schema1',
  table: BlobTable,
  onGap: OnGap,
): ImageClaim {
  const claimed: BlobClaim = { digest: '', size: undefined, mediaType: '', blob: document, by: 'name' };
  const place = { names: [], tagged: true, platform: undefined, documents: [] };
  return shape === 'schema1'
    ? readSchema1(document, claimed, place, table)
    : readManifest(document, claimed, place, table, onGap);
}

function readDockerImage(
  image: unknown,
  document: DocumentBlob,
  tag: string | undefined,
  table: BlobTable,
  onGap: OnGap,
): ImageClaim | undefined {
  const config = textOf(memberOf(image, 'Config'));
  const layers = memberOf(image, 'Layers');
  if (!isObject(image) || config === '' || !(Array.isArray(layers) || layers === undefined || layers === null)) {
    onGap({ reason: 'corrupt', detail: 'an image of manifest.json is malformed', blobName: document.name });
    if (!isObject(image)) return undefined;
  }
  const repoTags = table
    .listOf(memberOf(image, 'RepoTags'))
    .map(textOf)
    .filter((name) => name !== '');
  const sources = memberOf(image, 'LayerSources');
  const configClaim = config === '' ? undefined : namedClaim(config, '', table, onGap);
  const diffIds = table.listOf(memberOf(memberOf(documentOf(configClaim)?.json, 'rootfs'), 'diff_ids')).map(textOf);
  return {
    kind: 'image',
    names: [repoTags],
    tagged: tag === undefined || repoTags.includes(tag),
    manifest: undefined,
    config: configClaim,
    layers: table.listOf(layers).map((layer, index) => {
      const mediaType = textOf(memberOf(memberOf(sources, diffIds[index] ?? ''), 'mediaType'));
      return namedClaim(textOf(layer), mediaType, table, onGap);
    }),
    platform: undefined,
    subject: undefined,
    documents: [document],
  };
}

/** A blob that a document gives by the path of its file. */
export function namedClaim(name: string, mediaType: string, table: BlobTable, onGap: OnGap): BlobClaim {
  const [blob, ...others] = name === '' ? [] : table.byName(name);
  if (blob !== undefined && others.length > 0) {
    const detail = `${String(others.length + 1)} different objects have this name; the last one counts`;
    onGap({ reason: 'ambiguous', detail, blobName: blob.name });
  }
  return { digest: namedDigest(normalizePath(name)), size: undefined, mediaType, blob, by: 'name' };
}
