import type { ImageRegistry } from '../registry/image-registry.ts';
import { arrayOf, memberOf, objectOf, parseJson } from '../image/json.ts';
import { readDescriptor } from '../image/descriptor.ts';
import type { Source, SourceObject } from './source.ts';

/** STOP-GAP */
export function registryImage(registry: ImageRegistry, repository: string, digest: string): Source {
  async function* objects(): AsyncGenerator<SourceObject, void, undefined> {
    const name = (of: string): string => `blobs/${of.replace(':', '/')}`;
    const top = await registry.manifest(repository, digest);
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        manifests: [{ digest, size: top.bytes.length, mediaType: top.mediaType }],
      }),
    );
    const from = (bytes: Buffer): SourceObject['bytes'] => ({
      kind: 'stream',
      chunks: (async function* () {
        yield bytes;
      })(),
    });
    yield { name: 'index.json', size: index.length, bytes: from(index), linkTarget: '', metadata: [] };
    const pending = [digest];
    for (const next of pending) {
      const { bytes } = await registry.manifest(repository, next);
      yield { name: name(next), digest: next, size: bytes.length, bytes: from(bytes), linkTarget: '', metadata: [] };
      const json = objectOf(parseJson(bytes.toString()));
      for (const child of arrayOf(memberOf(json, 'manifests'))) pending.push(readDescriptor(child)?.digest ?? '');
      for (const blob of [memberOf(json, 'config'), ...arrayOf(memberOf(json, 'layers'))]) {
        const descriptor = readDescriptor(blob);
        if (descriptor === undefined) continue;
        yield {
          name: name(descriptor.digest),
          digest: descriptor.digest,
          size: descriptor.size ?? 0,
          bytes: { kind: 'request', open: (onProblem) => registry.blob(repository, descriptor, onProblem) },
          linkTarget: '',
          metadata: [],
        };
      }
    }
  }
  return {
    reference: `${registry.host}/${repository}@${digest}`,
    chosen: 'registry',
    totalBytes: undefined,
    objects,
    close: () => Promise.resolve(),
  };
}
