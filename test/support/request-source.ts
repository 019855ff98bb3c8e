import type { ObjectRequest, Source, SourceObject } from '../../src/source/source.ts';
import type { Chunks, OnProblem } from '../../src/unpack/chunks.ts';
import { sha256 } from './layer-builder.ts';

/** A blob that is asked for, as one of a registry is; `open` replaces what it answers. */
export interface RequestedBlob {
  readonly bytes: Buffer;
  readonly digest?: string;
  readonly name?: string;
  readonly open?: ObjectRequest['open'];
}

/** How often, and how many at once, the blobs of a source were asked for. */
export interface Asked {
  readonly digests: string[];
  open: number;
  mostOpen: number;
}

/** A source whose blobs are asked for, and what it was asked. */
export function requestSource(blobs: readonly RequestedBlob[]): { readonly source: Source; readonly asked: Asked } {
  const asked: Asked = { digests: [], open: 0, mostOpen: 0 };
  const objects = blobs.map(({ bytes, digest = sha256(bytes), name, open }): SourceObject => {
    async function* answer(onProblem: OnProblem): Chunks {
      asked.digests.push(digest);
      asked.open += 1;
      asked.mostOpen = Math.max(asked.mostOpen, asked.open);
      try {
        if (open !== undefined) yield* open(onProblem);
        else for (let at = 0; at < bytes.length; at += 5000) yield await Promise.resolve(bytes.subarray(at, at + 5000));
      } finally {
        asked.open -= 1;
      }
    }
    return {
      name: name ?? `blobs/${digest.replace(':', '/')}`,
      digest,
      size: bytes.length,
      bytes: { kind: 'request', open: answer },
      linkTarget: '',
      metadata: [],
    };
  });
  async function* all(): AsyncGenerator<SourceObject, void, undefined> {
    for (const object of objects) yield await Promise.resolve(object);
  }
  const source: Source = {
    reference: 'requested',
    chosen: 'requested: for a test',
    totalBytes: undefined,
    objects: all,
    close: () => Promise.resolve(),
  };
  return { source, asked };
}
