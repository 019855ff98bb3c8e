import type { DocumentBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { ImageClaim, OnGap } from './claim.ts';
import { readPlatform } from './descriptor.ts';
import { namedClaim } from './docker-manifest.ts';
import { isObject, memberOf, objectOf, textOf } from './json.ts';
import { legacyInstruction } from './manifest.ts';

/** Before Docker 1.10 an image was a chain of layers, each with its own configuration: `<id>/json` names its parent. */

const legacyName = /^([0-9a-f]{64})\/json$/;

/** The images of `repositories`, and chains that it does not name. */
export function readLegacyImages(table: BlobTable, onGap: OnGap): readonly ImageClaim[] {
  const configs = new Map<string, DocumentBlob>();
  for (const document of table.documents()) {
    for (const name of [document.name, ...document.aliases]) {
      const id = legacyName.exec(name)?.[1];
      if (id !== undefined) configs.set(id, document);
    }
  }
  const names = new Map(headsOf(configs).map((id): [string, string[]] => [id, []]));
  const lists = table.documentsNamed('repositories');
  for (const list of lists) {
    for (const [repository, tags] of Object.entries(objectOf(list.json))) {
      for (const [tag, value] of Object.entries(objectOf(tags))) {
        const id = textOf(value);
        if (!configs.has(id)) {
          onGap({ reason: 'missing-blob', detail: 'repositories names an image that is absent', blobName: list.name });
        } else addTo(names, id, `${repository}:${tag}`);
      }
    }
  }
  return [...names].map(([id, tags]) => ({ ...readChain(id, configs, table, onGap), names: [tags], documents: lists }));
}

function addTo(lists: Map<string, string[]>, key: string, text: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [text]);
  else list.push(text);
}

/** Ids that are nobody's parent. */
function headsOf(configs: ReadonlyMap<string, DocumentBlob>): string[] {
  const parents = new Set([...configs.values()].map(({ json }) => textOf(memberOf(json, 'parent'))));
  return [...configs.keys()].filter((id) => !parents.has(id));
}

function readChain(
  head: string,
  configs: ReadonlyMap<string, DocumentBlob>,
  table: BlobTable,
  onGap: OnGap,
): Omit<ImageClaim, 'names' | 'documents'> {
  const chain = new Map<string, DocumentBlob>();
  let id = head;
  for (let config = configs.get(id); config !== undefined && !chain.has(id); config = configs.get(id)) {
    if (table.takeMembers(1) === 0) break;
    chain.set(id, config);
    id = textOf(memberOf(config.json, 'parent'));
  }
  const last = [...chain.values()].at(-1);
  if (chain.has(id)) onGap({ reason: 'corrupt', detail: 'a layer is its own ancestor', blobName: last?.name });
  else if (id !== '' && !configs.has(id))
    onGap({ reason: 'missing-blob', detail: 'the parent of a layer is absent', blobName: last?.name });
  const layers = [...chain].reverse();
  const top = chain.get(head);
  return {
    kind: 'legacy',
    tagged: true,
    manifest: undefined,
    config: { digest: top?.digest ?? '', size: undefined, mediaType: '', blob: top, by: 'name' },
    layers: layers.map(([layerId]) => namedClaim(`${layerId}/layer.tar`, '', table, onGap)),
    platform: readPlatform(top?.json),
    layerTexts: layers.map(([, config]) => legacyInstruction(config.json)),
    historyLayer: [],
    subject: undefined,
  };
}

/** True for the configuration of one layer: it has an id, and no rootfs. Docker 25 stores these as blobs that nothing names. */
export function isLegacyConfig(json: unknown): boolean {
  if (!isObject(json) || !/^[0-9a-f]{64}$/.test(textOf(json['id']))) return false;
  return ['container_config', 'config', 'parent', 'created', 'layer_id'].some((key) => Object.hasOwn(json, key));
}
