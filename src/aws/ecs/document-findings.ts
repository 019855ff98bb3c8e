import type { Engine } from '../../engine/engine.ts';
import type { EntryFinding } from '../../finding.ts';
import { elementFindings } from '../../scan/element-places.ts';
import { canBeTakenApart, withoutValues } from '../../scan/place-values.ts';

/** The findings of one response, each with the element that it is in: `taskDefinition.containerDefinitions[0].command[3]`. */
export function documentFindings(
  engine: Engine,
  path: string,
  document: unknown,
  bytes: Buffer,
): readonly EntryFinding[] {
  const found = engine.scan(path, bytes);
  if (found.length === 0 || !canBeTakenApart(document)) return found;
  const elements = found.flatMap((finding) => elementFindings(engine, document, finding));
  // Lines and columns are those of the response on the wire, which nobody keeps.
  return withoutValues(engine, document, elements).map(({ place, ...finding }) => {
    const { line, column, offset, ...kept } = place;
    return { ...finding, place: kept };
  });
}
