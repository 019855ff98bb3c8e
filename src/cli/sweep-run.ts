/** One run of `phiscan sweep`: what all kinds of registries have in common, from the options to the exit code. */
import { setMaxListeners } from 'node:events';
import type { Engine } from '../engine/engine.ts';
import type { Report, Severity, SweptPart } from '../finding.ts';
import { noFindings } from '../finding-counts.ts';
import type { PrintedPlan } from '../planned-sweep.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/open-ledger.ts';
import { scopeOf } from '../ledger/scope.ts';
import { render } from '../report/format.ts';
import { exitCode, exitCodes, type ExitCode, type FailOn } from '../report/gate.ts';
import { renderPlanJson, renderPlanLines, renderPlanTable } from '../report/sweep-plan.ts';
import { counted } from '../report/units.ts';
import { engineDigest } from '../scan/engine-digest.ts';
import { engineOf } from '../scan/engine-of.ts';
import { Pool } from '../scan/pool.ts';
import { planSweep } from '../sweep/planner.ts';
import { printedPlan } from '../sweep/printed-plan.ts';
import type { SweepScope } from '../sweep/scope.ts';
import { sweepRegistry, type SweepOptions, type SweptRegistry } from '../sweep/sweep.ts';
import type { Problem } from '../unpack/chunks.ts';
import { VERSION } from '../version.ts';
import { paletteFor, wantsColors } from './colors.ts';
import { loadConfig } from './config-file.ts';
import { echo, loadMask, type Mask } from './echo.ts';
import { debugLines, describeFault } from './fault.ts';
import { watchInterrupts } from './interrupt.ts';
import { openLineSink } from './line-sink.ts';
import { checkWritable, writeReport, writeText } from './output.ts';
import { noProgress, openProgress } from './progress.ts';
import type { ProgressDisplay } from './progress-words.ts';
import { runLedger } from './run-ledger.ts';
import type { ConfigRequest } from './scan-command.ts';
import { AsffFile, HubSink } from './sweep-hub.ts';
import { LinesSink, type PartSink, ReportSink, SweepTold } from './sweep-told.ts';
import type { SweepFormat } from './sweep-values.ts';
import type { Streams } from './streams.ts';

/** The options that all sweeps have. */
export interface SweepRequest extends ConfigRequest {
  readonly repository?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Milliseconds since 1970. */
  readonly deadline?: number | undefined;
  readonly jobs: number;
  readonly dryRun: boolean;
  readonly format: SweepFormat;
  readonly output?: string | undefined;
  readonly explain: boolean;
  readonly ledger: boolean;
  readonly asff?: string | undefined;
  readonly securityhub?: boolean | undefined;
  readonly failOn: FailOn;
  readonly minConfidence: number;
  readonly allowIncomplete: boolean;
  readonly progress: boolean;
}

/** What a run has while it lasts. */
export interface SweepRun {
  readonly request: SweepRequest;
  readonly streams: Streams;
  readonly engine: Engine;
  readonly mask: Mask;
  readonly signal: AbortSignal;
  readonly told: SweepTold;
  readonly hub: HubSink;
  readonly progress: ProgressDisplay;
  readonly say: (text: string) => void;
  /** For the next registry: what earlier ones have read is off its bytes. */
  readonly options: () => SweepOptions;
  /** Something that was named could not be opened. */
  readonly failed: (reference: string, error: unknown) => Promise<void>;
}

/** A registry of the run, opened when it is its turn. */
export interface PlannedSweep {
  readonly reference: string;
  /** Throws ScanError when it cannot be asked at all. */
  readonly open: (run: SweepRun) => Promise<OpenSweep>;
}

export interface OpenSweep {
  /** The registry, and others that belong to it. */
  readonly swept: readonly SweptRegistry[];
  readonly close: () => Promise<void>;
}

