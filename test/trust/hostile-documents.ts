import type { TarEntry } from '../support/layer-builder.ts';
import { buildTar, sha256 } from '../support/layer-builder.ts';
import { jsonBytes, ociTypes } from '../support/image-builder.ts';
import { blobPath } from '../support/image-layouts.ts';
import { fileNameOf, noteOf, type Planter } from './plants.ts';

/** Members of archives whose documents hold values where none should be, in shapes that none should have. */
export async function hostileArchives(plant: Planter): Promise<Readonly<Record<string, readonly TarEntry[]>>> {
  const note = (place: string): string => noteOf(plant.at(place));
  const named = (place: string): string => fileNameOf(plant.at(place));
  const layer = await buildTar([{ path: `srv/${named('file of a hostile image')}`, content: note('hostile content') }]);
  const digest = (place: string): string => `sha256:${named(place)}`;
  const config = jsonBytes({
    os: named('os'),
    architecture: named('architecture'),
    variant: named('variant'),
    created: note('created'),
    config: note('config as text'),
    rootfs: { type: named('rootfs type'), diff_ids: [digest('diffId'), 7, null] },
    history: { created_by: note('history as object') },
  });
  const manifest = jsonBytes({
    schemaVersion: note('schema version'),
    mediaType: ociTypes.manifest,
    artifactType: named('artifact type'),
    config: { mediaType: named('media type'), digest: sha256(config), size: note('size as text') },
    layers: [
      { mediaType: ociTypes.layer, digest: sha256(layer), size: layer.length + 1, urls: [note('url')] },
      { mediaType: `${ociTypes.layer}+${named('compression')}`, digest: digest('absent layer'), size: 4 },
      { mediaType: ociTypes.foreignLayer, digest: digest('foreign layer'), size: 4, urls: [named('foreign url')] },
      { mediaType: ociTypes.encryptedLayer, digest: digest('encrypted layer'), size: 4 },
      note('layer as text'),
    ],
    subject: { digest: digest('subject'), mediaType: named('subject type') },
  });
  const index = jsonBytes({
    manifests: [
      {
        mediaType: ociTypes.manifest,
        digest: sha256(manifest),
        size: manifest.length,
        platform: { os: named('platform os'), architecture: named('platform architecture') },
        annotations: { 'org.opencontainers.image.ref.name': named('ref name') },
      },
      { mediaType: ociTypes.manifest, digest: digest('absent manifest'), platform: { os: named('absent platform') } },
      { mediaType: named('type of an index entry'), digest: named('digest that is none') },
      note('index entry as text'),
    ],
  });
  const blobs: readonly TarEntry[] = [
    { path: blobPath(sha256(layer)), content: layer },
    { path: blobPath(sha256(config)), content: config },
    { path: blobPath(sha256(manifest)), content: manifest },
  ];
  const oci: readonly TarEntry[] = [
    { path: 'oci-layout', content: JSON.stringify({ imageLayoutVersion: note('layout version') }) },
    { path: 'index.json', content: index },
    ...blobs,
    { path: blobPath(digest('name of a blob')), content: jsonBytes({ schemaVersion: 2, note: note('orphan') }) },
  ];
  const docker: readonly TarEntry[] = [
    {
      path: 'manifest.json',
      content: jsonBytes([
        {
          Config: `${named('Config')}.json`,
          RepoTags: [named('RepoTag'), { [note('RepoTag key')]: 1 }],
          Layers: [`${named('Layers')}/layer.tar`, note('Layers text'), 3],
          LayerSources: { [digest('LayerSources')]: { digest: digest('LayerSources digest') } },
        },
        note('image as text'),
      ]),
    },
    { path: 'repositories', content: jsonBytes({ [named('repository')]: { [named('repository tag')]: named('id') } }) },
    { path: `${named('member')}/layer.tar`, symlink: `../${named('member link')}/layer.tar` },
    { path: `${named('second member')}/json`, content: jsonBytes({ id: named('legacy id'), parent: named('parent') }) },
    { path: 'a.json', content: `{"config": {"Env": ["NOTE=${note('unfinished JSON')}"` },
    { path: named('member that is a tar'), content: layer },
  ];
  const broken: readonly TarEntry[] = [
    { path: 'manifest.json', content: `[{"Config": "${named('broken manifest.json')}", "Layers": [}]` },
    { path: 'index.json', content: `{"manifests": ${note('broken index.json')}` },
    { path: 'oci-layout', content: note('broken oci-layout') },
    ...blobs,
  ];
  return { oci, docker, broken };
}
