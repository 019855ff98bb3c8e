/** Where the reports of a run go: formats and files, checked before the scan and written after it. */
import { resolve } from 'node:path';
import type { OutputFile } from '../config/settings.ts';
import { ScanError } from '../errors.ts';
import type { Report } from '../finding.ts';
import { ENDINGS, type Format, formatOf, FORMATS, render } from '../report/format.ts';
import type { ViewOptions } from '../report/view.ts';
import { paletteFor, wantsColors } from './colors.ts';
import { echo, type Mask } from './echo.ts';
import { describeFault } from './fault.ts';
import { checkWritable, writeReport, writeText } from './output.ts';
import { repositoryRoot } from './repository-root.ts';
import type { Streams } from './streams.ts';

/** `--format` and `--output`, in the order of the command line. */
export interface OutputsRequest {
  readonly format?: readonly Format[] | undefined;
  readonly output?: readonly string[] | undefined;
}

/** One report that was asked for. */
export interface PlannedOutput {
  readonly format: Format;
  /** Undefined: standard output. */
  readonly file: string | undefined;
}

/**
 * The first `--output` takes the first `--format`, the second the second. A format without a file goes to standard output; a
 * file without a format has the one of its ending, or the table where it has no ending. Where the command line names neither, those
 * of phiscan.yaml are taken. Throws ScanError (`usage`).
 */
export function plannedOutputs(
  { format: formats = [], output: files = [] }: OutputsRequest,
  configured: readonly OutputFile[] = [],
): readonly PlannedOutput[] {
  const planned: PlannedOutput[] = files.map((file, index) => {
    const isStream = file === '-';
    return { format: formats[index] ?? (isStream ? 'table' : formatByName(file)), file: isStream ? undefined : file };
  });
  for (const format of formats.slice(files.length)) planned.push({ format, file: undefined });
  if (planned.length === 0) planned.push(...configured.map(configuredOutput));
  if (planned.length === 0) planned.push({ format: 'table', file: undefined });
  checkApart(planned);
  return planned;
}

/** A format that there is not was refused when phiscan.yaml was read. */
function configuredOutput({ format, file }: OutputFile): PlannedOutput {
  return { format: FORMATS.find((each) => each === format) ?? 'table', file: file === '-' ? undefined : file };
}

/** Throws ScanError where two of them would have one place. */
export function checkApart(planned: readonly PlannedOutput[]): void {
  const streamed = planned.filter(({ file }) => file === undefined);
  if (streamed.length > 1) {
    const names = streamed.map(({ format }) => format).join(', ');
    throw new ScanError(
      'usage',
      `${streamed.length} reports on standard output (${names}). Name a file for each with --output`,
    );
  }
  const files = planned.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, index) => files.findIndex((other) => resolve(other) === resolve(file)) !== index);
  if (twice !== undefined) throw new ScanError('usage', `two reports in one file (${twice}). Name another one`);
}

function formatByName(file: string): Format {
  const format = formatOf(file);
  if (format !== undefined) return format;
  if (!/\.[^./\\]*$/.test(file)) return 'table';
  throw new ScanError('usage', `no format for this ending (${file}). Give --format, or one of ${ENDINGS.join(' ')}`);
}

/** Throws before a long scan, rather than after it, when one of them cannot be written. */
export async function checkOutputs(outputs: readonly PlannedOutput[]): Promise<void> {
  for (const { file } of outputs) if (file !== undefined) await checkWritable(file);
}

/** What is the same for all outputs of a run. */
export type RunView = Pick<ViewOptions, 'explain' | 'failOn' | 'exitCode' | 'dockerfile' | 'aws'>;

export interface Delivery {
  readonly outputs: readonly PlannedOutput[];
  readonly view: RunView;
  /** What was found: said on stderr with the name of the first file. */
  readonly words: string;
  readonly mask: Mask;
}

/** Writes all that can be written; throws the first fault after the last one, having told the others. */
export async function deliver(
  report: Report,
  { outputs, view, words, mask }: Delivery,
  streams: Streams,
): Promise<void> {
  const { stdout, stderr, voice } = streams;
  const faults: unknown[] = [];
  let before = words === '' ? '' : `${words}; `;
  for (const { format, file } of outputs) {
    try {
      const text = await render(report, format, viewOptions(file, view, streams));
      if (file === undefined) {
        await writeText(stdout, text);
      } else {
        await writeReport(file, text);
        voice.note(`${before}${format} report in ${echo(file, mask)}`);
        before = '';
      }
    } catch (error) {
      faults.push(error);
    }
  }
  const [first, ...others] = faults;
  for (const fault of others) stderr.write(`phiscan: ${describeFault(fault, mask)}\n`);
  if (faults.length > 0) throw first;
}

/** How a report looks in a file, or on standard output. */
export function viewOptions(file: string | undefined, view: RunView, { stdout, env }: Streams): ViewOptions {
  const isTerminal = file === undefined && stdout.isTTY === true;
  // Longer lines than 120 columns are harder to read than wrapped ones.
  const width = isTerminal ? Math.min(Math.max(stdout.columns ?? 80, 60), 120) : 80;
  const palette = paletteFor(file === undefined && wantsColors(isTerminal, env));
  const folder = process.cwd();
  return { ...view, width, palette, folder, repositoryRoot: repositoryRoot(folder) };
}