/** One registry after the other: one that cannot be asked does not lose the others. */
export function runSweeps(sweeps: readonly PlannedSweep[], request: SweepRequest, streams: Streams): Promise<ExitCode> {
  return withRun(request, streams, async (run) => {
    const plans: PrintedPlan[] = [];
    for (const { reference, open } of sweeps) {
      if (run.signal.aborted) {
        await run.told.add(gapPart(run, reference, { reason: 'interrupted' }));
        continue;
      }
      let opened: OpenSweep | undefined;
      run.progress.begin(echo(reference, run.mask));
      try {
        opened = await open(run);
        for (const swept of opened.swept) {
          if (request.dryRun) plans.push(await planOf(swept, run));
          else run.told.addTotals(await sweepRegistry(swept, run.options()));
        }
      } catch (error) {
        await run.failed(reference, error);
      } finally {
        run.progress.end();
        await opened?.close();
      }
    }
    return request.dryRun ? plans : undefined;
  });
}

async function planOf(swept: SweptRegistry, run: SweepRun): Promise<PrintedPlan> {
  const { scope, ledger, engine } = run.options();
  const { registry, listing } = swept;
  const stopped = (): { readonly reason: 'interrupted' } | undefined =>
    run.signal.aborted ? { reason: 'interrupted' } : undefined;
  const plan = await planSweep({ registry, listing, ledger, scope, stopped });
  return printedPlan(plan, swept, listing.gaps, engine);
}

/** `sweep` gives plans instead of telling parts. */
export async function withRun(
  request: SweepRequest,
  streams: Streams,
  sweep: (run: SweepRun) => Promise<readonly PrintedPlan[] | undefined>,
): Promise<ExitCode> {
  const begun = performance.now();
  const { stderr, stdout, voice, env } = streams;
  const { format, output, failOn, jobs, dryRun } = request;
  const isFile = output !== undefined && output !== '-';
  if (isFile && (format !== 'jsonl' || dryRun)) await checkWritable(output);
  const { customDetectors } = await loadConfig(request.config);
  const mask = await loadMask(customDetectors);
  const engine = engineOf(customDetectors);
  const tool = { name: 'phiscan', version: VERSION, ruleset: engine.ruleset } as const;
  const say = (text: string): void => {
    voice.note(text);
  };
  const own = runLedger(request.ledger, streams);
  const progress = request.progress ? await openProgress(stderr, env) : noProgress;
  const asff = request.asff === undefined || dryRun ? undefined : new AsffFile(request.asff);
  const lineSink = format === 'jsonl' && !dryRun ? await openLineSink(output, stdout) : undefined;
  const reports = new ReportSink();
  const lines = lineSink && new LinesSink(lineSink);
  const hub = new HubSink();
  const sinks: PartSink[] = [...(lines === undefined ? [reports] : [lines]), ...(asff ? [asff] : []), hub];
  const told = new SweepTold(sinks, thresholdOf(failOn));
  const interrupts = watchInterrupts(
    () => {
      voice.interrupt('stopping; what was read so far will be reported (once more: stop at once)');
    },
    () => process.exit(exitCodes.incomplete),
  );
  const { signal } = interrupts;
  // All calls that are under way listen, which node takes for a leak and says so.
  setMaxListeners(0, signal);
  let pool: Pool | undefined;
  let unopened = 0;
  try {
    await asff?.open();
    const ledger: Ledger = (await own?.open(scopeOf(engine.ruleset, engineDigest()))) ?? memoryLedger();
    const options = (): SweepOptions => ({
      scope: scopeOfRun(request, told.totals.readBytes),
      jobs,
      engine,
      ledger,
      minConfidence: request.minConfidence,
      signal,
      onProgress: (now) => {
        progress.update(now);
      },
      onPart: (part) => told.add(part),
      pool: () => (pool ??= new Pool(jobs, signal, { customDetectors })),
    });
    const failed = async (reference: string, error: unknown): Promise<void> => {
      if (!signal.aborted) {
        unopened += 1;
        stderr.write(`phiscan: ${describeFault(error, mask)}\n`);
        if (env['PHISCAN_DEBUG']) stderr.write(`${debugLines(error).join('\n')}\n`);
      }
      const why: Problem = { reason: 'unreadable', detail: describeFault(error, mask) };
      await told.add(gapPart(run, reference, signal.aborted ? { reason: 'interrupted' } : why));
    };
    const run: SweepRun = { request, streams, engine, mask, signal, told, hub, progress, say, options, failed };
    const plans = await sweep(run);
    if (plans !== undefined) {
      await deliverText(planText(plans, request, streams, tool), request, streams);
      return unopened > 0 ? exitCodes.error : exitCodes.clean;
    }
    await asff?.finish();
    const refused = await hub.finish(say);
    const durationMs = performance.now() - begun;
    if (lines !== undefined) await lines.end(told, tool, durationMs);
    else if (unopened === 0 || told.rows.length > unopened) {
      await deliverText(
        render(reports.report(told, tool, durationMs), format as 'json' | 'table', viewOf(request, streams)),
        request,
        streams,
      );
    }
    if (isFile || lines !== undefined) say(endWords(told));
    return exitCode(told.gated, { failOn, allowIncomplete: request.allowIncomplete, unopened: unopened + refused });
  } finally {
    interrupts.release();
    await pool?.close();
    await asff?.close();
    await lineSink?.close();
    await own?.close();
  }
}

