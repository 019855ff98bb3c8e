import type { Report } from '../finding.ts';
import type { EventLine } from '../event-line.ts';
import { findingShape, gapShape } from './json.ts';
import { printableJson } from './printable.ts';

/**
 * One line of `phiscan ecs watch`, schema version 1 (docs/event-line.schema.json), ending in a newline. Every key is named
 * here, in its order: a key that is not named cannot leave.
 */
export function renderEventLine(line: EventLine, tool: Report['tool']): string {
  const { id, type, time, account, region, resource } = line.event;
  const shape = {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version, ruleset: tool.ruleset },
    event: { id, type, time, account, region, resource },
    ...('finding' in line
      ? { finding: findingShape(line.finding), remedies: line.remedies }
      : { gap: gapShape(line.gap) }),
  };
  return `${printableJson(JSON.stringify(shape))}\n`;
}
