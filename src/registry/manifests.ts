import { createHash } from 'node:crypto';
import type { Descriptor } from '../image/descriptor.ts';
import { digestOf } from '../image/descriptor.ts';
import { arrayOf, memberOf, textOf } from '../image/json.ts';
import { limits } from '../limits.ts';
import { gather } from './body.ts';
import { RegistryFailure } from './failure.ts';
import type { StoredManifest } from './image-registry.ts';
import { isTag } from './image-name.ts';
import { pages } from './pages.ts';
import type { RegistryRequest, Transport } from './transport.ts';

/** All kinds that a registry may hold: one that is not accepted would be converted, and then has another digest. */
const ACCEPTED = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.artifact.manifest.v1+json',
  'application/vnd.cncf.oras.artifact.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.5',
  'application/vnd.docker.distribution.manifest.v1+json;q=0.5',
  '*/*;q=0.1',
].join(', ');

export function pullRequest(repository: string, request: Omit<RegistryRequest, 'scope'> = {}): RegistryRequest {
  return { ...request, scope: `repository:${repository}:pull` };
}

/** `reference`: a tag or a digest. Throws RegistryFailure. */
export async function getManifest(
  transport: Transport,
  repository: string,
  reference: string,
): Promise<StoredManifest> {
  const url = await transport.address(`/v2/${repository}/manifests/${reference}`);
  return await transport.ask(url, pullRequest(repository, { headers: { accept: ACCEPTED } }), async (answer) => ({
    digest: digestOf(answer.header('docker-content-digest')),
    mediaType: mediaTypeOf(answer.header('content-type')),
    bytes: await gather(answer, limits.metadataBytes),
  }));
}

/** What stands behind a tag, undefined where nothing does: by HEAD, which registries do not count as a pull; by GET where that
 * does not tell a digest. Throws RegistryFailure. */
export async function headManifest(
  transport: Transport,
  repository: string,
  tag: string,
): Promise<Omit<Descriptor, 'platform' | 'annotations'> | undefined> {
  const url = await transport.address(`/v2/${repository}/manifests/${tag}`);
  const request = { method: 'HEAD', headers: { accept: ACCEPTED }, statuses: [200, 404] } as const;
  const head = await transport.ask(url, pullRequest(repository, request), (answer) => {
    answer.discard();
    const size = answer.header('content-length');
    return Promise.resolve({
      isThere: answer.status === 200,
      digest: digestOf(answer.header('docker-content-digest')),
      mediaType: mediaTypeOf(answer.header('content-type')),
      size: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    });
  });
  if (!head.isThere) return undefined;
  const { digest, mediaType, size } = head;
  if (digest !== '') return { digest, mediaType, size };
  const { bytes, mediaType: said } = await getManifest(transport, repository, tag);
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, mediaType: said, size: bytes.length };
}

/** Of one repository, page by page. Throws RegistryFailure. What is no tag is left out: it could not be asked for. */
export async function* tagPages(
  transport: Transport,
  repository: string,
): AsyncGenerator<readonly string[], void, undefined> {
  for await (const page of pages(transport, `/v2/${repository}/tags/list?n=1000`, pullRequest(repository))) {
    yield arrayOf(memberOf(page, 'tags')).map(textOf).filter(isTag);
  }
}

/** Without its parameters; empty for what is no media type (RFC 6838, 4.2). */
function mediaTypeOf(header: string): string {
  const [type = ''] = header.split(';', 1);
  return /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/.test(type.trim()) ? type.trim() : '';
}

/** True for an answer that says: no such call, or no such thing. */
export function isUnknown(error: unknown): boolean {
  return error instanceof RegistryFailure && (error.kind === 'not-found' || error.kind === 'garbled');
}
