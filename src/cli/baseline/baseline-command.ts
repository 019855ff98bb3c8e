/** `phiscan baseline`: makes, brings up to date and shows the file of accepted findings. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Answer, Baseline } from '../../baseline/baseline.ts';
import { renderBaseline } from '../../baseline/baseline-file.ts';
import { dayOf } from '../../baseline/day.ts';
import { type ToldFinding, toldReportOf } from '../../baseline/told-findings.ts';
import { type BaselineUpdate, unansweredOf, unheld, updateBaseline } from '../../baseline/update.ts';
import { ScanError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { exitCodes, type ExitCode } from '../../report/gate.ts';
import { counted } from '../../report/units.ts';
import { loadBaseline } from './baseline-load.ts';
import type { AnswerRequest, BaselineRequest, UpdateRequest } from '../options/baseline-options.ts';
import { renderBaselineTable } from './baseline-table.ts';
import { paletteFor, wantsColors } from '../colors.ts';
import { echo, loadMask, type Mask } from '../echo.ts';
import { checkWritable, errorCode, writeReport, writeText } from '../output.ts';
import { BASELINE_FILE, loadSettings } from '../config/settings.ts';
import type { Input, Streams } from '../streams.ts';

export async function createBaseline(request: AnswerRequest, streams: Streams): Promise<ExitCode> {
  const { file, mask } = await placeOf(request, streams);
  if (existsSync(file)) {
    throw new ScanError('usage', `there is a baseline (${file}). Use phiscan baseline update, or remove it`);
  }
  const answer = answerOf(request, mask);
  if (answer === undefined) throw missingAnswer(request);
  await checkWritable(file);
  const found = unansweredOf((await toldOf(request, streams)).findings, mask);
  const { baseline } = updateBaseline([], found, answer, today());
  await writeReport(file, renderBaseline(baseline));
  await writeText(streams.stdout, `${acceptedWords(baseline)} until ${answer.expires}: ${echo(file, mask)}\n`);
  return exitCodes.clean;
}

export async function updateBaselineFile(request: UpdateRequest, streams: Streams): Promise<ExitCode> {
  const { stdout, stderr } = streams;
  const { file, mask } = await placeOf(request, streams);
  if (!existsSync(file)) {
    throw new ScanError('not-found', `no such baseline (${file}). Make it with phiscan baseline create`);
  }
  const before = await loadBaseline(file, mask);
  await checkWritable(file);
  const { findings, complete } = await toldOf(request, streams);
  const found = unansweredOf(findings, mask);
  const fresh = unheld(found, before, today());
  const answer = answerOf(request, mask);
  if (fresh.length > 0 && answer === undefined) throw missingAnswer(request, fresh.length);
  const critical = fresh.filter(({ severity }) => severity === 'critical');
  if (critical.length > 0 && !request.acceptCritical) {
    for (const { detector, place, count } of critical) {
      stderr.write(`phiscan: new and critical: ${detector}, ${counted(count, 'value')} (${echo(place, mask)})\n`);
    }
    const words = counted(critical.length, 'new critical place');
    stderr.write(`phiscan: ${words}; nothing is written. Remove the values, or give --accept-critical\n`);
    return exitCodes.findings;
  }
  const keepsAbsent = !complete && !request.allowIncomplete;
  const update = updateBaseline(before, found, answer, today());
  const baseline = keepsAbsent ? [...update.baseline, ...update.dropped] : update.baseline;
  await writeReport(file, renderBaseline(baseline));
  await writeText(stdout, updateText(update, keepsAbsent, mask) + `${acceptedWords(baseline)}: ${echo(file, mask)}\n`);
  return exitCodes.clean;
}

export async function showBaseline(request: BaselineRequest, streams: Streams): Promise<ExitCode> {
  const { stdout, env } = streams;
  const { file, mask } = await placeOf(request, streams);
  const baseline = await loadBaseline(file, mask);
  const findings = request.from === undefined ? undefined : (await toldOf(request, streams)).findings;
  const occurring = findings && new Set(unansweredOf(findings, mask).map(({ fingerprint }) => fingerprint));
  const terminal = stdout.isTTY === true;
  const width = terminal ? Math.min(Math.max(stdout.columns ?? 80, 60), 120) : 80;
  const palette = paletteFor(wantsColors(terminal, env));
  await writeText(stdout, renderBaselineTable(baseline, { occurring, today: today(), width, palette }));
  return exitCodes.clean;
}

function today(): string {
  return dayOf(new Date());
}

/** The file is where a scan would look for it. */
async function placeOf(
  { config, baseline }: BaselineRequest,
  { env }: Streams,
): Promise<{ readonly file: string; readonly mask: Mask }> {
  const settings = await loadSettings({ config, baseline }, env);
  return { file: settings.baseline ?? BASELINE_FILE, mask: await loadMask(settings.customDetectors) };
}

