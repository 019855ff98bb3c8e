/** One run of `phiscan sweep`: what all kinds of registries have in common, from the options to the exit code. */
import { setMaxListeners } from 'node:events';
import { acceptReport } from '../../baseline/accept.ts';
import { dayOf } from '../../baseline/day.ts';
import type { Engine } from '../../engine/engine.ts';
import type { FailOn, Severity, SweptPart } from '../../finding.ts';
import { noFindings } from '../../finding-counts.ts';
import type { PrintedPlan } from '../../planned-sweep.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { memoryLedger } from '../../ledger/open-ledger.ts';
import { scopeOf } from '../../ledger/scope.ts';
import { exitCode, exitCodes, type ExitCode } from '../../report/gate.ts';
import { counted } from '../../report/units.ts';
import { engineDigest } from '../../scan/engine-digest.ts';
import { engineOf } from '../../scan/engine-of.ts';
import type { WorkerRules } from '../../scan/jobs.ts';
import type { Pool } from '../../scan/pool.ts';
import { planSweep } from '../../sweep/planner.ts';
import { printedPlan } from '../../sweep/printed-plan.ts';
import type { SweepScope } from '../../sweep/scope.ts';
import { sweepRegistry, type SweepOptions, type SweptRegistry } from '../../sweep/sweep.ts';
import type { Problem } from '../../unpack/chunks.ts';
import { VERSION } from '../../version.ts';
import { loadBaseline } from '../baseline/baseline-load.ts';
import { echo, loadMask, type Mask } from '../echo.ts';
import { debugLines, describeFault } from '../fault.ts';
import { watchInterrupts } from '../interrupt.ts';
import { type LineSink, openLineSink } from '../line-sink.ts';
import { checkOutputs, deliver, type OutputsRequest } from '../outputs.ts';
import { noProgress, openProgress } from '../progress/progress.ts';
import type { ProgressDisplay } from '../progress/progress-words.ts';
import { runLedger } from '../run-ledger.ts';
import { loadSettings, type SettingsRequest, verdictOf } from '../config/settings.ts';
import { AsffFile, HubSink } from './sweep-hub.ts';
import { deliverPlans, sweepOutputs } from './sweep-outputs.ts';
import { LinesSink, type PartSink, ReportSink, SweepTold } from './sweep-told.ts';
import type { Streams } from '../streams.ts';

/** The options that all sweeps have. */
export interface SweepRequest extends SettingsRequest, OutputsRequest {
  readonly repository?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Milliseconds since 1970. */
  readonly deadline?: number | undefined;
  readonly jobs: number;
  readonly dryRun: boolean;
  readonly explain: boolean;
  readonly ledger: boolean;
  readonly asff?: string | undefined;
  readonly securityhub?: boolean | undefined;
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
  const { jobs, explain } = request;
  const settings = await loadSettings(request, env);
  const { customDetectors, failOn, minConfidence, allowIncomplete } = settings;
  const outputs = sweepOutputs(request, settings.outputs);
  await checkOutputs([...outputs.plans, ...outputs.whole]);
  const mask = await loadMask(customDetectors);
  const verdict = verdictOf(settings, mask);
  const baseline = await loadBaseline(settings.baseline, mask);
  const today = dayOf(new Date());
  const engine = engineOf(customDetectors);
  const tool = { name: 'phiscan', version: VERSION, ruleset: engine.ruleset } as const;
  const say = (text: string): void => {
    voice.note(text);
  };
  const own = runLedger(request.ledger, streams);
  const progress = request.progress ? await openProgress(stderr, env) : noProgress;
  const asff = outputs.asff.map((file) => new AsffFile(file));
  const lineSinks: LineSink[] = [];
  for (const { file } of outputs.lines) lineSinks.push(await openLineSink(file, stdout));
  const lines = lineSinks.map((sink) => new LinesSink(sink));
  // Parts are kept only where something is made of all of them.
  const reports = outputs.whole.length === 0 ? undefined : new ReportSink();
  const hub = new HubSink();
  const sinks: PartSink[] = [...(reports ? [reports] : []), ...lines, ...asff, hub];
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
  let pool: Promise<Pool> | undefined;
  let unopened = 0;
  try {
    for (const file of asff) await file.open();
    const ledger: Ledger =
      (await own?.open(scopeOf(engine.ruleset, engineDigest(), [], settings.limits))) ?? memoryLedger();
    const options = (): SweepOptions => ({
      scope: scopeOfRun(request, told.totals.readBytes),
      jobs,
      engine,
      ledger,
      minConfidence,
      signal,
      onProgress: (now) => {
        progress.update(now);
      },
      onPart: (part) => told.add({ ...part, report: acceptReport(verdict.report(part.report), baseline, today) }),
      pool: () => (pool ??= openPool(jobs, signal, { customDetectors, limits: settings.limits })),
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
      const code = unopened > 0 ? exitCodes.error : exitCodes.clean;
      const view = { explain, failOn, exitCode: code };
      await deliverPlans(plans, { outputs: outputs.plans, view, tool }, streams);
      return code;
    }
    for (const file of asff) await file.finish();
    const refused = await hub.finish(say);
    const durationMs = performance.now() - begun;
    for (const each of lines) await each.end(told, tool, durationMs);
    const code = exitCode(told.gated, { failOn, allowIncomplete, unopened: unopened + refused });
    const words = endWords(told);
    if (lines.length > 0) say(words);
    if (reports !== undefined && (unopened === 0 || told.rows.length > unopened)) {
      const view = { explain, failOn, exitCode: code };
      const report = reports.report(told, tool, durationMs);
      const delivery = { outputs: outputs.whole, view, words: lines.length > 0 ? '' : words, mask };
      await deliver(report, delivery, streams);
    }
    return code;
  } finally {
    interrupts.release();
    await (await pool)?.close();
    for (const file of asff) await file.close();
    for (const sink of lineSinks) await sink.close();
    await own?.close();
  }
}

/** Loaded when there is something to scan. */
async function openPool(jobs: number, signal: AbortSignal, rules: WorkerRules): Promise<Pool> {
  const { Pool } = await import('../../scan/pool.ts');
  return new Pool(jobs, signal, rules);
}

/** Findings that never fail a run are findings all the same. */
function thresholdOf(failOn: FailOn): Severity {
  return failOn === 'none' ? 'low' : failOn;
}

function scopeOfRun({ repository = [], since, maxBytes, deadline }: SweepRequest, readBytes: number): SweepScope {
  const left = maxBytes === undefined ? undefined : Math.max(0, maxBytes - readBytes);
  return { repositories: repository, since, maxBytes: left, deadline };
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
