import { detectors as builtIn } from '../../detectors/index.ts';
import { type CustomDetector, detectorOf } from '../detect/custom-detector.ts';
import { Engine } from '../engine/engine.ts';
import { type ExampleFailure, failedExamples } from '../engine/examples.ts';
import { ScanError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../report/gate.ts';
import { type ConfigRequest, configName, faultLine, loadConfig, readConfigFile } from './config/config-file.ts';
import { detectorPage, detectorTable } from './detector-text.ts';
import { echo, loadMask, shown } from './echo.ts';
import { writeText } from './output.ts';
import type { Streams } from './streams.ts';

/** Columns of a pipe, and the most that are read with ease. */
const COLUMNS = 80;
const MOST_COLUMNS = 120;

export async function listDetectors(request: ConfigRequest, { stdout, env }: Streams): Promise<ExitCode> {
  const { customDetectors } = await loadConfig(configName(request, env));
  const mask = await loadMask(customDetectors);
  const own = customDetectors.map((custom) => ({ ...detectorOf(custom), title: shown(custom.title, mask) }));
  await writeText(stdout, detectorTable(own, builtIn, columnsOf(stdout)));
  return exitCodes.clean;
}

export async function explainDetector(id: string, request: ConfigRequest, { stdout, env }: Streams): Promise<ExitCode> {
  const { customDetectors } = await loadConfig(configName(request, env));
  const custom = customDetectors.find((one) => one.id === id);
  const detector = custom === undefined ? builtIn.find((one) => one.id === id) : detectorOf(custom);
  if (detector === undefined) {
    throw new ScanError(
      'usage',
      `no such detector (${echo(id, await loadMask(customDetectors))}). See phiscan detectors list`,
    );
  }
  const mask = await loadMask(customDetectors);
  await writeText(
    stdout,
    detectorPage(detector, custom, columnsOf(stdout), (text) => shown(text, mask)),
  );
  return exitCodes.clean;
}

/** Runs all examples: of the built-in detectors, or of those in a phiscan.yaml. */
export async function testDetectors(file: string | undefined, { stdout }: Streams): Promise<ExitCode> {
  const { lines, isRight, code } = file === undefined ? testBuiltIn() : await testFile(file);
  await writeText(stdout, `${lines.join('\n')}\n`);
  return isRight ? exitCodes.clean : code;
}

interface Tested {
  readonly lines: readonly string[];
  readonly isRight: boolean;
  /** When it is not right. */
  readonly code: ExitCode;
}

function testBuiltIn(): Tested {
  const engine = new Engine(builtIn);
  const failures = builtIn.flatMap((detector) => failedExamples(engine, detector));
  const lines = [
    ...failures.map(failureLine),
    summary(
      builtIn.map((detector) => [detector.examples(), detector.counterExamples()]),
      failures.length,
    ),
  ];
  return { lines, isRight: failures.length === 0, code: exitCodes.findings };
}

/** A configuration's own examples are run when it is read: what fails is among its faults. */
async function testFile(file: string): Promise<Tested> {
  const { customDetectors = [], faults = [] } = (await readConfigFile(file, false)) ?? {};
  const mask = await loadMask(customDetectors);
  const lines = faults.map((fault) => shown(faultLine(file, fault), mask));
  const counts = customDetectors.map((custom: CustomDetector) => [custom.examples, custom.counterExamples] as const);
  return { lines: [...lines, summary(counts, faults.length)], isRight: faults.length === 0, code: exitCodes.findings };
}

function failureLine({ detector, kind, index, reason, wanted, got }: ExampleFailure): string {
  return `${detector}: ${kind} ${index + 1} (${reason}): ${got}, not ${wanted}`;
}

function summary(counts: readonly (readonly [readonly unknown[], readonly unknown[]])[], failed: number): string {
  const examples = counts.reduce((sum, [of]) => sum + of.length, 0);
  const counterExamples = counts.reduce((sum, [, of]) => sum + of.length, 0);
  const outcome = failed === 0 ? 'all as they should be' : `${failed} wrong`;
  return `${counts.length} detectors, ${examples} examples, ${counterExamples} counter-examples: ${outcome}`;
}

function columnsOf({ isTTY, columns }: Streams['stdout']): number {
  return isTTY === true ? Math.min(Math.max(columns ?? COLUMNS, 60), MOST_COLUMNS) : COLUMNS;
}
