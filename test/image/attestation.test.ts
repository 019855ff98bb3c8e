import { beforeAll, describe, expect, it } from 'vitest';
import type { BuiltImage } from '../support/image-builder.ts';
import { buildImage, buildImages, jsonBytes, manifestBytes, ociTypes } from '../support/image-builder.ts';
import {
  blobPath,
  containerdStore,
  describe as descriptorOf,
  indexBytes,
  ociLayout,
} from '../support/image-layouts.ts';
import { sha256 } from '../support/layer-builder.ts';
import { assemble, buildSamples, useOf } from '../support/assembled.ts';

let app: BuiltImage;
let arm: BuiltImage;
beforeAll(async () => {
  ({ app, arm } = await buildSamples());
});

describe('attestations', () => {
  const statement = { _type: 'https://in-toto.io/Statement/v0.1', predicateType: 'https://slsa.dev/provenance/v0.2' };
  const sbom = { ...statement, predicateType: 'https://spdx.dev/Document' };

  it('belong to the image that they are about', async () => {
    const images = await buildImages([
      { ...app.spec, attestations: [statement, sbom] },
      { ...arm.spec, attestations: [{ ...statement, predicate: 'arm' }] },
    ]);
    const assembly = assemble(containerdStore(images), images);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64/v8']);
    expect(assembly.images.map(({ attestations }) => attestations.map(({ json }) => json))).toEqual([
      [statement, sbom],
      [{ ...statement, predicate: 'arm' }],
    ]);
    expect(useOf(assembly, blobPath(sha256(jsonBytes(sbom))))).toMatchObject({ role: 'sbom', images: [0] });
    expect(useOf(assembly, blobPath(sha256(jsonBytes(statement))))).toMatchObject({ role: 'attestation', images: [0] });
    expect([...assembly.uses.values()].filter(({ images: users }) => users.length === 0)).toEqual([]);
  });

  it('that were not pulled are named, and are no gap', async () => {
    const [image] = await buildImages([{ ...app.spec, attestations: [statement] }]);
    if (image === undefined) throw new Error('one image');
    const files = ociLayout([image]);
    const whole = assemble(files, [image]);
    const names = new Set([...whole.uses].filter(([, { role }]) => role === 'attestation').map(([{ name }]) => name));
    expect(names.size).toBe(3);
    const assembly = assemble(
      files.filter(({ path }) => !names.has(path)),
      [image],
    );
    expect(assembly).toMatchObject({ gaps: [], absentPlatforms: ['unknown/unknown'] });
  });

  it('of a platform that is left out are left out with it', async () => {
    const images = await buildImages([app.spec, { ...arm.spec, attestations: [statement] }]);
    const assembly = assemble(ociLayout(images), images, { platforms: ['linux/amd64'] });
    expect(assembly.images).toHaveLength(1);
    expect(useOf(assembly, blobPath(sha256(jsonBytes(statement))))).toMatchObject({ images: [], excluded: true });
  });

  it('a referrer with a subject, and a cosign tag', () => {
    const manifest = manifestBytes(app, false);
    const signature = jsonBytes({ critical: {} });
    const empty = { mediaType: ociTypes.empty, digest: sha256('{}'), size: 2 };
    const type = 'application/vnd.dev.cosign.simplesigning.v1+json';
    const referrer = jsonBytes({
      schemaVersion: 2,
      artifactType: 'application/spdx+json',
      config: empty,
      layers: [descriptorOf(signature, type)],
      subject: descriptorOf(manifest, ociTypes.manifest),
    });
    const signed = jsonBytes({ schemaVersion: 2, config: empty, layers: [descriptorOf(signature, type)] });
    const tag = `sha256-${sha256(manifest).slice(7)}.sig`;
    const index = indexBytes([
      descriptorOf(manifest, ociTypes.manifest),
      descriptorOf(referrer, ociTypes.manifest),
      { ...descriptorOf(signed, ociTypes.manifest), annotations: { 'org.opencontainers.image.ref.name': tag } },
    ]);
    const files = [
      ...ociLayout([app]).filter(({ path }) => path !== 'index.json'),
      { path: 'index.json', content: index },
    ];
    for (const bytes of [referrer, signed, signature]) files.push({ path: blobPath(sha256(bytes)), content: bytes });
    const assembly = assemble(files, [app]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toHaveLength(1);
    expect(useOf(assembly, blobPath(sha256(signature)))).toMatchObject({ role: 'attestation', images: [0] });
  });
});

describe('what is no runnable image is scanned and attributed', () => {
  it('a buildkit cache: its layers count', async () => {
    const cache = jsonBytes({ layers: [{ blob: app.layers[0]?.digest }], records: [] });
    const config = { ...descriptorOf(cache, ociTypes.cacheConfig) };
    const image = await buildImage({ ...app.spec, names: ['cache:1'], manifest: { config } });
    const files = ociLayout([image]).filter(({ path }) => path !== blobPath(app.configDigest));
    const assembly = assemble([...files, { path: blobPath(sha256(cache)), content: cache }], [image]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toMatchObject([{ kind: 'cache', reference: 'cache:1' }]);
    expect(assembly.images[0]?.layers.map(({ blob }) => blob?.diffId)).toEqual(app.layers.map(({ diffId }) => diffId));
  });

  it('an artifact with the empty configuration, which is nowhere stored', () => {
    const model = Buffer.from('model bytes');
    const manifest = jsonBytes({
      schemaVersion: 2,
      artifactType: 'application/vnd.example.model',
      config: { mediaType: ociTypes.empty, digest: sha256('{}'), size: 2 },
      layers: [descriptorOf(model, 'application/vnd.example.weights')],
    });
    const files = [
      { path: blobPath(sha256(model)), content: model },
      { path: blobPath(sha256(manifest)), content: manifest },
      { path: 'index.json', content: indexBytes([descriptorOf(manifest, ociTypes.manifest)]) },
    ];
    const assembly = assemble(files, []);
    expect(assembly).toMatchObject({ gaps: [], images: [{ kind: 'artifact', platform: '' }] });
    expect(useOf(assembly, blobPath(sha256(model)))).toEqual({ role: 'artifact', images: [0], excluded: false });
  });

  it('a signed schema 1 manifest: newest layer first, digest without the signature', () => {
    const body = {
      schemaVersion: 1,
      name: 'old/app',
      tag: '3',
      architecture: 'amd64',
      fsLayers: app.layers.toReversed().map(({ digest }) => ({ blobSum: digest })),
      history: app.layers.toReversed().map((_, index) => ({
        v1Compatibility: JSON.stringify({
          os: 'linux',
          container_config: { Cmd: ['/bin/sh', '-c', `make ${String(index)}`] },
        }),
      })),
    };
    const payload = JSON.stringify(body);
    const tail = Buffer.from('}').toString('base64url');
    const header = Buffer.from(JSON.stringify({ formatLength: payload.length - 1, formatTail: tail })).toString(
      'base64url',
    );
    const signed = Buffer.from(`${payload.slice(0, -1)},"signatures":[{"protected":"${header}"}]}`);
    const digest = sha256(payload);
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    const files = [
      ...ociLayout([app]).filter(({ path }) => app.layers.some((at) => path === blobPath(at.digest))),
      { path: blobPath(digest), content: signed },
      { path: 'index.json', content: indexBytes([{ mediaType: type, digest, size: signed.length }]) },
    ];
    const assembly = assemble(files, [app]);
    expect(assembly).toMatchObject({ gaps: [], images: [{ reference: 'old/app:3', digest, platform: 'linux/amd64' }] });
    const layers = assembly.images[0]?.layers ?? [];
    expect(layers.map(({ createdBy }) => createdBy)).toEqual(['RUN make 2', 'RUN make 1', 'RUN make 0']);
    expect(layers.map(({ diffId }) => diffId)).toEqual(app.layers.map(({ diffId }) => diffId));
    expect(assembly.images[0]?.historyLayer).toEqual([2, 1, 0]);
  });
});
