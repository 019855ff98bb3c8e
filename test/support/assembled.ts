import { expect } from 'vitest';
import type { Assembly, AssembleOptions } from '../../src/image/assemble.ts';
import { assembleImages } from '../../src/image/assemble.ts';
import type { BlobUse } from '../../src/image/blob.ts';
import type { BuiltImage, ImageSpec } from './image-builder.ts';
import { buildImages } from './image-builder.ts';
import type { LayoutFiles } from './image-layouts.ts';
import { sourceBlobs } from './source-blobs.ts';

export function assemble(
  files: LayoutFiles,
  images: readonly BuiltImage[],
  options?: Partial<AssembleOptions>,
): Assembly {
  return assembleImages(sourceBlobs(files, images), { sourceReference: 'archive', ...options });
}

export function layer(path: string): ImageSpec['layers'][number] {
  return { entries: [{ path, content: path }] };
}

export function useOf(assembly: Assembly, name: string): BlobUse {
  for (const [blob, use] of assembly.uses) if (blob.name === name) return use;
  throw new Error('no such blob');
}

export function reasons({ gaps }: Assembly): string[] {
  return gaps.map(({ reason }) => reason).sort();
}

/** The layers that an image has are those that were built, in their order. */
export function expectLayers(assembly: Assembly, index: number, image: BuiltImage): void {
  const layers = assembly.images[index]?.layers ?? [];
  expect(layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
  expect(layers.map(({ blob }) => blob?.diffId)).toEqual(layers.map(({ diffId }) => diffId));
  expect(layers.map((at) => at.createdBy)).toEqual(image.layers.map((_, at) => `COPY layer-${String(at)} /`));
}

/** One image of two platforms, with an equal layer twice, and one that shares a layer with it. */
export async function buildSamples(): Promise<{ app: BuiltImage; arm: BuiltImage; other: BuiltImage }> {
  const [app, arm, other] = await buildImages([
    { names: ['app:1'], layers: [layer('a'), layer('b'), layer('a')] },
    { names: ['app:1'], platform: 'linux/arm64/v8', layers: [layer('a'), layer('arm')] },
    { names: ['other:2'], layers: [layer('a'), layer('o')] },
  ]);
  if (app === undefined || arm === undefined || other === undefined) throw new Error('three images');
  return { app, arm, other };
}
