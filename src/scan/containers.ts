/** What the Docker engine says of containers: each inspection is a document, and an entry. */

import type { Engine } from '../engine/engine.ts';
import type { EntryFinding } from '../finding.ts';
import type { Target } from '../target.ts';
import type { ContainerSource } from '../source/docker-containers.ts';
import type { Attributed } from './attribute.ts';
import { attributeResources } from './located.ts';
import { Tally } from './tally.ts';

/** One part for each container. */
export async function scanContainerSource(
  { chosen, containers }: ContainerSource,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<readonly Attributed[]> {
  const parts: Attributed[] = [];
  for await (const { name, imageId, platform, bytes } of containers) {
    if (signal?.aborted === true) break;
    const tally = new Tally(engine);
    tally.entries = 1;
    if (bytes === undefined) tally.problem({ reason: 'byte-limit' }, name);
    else {
      tally.bytes = bytes.length;
      tally.add(engine.scan(name, bytes, 'definition').map(withoutNumbers), name);
    }
    tally.close();
    const target: Target = {
      reference: engine.maskText(name),
      source: engine.maskText(chosen),
      digest: engine.maskText(imageId),
      platform: engine.maskText(platform),
      layers: [],
    };
    parts.push({ targets: [target], ...attributeResources('container', target.reference, tally), ...countsOf(tally) });
  }
  if (signal?.aborted === true) parts.push(interrupted(engine.maskText(chosen)));
  return parts;
}

/** Lines and columns are those of the answer on the wire, which nobody keeps. */
function withoutNumbers({ place, ...finding }: EntryFinding): EntryFinding {
  const { line, column, offset, ...kept } = place;
  return { ...finding, place: kept };
}

function countsOf({ bytes, entries }: Tally): Pick<Attributed, 'bytes' | 'entries'> {
  return { bytes, entries };
}

function interrupted(target: string): Attributed {
  const gap = { reason: 'interrupted', location: { kind: 'container', target, path: '' } } as const;
  return { targets: [], findings: [], gaps: [gap], bytes: 0, entries: 0 };
}
