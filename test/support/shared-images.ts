import { buildImage, type BuiltLayer, buildLayer, jsonBytes, manifestBytes, ociTypes } from './image-builder.ts';
import { patient } from './patients.ts';
import type { RegistryServer } from './registry-server.ts';

export interface SharedImages {
  /** Of layers, each once. */
  readonly layers: ReadonlySet<string>;
  /** `repository@digest`. */
  readonly images: readonly string[];
  /** Values that no output may hold. */
  readonly values: readonly string[];
}

export interface SharedImagesOptions {
  readonly images: number;
  readonly repositories: number;
  /** Layers that images share; each has three of them, and one of its own. */
  readonly shared: number;
  /** Of each shared layer, unpacked. */
  readonly sharedBytes: number;
}

/**
 * A registry of images that share layers, pushed without a program in between. Every tenth image has a file with patients in its own
 * layer, and one of the shared layers has one.
 */
export async function pushSharedImages(server: RegistryServer, options: SharedImagesOptions): Promise<SharedImages> {
  const { images, repositories, shared, sharedBytes } = options;
  const values: string[] = [];
  const records = (seed: number): string => {
    const people = Array.from({ length: 5 }, (_, index) => patient(seed * 10 + index));
    values.push(...people.flatMap(({ ssn, mrn }) => [ssn, mrn]));
    return `name,ssn,mrn\n${people.map(({ name, ssn, mrn }) => `${name},${ssn},${mrn}\n`).join('')}`;
  };
  const sharedLayers: BuiltLayer[] = [];
  for (let index = 0; index < shared; index++) {
    const content = fillerOf(index, sharedBytes);
    const entries = [{ path: `usr/share/base-${index}.txt`, content }];
    if (index === 1) entries.push({ path: 'var/lib/seed.csv', content: Buffer.from(records(1)) });
    sharedLayers.push(await buildLayer({ entries }));
  }
  const layers = new Set<string>();
  const names: string[] = [];
  const pushed = new Set<string>();
  const pushOnce = async (repository: string, bytes: Buffer, digest: string): Promise<void> => {
    if (pushed.has(`${repository}@${digest}`)) return;
    pushed.add(`${repository}@${digest}`);
    await server.pushBlob(repository, bytes);
  };
  for (let index = 0; index < images; index++) {
    const repository = `team-${index % repositories}/app`;
    const base = await buildImage({ layers: [] });
    const text = index % 10 === 0 ? records(100 + index) : `nothing in ${index}\n`;
    const own = await buildLayer({ entries: [{ path: `srv/${index}.csv`, content: text }] });
    const chosen = [0, 1, 2].map((step) => sharedLayers[(index + step * 7) % shared]);
    const all = [...chosen, own].filter((layer) => layer !== undefined);
    const config = jsonBytes({
      architecture: 'amd64',
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Env: [`BUILD=${index}`] },
      rootfs: { type: 'layers', diff_ids: all.map(({ diffId }) => diffId) },
      history: all.map((_, step) => ({ created_by: `COPY ${step} /` })),
    });
    const image = { ...base, config, configDigest: await server.pushBlob(repository, config), layers: all };
    for (const { stored, digest } of all) {
      layers.add(digest);
      await pushOnce(repository, stored, digest);
    }
    const digest = await server.pushManifest(repository, manifestBytes(image, false), ociTypes.manifest, `v${index}`);
    names.push(`${repository}@${digest}`);
  }
  return { layers, images: names, values };
}

/** Text as programs have it, that compresses as it does, and is another for each seed. */
function fillerOf(seed: number, bytes: number): Buffer {
  let state = seed + 1;
  const words: string[] = [];
  let length = 0;
  while (length < bytes) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const word = `${(state >>> 8).toString(36)}${state % 7 === 0 ? '\n' : ' '}`;
    words.push(word);
    length += word.length;
  }
  return Buffer.from(words.join(''));
}
