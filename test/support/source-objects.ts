import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readRange } from '../../src/source/range.ts';
import type { Source, SourceObject } from '../../src/source/source.ts';
import type { Chunks, OnProblem, Problem } from '../../src/unpack/chunks.ts';

export interface ReadObject {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly alias?: string;
  readonly kind: SourceObject['bytes']['kind'];
}

export interface ReadSource {
  readonly objects: readonly ReadObject[];
  readonly problems: readonly Problem[];
}

function chunksOf(bytes: SourceObject['bytes'], onProblem: OnProblem): Chunks {
  switch (bytes.kind) {
    case 'range':
      return readRange(bytes, onProblem);
    case 'request':
      return bytes.open(onProblem);
    case 'stream':
      return bytes.chunks;
  }
}

/** Every object of a source, read to its end, and the source closed. */
export async function readSource(source: Source): Promise<ReadSource> {
  const problems: Problem[] = [];
  const objects: ReadObject[] = [];
  const onProblem = (problem: Problem): void => {
    problems.push(problem);
  };
  for await (const { name, bytes, alias } of source.objects(onProblem)) {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of chunksOf(bytes, onProblem)) {
      hash.update(chunk);
      size += chunk.length;
    }
    objects.push({ name, size, sha256: hash.digest('hex'), ...(alias !== undefined && { alias }), kind: bytes.kind });
  }
  await source.close();
  return { objects, problems };
}

/** `name size sha256` of all objects with bytes, sorted. */
export function contentLines(objects: readonly ReadObject[]): readonly string[] {
  return objects
    .filter(({ size }) => size > 0)
    .map(({ name, size, sha256 }) => `${name} ${size} ${sha256}`)
    .sort();
}

/** The same of the regular files below a folder. */
export function folderLines(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => lstatSync(join(folder, name)).isFile() && lstatSync(join(folder, name)).size > 0)
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return `${name} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
    })
    .sort();
}
