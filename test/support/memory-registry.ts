import type { LayoutFiles } from './image-layouts.ts';
import type { Answer } from './bad-registry.ts';
import { serveBlob } from './bad-registry.ts';
import { sha256 } from './layer-builder.ts';

/** What a registry of this process holds, for one repository with any name. */
export interface StoredContent {
  readonly blobs: Map<string, Buffer>;
  /** By digest or tag. */
  readonly manifests: Map<string, { readonly bytes: Buffer; readonly mediaType: string }>;
  /** By the digest that they are about; undefined: it knows no such list. */
  readonly referrers?: Map<string, readonly object[]>;
}

/** All blobs of a layout, each a manifest as well, and its index.json's only image under a tag. */
export function contentOf(files: LayoutFiles, tag: string, referrers?: StoredContent['referrers']): StoredContent {
  const content: StoredContent = { blobs: new Map(), manifests: new Map(), ...(referrers && { referrers }) };
  for (const { path, content: stored = '' } of files) {
    if (path.startsWith('blobs/')) store(content, Buffer.from(stored));
    if (path !== 'index.json') continue;
    const { manifests = [] } = JSON.parse(stored.toString()) as { manifests?: readonly { digest: string }[] };
    const digest = manifests[0]?.digest ?? '';
    content.manifests.set(tag, { bytes: Buffer.from(digest), mediaType: 'alias' });
  }
  for (const [name, { bytes, mediaType }] of content.manifests) {
    const aliased = mediaType === 'alias' ? content.manifests.get(bytes.toString()) : undefined;
    if (aliased !== undefined) content.manifests.set(name, aliased);
  }
  return content;
}

/** As a blob, and as a manifest where it is one. Gives the digest. */
export function store(content: StoredContent, bytes: Buffer, ...tags: readonly string[]): string {
  const digest = sha256(bytes);
  content.blobs.set(digest, bytes);
  const mediaType = manifestType(bytes);
  if (mediaType !== undefined) for (const name of [digest, ...tags]) content.manifests.set(name, { bytes, mediaType });
  return digest;
}

function manifestType(bytes: Buffer): string | undefined {
  try {
    const json = JSON.parse(bytes.toString()) as { readonly mediaType?: string; readonly schemaVersion?: number };
    if (json.schemaVersion === 1) return 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    return json.schemaVersion === 2 || /artifact\.manifest/.test(json.mediaType ?? '')
      ? (json.mediaType ?? '')
      : undefined;
  } catch {
    return undefined;
  }
}

/** Answers by the OCI distribution specification. */
export function memoryRegistry({ blobs, manifests, referrers }: StoredContent): Answer {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://registry');
    const [, kind = '', name = ''] = /\/(manifests|blobs|referrers|tags)\/([^/]+)$/.exec(pathname) ?? [];
    if (pathname === '/v2/') return response.end('{}');
    if (kind === 'tags')
      return response.end(JSON.stringify({ tags: [...manifests.keys()].filter((tag) => !tag.includes(':')) }));
    if (kind === 'referrers' && referrers !== undefined) {
      return response.end(JSON.stringify({ schemaVersion: 2, manifests: referrers.get(name) ?? [] }));
    }
    if (kind === 'blobs') {
      const blob = blobs.get(name);
      if (blob !== undefined) return serveBlob(blob)(request, response);
    }
    const manifest = kind === 'manifests' ? manifests.get(name) : undefined;
    if (manifest === undefined) return response.writeHead(404).end('{"errors": [{"code": "UNKNOWN"}]}');
    response.setHeader('content-type', manifest.mediaType);
    response.setHeader('docker-content-digest', sha256(manifest.bytes));
    response.setHeader('content-length', manifest.bytes.length);
    return response.end(request.method === 'HEAD' ? undefined : manifest.bytes);
  };
}
