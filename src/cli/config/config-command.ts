import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { configTemplate } from '../../config/template.ts';
import { ScanError } from '../../errors.ts';
import { exitCodes, type ExitCode } from '../../report/gate.ts';
import { paletteFor, wantsColors } from '../colors.ts';
import { configRows } from './config-rows.ts';
import { renderConfigJson, renderConfigTable } from './config-text.ts';
import { echo, loadMask, shown } from '../echo.ts';
import type { PlainFormat } from '../options/option-values.ts';
import { errorCode, outputError, writeReport, writeText } from '../output.ts';
import { loadSettings, type SettingsRequest } from './settings.ts';
import type { Streams } from '../streams.ts';

/** The options of `phiscan init`. */
export interface InitRequest {
  readonly force: boolean;
}

/** The options of `phiscan config show`. */
export interface ShowRequest extends SettingsRequest {
  readonly format: PlainFormat;
}

/** Never writes over a file that is there, unless told to. */
export async function initConfig(file: string, { force }: InitRequest, { stdout }: Streams): Promise<ExitCode> {
  const text = configTemplate(schemaBeside(file));
  if (force) await writeReport(file, text);
  else await writeNew(file, text);
  const mask = await loadMask([]);
  await writeText(
    stdout,
    `${echo(file, mask)} is written. Take the # off what you want; phiscan config show tells what holds\n`,
  );
  return exitCodes.clean;
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw outputError(file, error);
    throw new ScanError('usage', `there is such a file (${file}). Give --force to write over it, or another name`, {
      cause: error,
    });
  }
}

const SCHEMA = join('node_modules', 'phiscan', 'docs', 'phiscan.schema.json');

/** Of the phiscan that is installed for the file's folder: a path that holds for everybody who has the folder. */
function schemaBeside(file: string): string | undefined {
  const folder = dirname(resolve(file));
  for (let above = folder; ; above = dirname(above)) {
    const schema = join(above, SCHEMA);
    if (existsSync(schema)) return `./${relative(folder, schema).split(sep).join('/')}`;
    if (dirname(above) === above) return undefined;
  }
}

export async function showConfig(request: ShowRequest, { stdout, env }: Streams): Promise<ExitCode> {
  const settings = await loadSettings(request, env);
  const mask = await loadMask(settings.customDetectors);
  const rows = configRows(settings, (text) => shown(text, mask));
  const file = settings.file === undefined ? undefined : shown(settings.file, mask);
  if (request.format === 'json') {
    await writeText(stdout, renderConfigJson(file, rows));
    return exitCodes.clean;
  }
  const isTerminal = stdout.isTTY === true;
  const width = isTerminal ? Math.min(Math.max(stdout.columns ?? 80, 60), 120) : 80;
  await writeText(stdout, renderConfigTable(file, rows, { width, palette: paletteFor(wantsColors(isTerminal, env)) }));
  return exitCodes.clean;
}
