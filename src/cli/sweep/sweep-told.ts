/** Where the parts of a sweep go: a report, lines, Security Hub. */
import type {
  FindingCounts,
  GapReason,
  Report,
  Severity,
  SweepSummary,
  SweepTotals,
  SweptOutcome,
  SweptPart,
  SweptRow,
} from '../../finding.ts';
import { SEVERITIES } from '../../finding.ts';
import { sumOf } from '../../finding-counts.ts';
import type { Gated } from '../../report/gate.ts';
import { mergedReports } from '../../report/merge.ts';
import { renderSummaryLine, renderSweptLine } from '../../report/sweep-line.ts';
import { byPlace, rowOf } from '../../sweep/swept.ts';
import type { LineSink } from '../line-sink.ts';

/** One way out. */
export interface PartSink {
  readonly add: (part: SweptPart, row: SweptRow) => Promise<void>;
}

/** Counts of everything that was told, and the rows of the summary. */
export class SweepTold {
  readonly rows: SweptRow[] = [];
  readonly #sinks: readonly PartSink[];
  readonly #threshold: Severity;
  readonly #reasons = new Set<GapReason>();
  #turn: Promise<void> = Promise.resolve();
  #totals: SweepTotals = noTotals;

  /** `threshold`: from which severity on an image has findings. */
  constructor(sinks: readonly PartSink[], threshold: Severity) {
    this.#sinks = sinks;
    this.#threshold = threshold;
  }

  /** One part after the other, whatever is ready at once. */
  add(part: SweptPart): Promise<void> {
    const turn = this.#turn.then(() => this.#add(part));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #add(part: SweptPart): Promise<void> {
    const row = rowOf(part, this.#threshold);
    this.rows.push(row);
    for (const { reason } of part.report.coverage.gaps) this.#reasons.add(reason);
    for (const sink of this.#sinks) await sink.add(part, row);
  }

  addTotals(totals: SweepTotals): void {
    const sum = (key: keyof SweepTotals): number => this.#totals[key] + totals[key];
    this.#totals = {
      repositories: sum('repositories'),
      images: sum('images'),
      rememberedImages: sum('rememberedImages'),
      layers: sum('layers'),
      rememberedLayers: sum('rememberedLayers'),
      readLayers: sum('readLayers'),
      readBytes: sum('readBytes'),
    };
  }

  get totals(): SweepTotals {
    return this.#totals;
  }

  get summary(): SweepSummary {
    return { totals: this.#totals, rows: this.rows.toSorted(byPlace) };
  }

  get findings(): FindingCounts {
    return sumOf(this.rows.map(({ findings, accepted }) => ({ ...findings, accepted })));
  }

  get gaps(): number {
    return this.rows.reduce((sum, { gaps }) => sum + gaps, 0);
  }

  /** What the exit code depends on. */
  get gated(): Gated {
    const { findings } = this;
    const gaps = [...this.#reasons].map((reason) => ({ reason }));
    return {
      findings: SEVERITIES.filter((severity) => findings[severity] > 0).map((severity) => ({ severity })),
      coverage: { complete: gaps.length === 0, gaps },
    };
  }

  /** Of images, not of texts. */
  get outcomes(): Readonly<Record<SweptOutcome, number>> {
    const outcomes = { clean: 0, findings: 0, incomplete: 0 };
    for (const { digest, outcome } of this.rows) if (digest !== '') outcomes[outcome] += 1;
    return outcomes;
  }
}

const noTotals: SweepTotals = {
  repositories: 0,
  images: 0,
  rememberedImages: 0,
  layers: 0,
  rememberedLayers: 0,
  readLayers: 0,
  readBytes: 0,
};

/** For a report that is rendered as a whole. */
export class ReportSink implements PartSink {
  readonly #parts: SweptPart[] = [];

  add(part: SweptPart): Promise<void> {
    this.#parts.push(part);
    return Promise.resolve();
  }

  report(told: SweepTold, tool: Report['tool'], durationMs: number): Report {
    const parts = this.#parts.sort((a, b) => byPlace(a.place, b.place));
    const merged = mergedReports(
      parts.map(({ place, report }) => ({
        reference: [place.registry, place.repository].filter(Boolean).join('/'),
        report,
      })),
      tool,
      Math.round(durationMs),
    );
    return { ...merged, sweep: told.summary };
  }
}

/** A line for each part when it is ready, and one at the end. */
export class LinesSink implements PartSink {
  readonly #sink: LineSink;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  async add(part: SweptPart, row: SweptRow): Promise<void> {
    await this.#sink.write(renderSweptLine(part, row));
  }

  async end(told: SweepTold, tool: Report['tool'], durationMs: number): Promise<void> {
    const { totals, outcomes, findings, gaps } = told;
    const summary = { totals, outcomes, findings, gaps, durationMs: Math.round(durationMs) };
    await this.#sink.write(renderSummaryLine(summary, tool));
  }
}