/** Findings that never fail a run are findings all the same. */
function thresholdOf(failOn: FailOn): Severity {
  return failOn === 'none' ? 'low' : failOn;
}

function scopeOfRun({ repository = [], since, maxBytes, deadline }: SweepRequest, readBytes: number): SweepScope {
  const left = maxBytes === undefined ? undefined : Math.max(0, maxBytes - readBytes);
  return { repositories: repository, since, maxBytes: left, deadline };
}

function planText(
  plans: readonly PrintedPlan[],
  request: SweepRequest,
  streams: Streams,
  tool: Report['tool'],
): string {
  const { width, palette } = viewOf(request, streams);
  switch (request.format) {
    case 'json':
      return renderPlanJson(plans, tool);
    case 'jsonl':
      return renderPlanLines(plans, tool);
    case 'table':
      return renderPlanTable(plans, width, palette);
  }
}

function viewOf({ output, explain, failOn }: SweepRequest, { stdout, env }: Streams): Parameters<typeof render>[2] {
  const isFile = output !== undefined && output !== '-';
  const terminal = !isFile && stdout.isTTY === true;
  const width = terminal ? Math.min(Math.max(stdout.columns ?? 80, 60), 120) : 80;
  return { width, palette: paletteFor(!isFile && wantsColors(terminal, env)), explain, failOn };
}

async function deliverText(text: string, { output }: SweepRequest, { stdout }: Streams): Promise<void> {
  if (output === undefined || output === '-') await writeText(stdout, text);
  else await writeReport(output, text);
}

/** `200 images: 150 clean, 40 with findings, 10 incomplete` */
function endWords({ outcomes, gaps }: SweepTold): string {
  const { clean, findings, incomplete } = outcomes;
  const all = counted(clean + findings + incomplete, 'image');
  return `${all}: ${clean} clean, ${findings} with findings, ${incomplete} incomplete; ${counted(gaps, 'gap')}`;
}

/** A registry or an event of which nothing was read: it never looks clean. */
export function gapPart(
  { engine, mask }: Pick<SweepRun, 'engine' | 'mask'>,
  reference: string,
  { reason, detail, bytes }: Problem,
): SweptPart {
  const target = echo(reference, mask);
  const location = { kind: 'ecr', target, path: '' } as const;
  const gap = {
    reason,
    ...(detail === undefined ? {} : { detail: echo(detail, mask) }),
    ...(bytes === undefined ? {} : { bytes }),
    location,
  };
  return {
    place: { registry: target, account: '', region: '', repository: '', digest: '', tags: [] },
    remembered: false,
    report: {
      schemaVersion: 1,
      tool: { name: 'phiscan', version: VERSION, ruleset: engine.ruleset },
      targets: [{ reference: target, source: 'not opened', digest: '', platform: '', layers: [] }],
      findings: [],
      coverage: { complete: false, bytes: 0, entries: 0, gaps: [gap] },
      summary: { ...noFindings, gaps: 1, durationMs: 0 },
    },
  };
}
