import { acceptLines } from '../baseline/accept.ts';
import { dayOf } from '../baseline/day.ts';
import { watchEvents } from '../aws/watch/watch.ts';
import type { EventMedium } from '../aws/watch/delivery.ts';
import type { Engine } from '../engine/engine.ts';
import { ScanError } from '../errors.ts';
import type { GapReason, Severity } from '../finding.ts';
import type { EventLine } from '../event-line.ts';
import { SEVERITIES } from '../finding.ts';
import { renderEventLine } from '../report/event-line.ts';
import { exitCode, exitCodes, type ExitCode, type GateOptions } from '../report/gate.ts';
import { counted } from '../report/units.ts';
import { engineOf } from '../scan/engine-of.ts';
import { VERSION } from '../version.ts';
import { loadBaseline } from './baseline/baseline-load.ts';
import { echo, loadMask } from './echo.ts';
import { watchInterrupts } from './interrupt.ts';
import { openLineSink } from './line-sink.ts';
import { loadSettings, type SettingsRequest, verdictOf } from './config/settings.ts';
import type { Input, Streams } from './streams.ts';

/** The options of `phiscan ecs watch`. */
export interface WatchRequest extends SettingsRequest {
  readonly queueUrl?: string | undefined;
  readonly cluster?: readonly string[] | undefined;
  /** Milliseconds. */
  readonly interval: number;
  readonly once: boolean;
  readonly maxMessages?: number | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly output?: string | undefined;
  readonly progress: boolean;
}

/** Watches to the end of its medium, or to a signal; the exit code is that of all that was told. */
export async function runWatch(
  source: string | undefined,
  request: WatchRequest,
  { stdin, stdout, voice, env }: Streams,
): Promise<ExitCode> {
  checkSource(source, request, stdin);
  const settings = await loadSettings(request, env);
  const { customDetectors, minConfidence } = settings;
  const mask = await loadMask(customDetectors);
  const verdict = verdictOf(settings, mask);
  const baseline = await loadBaseline(settings.baseline, mask);
  const say = (text: string): void => {
    voice.note(echo(text, mask));
  };
  const sink = await openLineSink(request.output, stdout);
  const engine = engineOf(customDetectors);
  const tool = { name: 'phiscan', version: VERSION, ruleset: engine.ruleset } as const;
  const totals = new Totals();
  const interrupts = watchInterrupts(
    () => {
      say('stopping after the message in hand (once more: stop at once)');
    },
    () => process.exit(exitCodes.incomplete),
  );
  try {
    const medium = await openMedium(source, request, stdin, engine, interrupts.signal, say);
    if (request.progress) say(`watching ${medium.reference}`);
    const { messages, events } = await watchEvents(medium, engine, {
      minConfidence,
      maxMessages: source === undefined && request.queueUrl === undefined ? undefined : request.maxMessages,
      write: async (told) => {
        // A watch runs for months.
        const lines = acceptLines(verdict.lines(told), baseline, dayOf(new Date()));
        await sink.write(lines.map((line) => renderEventLine(line, tool)).join(''));
        for (const line of lines) totals.add(line);
      },
    });
    if (request.progress) say(`${counted(messages, 'message')}, ${counted(events, 'event')}: ${totals.words()}`);
    return totals.exitCode(settings);
  } finally {
    interrupts.release();
    await sink.close();
  }
}

function checkSource(source: string | undefined, { queueUrl }: WatchRequest, stdin: Input): void {
  if (source === undefined) return;
  if (source !== '-') {
    throw new ScanError('usage', 'events are read from a queue (--queue-url), from standard input (-), or asked for');
  }
  if (queueUrl !== undefined) throw new ScanError('usage', 'two sources (- and --queue-url). Name one of them');
  if (stdin.isTTY === true) {
    throw new ScanError('usage', 'nothing is piped in (-). Use it as in: phiscan ecs watch - < events.jsonl');
  }
}

/** The SDK is loaded for what needs it only. */
async function openMedium(
  source: string | undefined,
  request: WatchRequest,
  stdin: Input,
  engine: Engine,
  signal: AbortSignal,
  onWarning: (warning: string) => void,
): Promise<EventMedium> {
  const { queueUrl, region, profile, endpointUrl: endpoint, once, maxMessages } = request;
  if (source === '-') {
    const { lineMedium } = await import('../aws/watch/line-medium.ts');
    return lineMedium(stdin, signal);
  }
  if (queueUrl !== undefined) {
    const { queueMedium } = await import('../aws/watch/queue-medium.ts');
    return queueMedium({ queueUrl, region, profile, endpoint, once, maxMessages, signal, onWarning });
  }
  const { openEcs } = await import('../aws/ecs/client.ts');
  const { pollMedium } = await import('../aws/watch/poll-medium.ts');
  const ecs = await openEcs({ region, profile, endpoint, signal });
  const clusters = [...new Set(request.cluster ?? [])];
  return pollMedium(ecs, engine, { clusters, intervalMs: request.interval, once, signal });
}

/** Counts of what was told: lines are not kept. */
class Totals {
  readonly #findings = new Map<Severity, number>();
  readonly #gaps = new Set<GapReason>();
  #gapCount = 0;
  #accepted = 0;

  add(line: EventLine): void {
    if ('gap' in line) {
      this.#gapCount += 1;
      this.#gaps.add(line.gap.reason);
      return;
    }
    const { severity, accepted } = line.finding;
    if (accepted === undefined) this.#findings.set(severity, (this.#findings.get(severity) ?? 0) + 1);
    else this.#accepted += 1;
  }

  exitCode({ failOn, allowIncomplete }: Omit<GateOptions, 'unopened'>): ExitCode {
    const findings = [...this.#findings.keys()].map((severity) => ({ severity }));
    const gaps = [...this.#gaps].map((reason) => ({ reason }));
    const coverage = { complete: gaps.length === 0, gaps };
    return exitCode({ findings, coverage }, { failOn, allowIncomplete, unopened: 0 });
  }

  /** `3 findings (1 critical, 2 low), 1 gap` */
  words(): string {
    const parts = SEVERITIES.flatMap((severity) => {
      const count = this.#findings.get(severity);
      return count === undefined ? [] : [`${count} ${severity}`];
    });
    const count = [...this.#findings.values()].reduce((sum, one) => sum + one, 0);
    const findings = counted(count, 'finding') + (parts.length === 0 ? '' : ` (${parts.join(', ')})`);
    const accepted = this.#accepted === 0 ? '' : `, ${this.#accepted} accepted`;
    return `${findings}${accepted}, ${counted(this.#gapCount, 'gap')}`;
  }
}
