/**
 * Where instructions stand, by the provenance that BuildKit attaches to an image (in-toto Statement with SLSA Provenance 0.2 or 1;
 * BuildKit, docs/attestations/slsa-definitions.md: `source.infos`, `source.locations` and `layers` of its metadata, in mode=max).
 */
import type { InstructionPlace } from '../../target.ts';
import { arrayOf, memberOf, objectOf, textOf } from '../json.ts';

export interface Provenance {
  /** For each layer of the image, the place of the instruction that made it, where it is certain. */
  readonly ofLayers: readonly (InstructionPlace | undefined)[];
  /** The Dockerfile itself, where it is in it. */
  readonly dockerfile: { readonly file: string; readonly text: string } | undefined;
}

/** Of documents that people write: bounded, and of no type. */
const MOST_STEPS = 5000;
const MOST_STACKS = 50_000;
const LONGEST_FILE = 1024 * 1024;

/** Undefined where the document is no provenance of BuildKit. */
export function readProvenance(statement: unknown, layerDigests: readonly string[]): Provenance | undefined {
  if (!textOf(memberOf(statement, 'predicateType')).startsWith('https://slsa.dev/provenance/')) return undefined;
  const predicate = memberOf(statement, 'predicate');
  const details = memberOf(memberOf(predicate, 'runDetails'), 'metadata');
  const metadata =
    memberOf(memberOf(predicate, 'metadata'), 'https://mobyproject.org/buildkit@v1#metadata') ??
    memberOf(details, 'buildkit_metadata');
  if (metadata === undefined) return undefined;
  const source = memberOf(metadata, 'source');
  const infos = arrayOf(memberOf(source, 'infos'));
  const made = stepsOfLayers(memberOf(metadata, 'layers'), sourceSteps(predicate), layerDigests);
  return {
    ofLayers: made.map((steps) => {
      const places = [...steps].map((step) => placeOf(memberOf(memberOf(source, 'locations'), step), infos));
      return places.length === 1 ? places[0] : undefined;
    }),
    dockerfile: dockerfileOf(infos),
  };
}

/** Steps that bring what others made: base images and contexts. */
function sourceSteps(predicate: unknown): ReadonlySet<string> {
  const parameters = memberOf(memberOf(predicate, 'buildDefinition'), 'internalParameters');
  const config = memberOf(predicate, 'buildConfig') ?? memberOf(parameters, 'buildConfig');
  const definition = arrayOf(memberOf(config, 'llbDefinition')).slice(0, MOST_STEPS);
  const isSource = (step: unknown): boolean => memberOf(memberOf(memberOf(step, 'op'), 'Op'), 'source') !== undefined;
  return new Set(definition.filter(isSource).map((step) => textOf(memberOf(step, 'id'))));
}

/** `step3:0` has the layers below its own, and its own last: it made that layer, if no other one ends there. */
function stepsOfLayers(
  layers: unknown,
  sources: ReadonlySet<string>,
  digests: readonly string[],
): readonly ReadonlySet<string>[] {
  const made = digests.map(() => new Set<string>());
  let stacks = 0;
  for (const [output, lists] of Object.entries(objectOf(layers))) {
    const step = /^(step\d{1,9}):\d{1,9}$/.exec(output)?.[1];
    if (step === undefined) continue;
    for (const stack of arrayOf(lists).map(arrayOf)) {
      stacks += stack.length;
      if (stacks > MOST_STACKS) return digests.map(() => new Set<string>());
      const isOurs = stack.every((layer, index) => textOf(memberOf(layer, 'digest')) === digests[index]);
      // The base image's last layer is made by nothing in this file, also where a step adds nothing to it.
      if (isOurs && stack.length > 0) made[stack.length - 1]?.add(sources.has(step) ? '' : step);
    }
  }
  return made;
}

function placeOf(location: unknown, infos: readonly unknown[]): InstructionPlace | undefined {
  const [first] = arrayOf(memberOf(location, 'locations'));
  const index = memberOf(first, 'sourceIndex') ?? 0;
  const file = typeof index === 'number' ? textOf(memberOf(infos[index], 'filename')) : '';
  const ranges = arrayOf(memberOf(first, 'ranges')).map(
    (range) => [lineOf(range, 'start'), lineOf(range, 'end')] as const,
  );
  const [line, endLine] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0];
  return file === '' || line === 0 ? undefined : { file, line, endLine: Math.max(line, endLine) };
}

/** From 1; 0 where it is none. */
function lineOf(range: unknown, edge: 'start' | 'end'): number {
  const line = memberOf(memberOf(range, edge), 'line');
  return typeof line === 'number' && Number.isSafeInteger(line) && line > 0 ? line : 0;
}

function dockerfileOf(infos: readonly unknown[]): Provenance['dockerfile'] {
  const [info] = infos;
  const [file, encoded] = [textOf(memberOf(info, 'filename')), textOf(memberOf(info, 'data'))];
  if (infos.length !== 1 || file === '' || encoded === '' || encoded.length > LONGEST_FILE) return undefined;
  return { file, text: Buffer.from(encoded, 'base64').toString('utf8') };
}