/** Undefined where a part is missing. A baseline is committed and read by many: no value may get into it. */
function answerOf({ reason, owner, expires }: AnswerRequest, mask: Mask): Answer | undefined {
  for (const [option, text] of [
    ['--reason', reason],
    ['--owner', owner],
  ] as const) {
    if (text === undefined) continue;
    if (mask(text) !== text) {
      throw new ScanError('usage', `a detector finds a value (${option}). Say it without, and name a team or a role`);
    }
    if (text.length > limits.answerCharacters) {
      throw new ScanError('usage', `longer than ${limits.answerCharacters} characters (${option}). Make it shorter`);
    }
  }
  if (reason === undefined || owner === undefined || expires === undefined) return undefined;
  return { reason, owner, expires };
}

function missingAnswer({ reason, owner, expires }: AnswerRequest, fresh?: number): ScanError {
  const missing = [
    reason === undefined ? ['--reason TEXT'] : [],
    owner === undefined ? ['--owner TEXT'] : [],
    expires === undefined ? ['--expires 2027-01-31'] : [],
  ].flat();
  const what = fresh === undefined ? 'nobody answers for the findings' : `${counted(fresh, 'new place')} to answer for`;
  return new ScanError('usage', `${what} (baseline). Give ${missing.join(', ')}`);
}

interface Told {
  readonly findings: readonly ToldFinding[];
  /** Of all reports. */
  readonly complete: boolean;
}

async function toldOf({ from = [] }: BaselineRequest, { stdin }: Streams): Promise<Told> {
  if (from.length === 0) {
    throw new ScanError(
      'usage',
      'no report (--from). Make one with phiscan COMMAND --format json --output report.json',
    );
  }
  const reports = [];
  for (const file of [...new Set(from)]) {
    const report = toldReportOf(await reportText(file, stdin));
    if (report === undefined) {
      throw new ScanError('usage', `no report of phiscan (${file}). Name one of --format json or jsonl`);
    }
    reports.push(report);
  }
  return {
    findings: reports.flatMap(({ findings }) => findings),
    complete: reports.every(({ complete }) => complete),
  };
}

async function reportText(file: string, stdin: Input): Promise<string> {
  if (file === '-') {
    if (stdin.isTTY === true) {
      throw new ScanError('usage', 'nothing is piped in (--from -). Use it as in: phiscan image app --format json | …');
    }
    return textOf(bounded(stdin));
  }
  try {
    const { size } = await stat(file);
    if (size > limits.readReportBytes) throw tooLong(file);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof ScanError) throw error;
    if (errorCode(error) === 'ENOENT') {
      throw new ScanError('not-found', `no such file (${file}). Check the name`, { cause: error });
    }
    throw new ScanError('denied', `the report cannot be read (${file}). Check what it is, and its permissions`, {
      cause: error,
    });
  }
}

async function* bounded(stdin: Input): AsyncIterable<Buffer> {
  let bytes = 0;
  for await (const chunk of stdin) {
    const piece = Buffer.from(chunk as Uint8Array);
    bytes += piece.length;
    if (bytes > limits.readReportBytes) throw tooLong('-');
    yield piece;
  }
}

function tooLong(file: string): ScanError {
  return new ScanError('usage', `the report is too long (${file}). Make one with a higher --min-confidence`);
}

/** `3 places accepted, 1 of them critical` */
function acceptedWords(baseline: Baseline): string {
  const critical = baseline.filter(({ severity }) => severity === 'critical').length;
  const words = `${counted(baseline.length, 'place')} accepted`;
  return critical === 0 ? words : `${words}, ${critical} of them critical`;
}

function updateText({ added, lowered, dropped }: BaselineUpdate, keepsAbsent: boolean, mask: Mask): string {
  const rows = [
    ...added.map(({ detector, place }) => `added: ${detector} (${place})`),
    ...lowered.map(({ detector, place }) => `fewer values: ${detector} (${place})`),
    ...dropped.map(({ detector, place }) => {
      const what = keepsAbsent
        ? 'kept, though it does not occur: the report is incomplete'
        : 'dropped, it does not occur';
      return `${what}: ${detector} (${place})`;
    }),
  ];
  return rows.map((row) => `${echo(row, mask)}\n`).join('');
}
