import type { Report } from '../finding.ts';
import { coveredShape, findingShape, gapShape, summaryShape, targetShape, toolShape } from './json.ts';
import { ordered } from './order.ts';
import { printableJson } from './printable.ts';

/**
 * The report as JSON Lines, schema version 1 (docs/report-line.schema.json): one line for each target, finding and gap, in the
 * order of the JSON report, and the summary last, so that a file without it was cut short. A finding brings its remedy.
 */
export function renderJsonl(unordered: Report): string {
  const { tool, targets, findings, remedies, coverage, summary } = ordered(unordered);
  const lines = [
    ...targets.map((target) => ({ target: targetShape(target) })),
    ...findings.map((finding) => {
      return { finding: findingShape(finding), remedy: remedies?.[finding.remedy ?? ''] };
    }),
    ...coverage.gaps.map((gap) => ({ gap: gapShape(gap) })),
    { summary: { ...coveredShape(coverage), ...summaryShape(summary) } },
  ];
  const common = { schemaVersion: 1, tool: toolShape(tool) };
  return lines.map((line) => `${printableJson(JSON.stringify({ ...common, ...line }))}\n`).join('');
}
