/** Where a sweep tells what it found: lines while it goes on, reports at its end, or the plan of a dry run. */
import type { OutputFile } from '../../config/settings.ts';
import { ScanError } from '../../errors.ts';
import type { Report } from '../../finding.ts';
import type { PrintedPlan } from '../../planned-sweep.ts';
import { renderPlanJson, renderPlanLines, renderPlanTable } from '../../report/sweep-plan.ts';
import { writeReport, writeText } from '../output.ts';
import {
  checkApart,
  type OutputsRequest,
  type PlannedOutput,
  plannedOutputs,
  type RunView,
  viewOptions,
} from '../outputs.ts';
import type { Streams } from '../streams.ts';

export interface SweepOutputs {
  /** Of a dry run, which has no others. */
  readonly plans: readonly PlannedOutput[];
  /** Written line by line, each image when it is ready. */
  readonly lines: readonly PlannedOutput[];
  /** Files of findings for Security Hub, which grow as images are ready. */
  readonly asff: readonly string[];
  /** Written at the end. */
  readonly whole: readonly PlannedOutput[];
}

const PLAN_FORMATS: ReadonlySet<string> = new Set(['table', 'json', 'jsonl']);

/** Throws ScanError (`usage`). */
export function sweepOutputs(
  request: OutputsRequest & { readonly dryRun: boolean; readonly asff?: string | undefined },
  configured: readonly OutputFile[],
): SweepOutputs {
  // Those of phiscan.yaml are of reports, and a plan is none.
  const outputs = plannedOutputs(request, request.dryRun ? [] : configured);
  if (!request.dryRun) {
    const own = request.asff === undefined ? [] : [{ format: 'asff' as const, file: request.asff }];
    const all = [...own, ...outputs];
    checkApart(all);
    const asff = all.filter(({ format }) => format === 'asff');
    if (asff.some(({ file }) => file === undefined)) {
      throw new ScanError('usage', 'findings for Security Hub are a file (--format asff). Name it with --output');
    }
    return {
      plans: [],
      lines: outputs.filter(({ format }) => format === 'jsonl'),
      asff: asff.flatMap(({ file }) => file ?? []),
      whole: outputs.filter(({ format }) => format !== 'jsonl' && format !== 'asff'),
    };
  }
  const other = outputs.find(({ format }) => !PLAN_FORMATS.has(format));
  if (other !== undefined) {
    throw new ScanError(
      'usage',
      `a plan has no such format (${other.format}). Give one of ${[...PLAN_FORMATS].join(', ')}`,
    );
  }
  return { plans: outputs, lines: [], asff: [], whole: [] };
}

export async function deliverPlans(
  plans: readonly PrintedPlan[],
  {
    outputs,
    view,
    tool,
  }: { readonly outputs: readonly PlannedOutput[]; readonly view: RunView; readonly tool: Report['tool'] },
  streams: Streams,
): Promise<void> {
  for (const { format, file } of outputs) {
    const { width, palette } = viewOptions(file, view, streams);
    const text =
      format === 'json'
        ? renderPlanJson(plans, tool)
        : format === 'jsonl'
          ? renderPlanLines(plans, tool)
          : renderPlanTable(plans, width, palette);
    if (file === undefined) await writeText(streams.stdout, text);
    else await writeReport(file, text);
  }
}
