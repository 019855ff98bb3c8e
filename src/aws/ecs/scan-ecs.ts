/** The account's ECS, Region by Region, with the engine that scans files. */
import type { CustomDetector } from '../../detect/custom-detector.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Report } from '../../finding.ts';
import type { Attributed } from '../../scan/attribute.ts';
import { engineOf } from '../../scan/engine-of.ts';
import type { Progress } from '../../scan/progress.ts';
import { attributeResources } from '../../scan/located.ts';
import { makeReport } from '../../scan/report.ts';
import type { BudgetSizes } from './budget.ts';
import { type Ecs, openEcs } from './client.ts';
import { readCapacityProviders, readClusters, readInClusters } from './clusters.ts';
import { readGateways } from './gateways.ts';
import { openRevisions } from './stored-revisions.ts';
import { type Scope, Sweep } from './sweep.ts';
import { listRevisions, readRevisions, type Revisions, usedRevisions } from './task-definitions.ts';

export interface EcsScanOptions extends Scope {
  /** Undefined: what the environment or the profile says. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Where revisions are remembered; undefined: nowhere. */
  readonly cacheFolder?: string | undefined;
  /** Findings below are left out. */
  readonly minConfidence: number;
  readonly customDetectors?: readonly CustomDetector[] | undefined;
  /** Called at most ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of what is wrong with the cache, without any content. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Ends the scan early; the report then has an `interrupted` gap. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of half of what AWS allows. */
  readonly budgets?: BudgetSizes | undefined;
  readonly attempts?: number | undefined;
}

/** Scans one Region; throws ScanError when it cannot be asked at all, or what was named is not there. */
export async function scanEcs(options: EcsScanOptions): Promise<Report> {
  const begun = performance.now();
  const engine = engineOf(options.customDetectors ?? []);
  const ecs = await openEcs(options);
  try {
    const part = await scanRegion(ecs, engine, options);
    const { minConfidence } = options;
    return makeReport([part], { ruleset: engine.ruleset, minConfidence, durationMs: performance.now() - begun });
  } finally {
    ecs.close();
  }
}

async function scanRegion(ecs: Ecs, engine: Engine, options: EcsScanOptions): Promise<Attributed> {
  const { signal, cacheFolder, onWarning = () => undefined } = options;
  const ledger =
    cacheFolder === undefined
      ? undefined
      : await openRevisions({ folder: cacheFolder, region: ecs.region, endpoint: ecs.endpoint, engine, onWarning });
  const sweep = new Sweep(ecs, engine, options, { ledger, signal });
  const told = progressOf(sweep, options.onProgress);
  try {
    await readRegion(sweep);
  } finally {
    told.stop();
    ledger?.close();
  }
  const { tally } = sweep;
  if (sweep.isStopped) tally.problem({ reason: 'interrupted' }, '');
  tally.close();
  const reference = `ecs:${ecs.region}`;
  const target = { reference, source: scopeWords(options, engine), digest: '', platform: '', layers: [] };
  const { bytes, entries } = tally;
  return { targets: [target], ...attributeResources('ecs', reference, tally), bytes, entries };
}

async function readRegion(sweep: Sweep): Promise<void> {
  const { clusters: named, families } = sweep.scope;
  const onlyFamilies = families.length > 0;
  const onlyClusters = named.length > 0 && !onlyFamilies;
  // First of all: it tells whether the Region can be asked.
  const clusters = await readClusters(sweep);
  // Before the rest, which is for nothing where a family that was named is not there.
  const revisions = onlyFamilies ? await listRevisions(sweep) : undefined;
  await Promise.all([
    readInClusters(sweep, clusters),
    ...(onlyFamilies ? [] : [readCapacityProviders(sweep), readGateways(sweep)]),
    ...(onlyClusters ? [] : [readTaskDefinitions(sweep, revisions)]),
  ]);
  if (onlyClusters) await readRevisions(sweep, usedRevisions(sweep));
}

async function readTaskDefinitions(sweep: Sweep, revisions: Revisions | undefined): Promise<void> {
  await readRevisions(sweep, revisions ?? (await listRevisions(sweep)));
}

/** What was looked at, for the report: what was left out by an option is no gap, and is told here. */
function scopeWords({ clusters, families, maxRevisions, since }: Scope, engine: Engine): string {
  const words = [
    ...clusters.map((cluster) => `cluster ${cluster}`),
    ...families.map((family) => `family ${family}`),
    ...(maxRevisions === undefined ? [] : [`the newest ${maxRevisions} revisions of each family`]),
    ...(since === undefined ? [] : [`since ${new Date(since).toISOString()}`]),
  ];
  return engine.maskText(`ecs: ${words.length === 0 ? 'all of the account in this Region' : words.join(', ')}`);
}

const INTERVAL_MS = 100;

function progressOf(sweep: Sweep, onProgress: EcsScanOptions['onProgress']): { readonly stop: () => void } {
  if (onProgress === undefined) return { stop: () => undefined };
  const tell = (): void => {
    const { done, total } = sweep.revisions;
    const revisions = { layersDone: done, layersTotal: total === 0 ? undefined : total, unit: 'revision' };
    onProgress({ ...revisions, bytesDone: sweep.tally.bytes, bytesTotal: undefined });
  };
  const timer = setInterval(tell, INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}
