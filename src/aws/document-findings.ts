import type { Engine } from '../engine/engine.ts';
import type { EntryFinding } from '../finding.ts';

/** The findings of one response of ECS. Lines, columns and offsets would be those of bytes that nobody keeps. */
export function documentFindings(engine: Engine, path: string, bytes: Buffer): readonly EntryFinding[] {
  return engine.scan(path, bytes, 'ecs').map(({ place, ...finding }) => {
    const { line, column, offset, ...kept } = place;
    return { ...finding, place: kept };
  });
}
