import { ecrAccesses } from '../aws/ecr/account.ts';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/doctor.ts';
import { cacheFolder } from '../ledger/folder.ts';
import { exitCodes, type ExitCode } from '../report/gate.ts';
import { type AccountsRequest, rolesOf } from './options/aws-options.ts';
import { paletteFor, wantsColors } from './colors.ts';
import { doctorJson, doctorTable } from './doctor-text.ts';
import { loadMask, shown } from './echo.ts';
import type { PlainFormat } from './options/option-values.ts';
import { writeText } from './output.ts';
import type { Streams } from './streams.ts';

/** The options of `phiscan doctor`. */
export interface DoctorRequest extends AccountsRequest {
  readonly format: PlainFormat;
}

/** Columns of a pipe, and the most that are read with ease. */
const COLUMNS = 80;
const MOST_COLUMNS = 120;

/** 0: nothing is wrong. 1: something must be put right before a sweep. */
export async function runDoctor(request: DoctorRequest, { stdout, env }: Streams): Promise<ExitCode> {
  const { region: regions = [], profile, endpointUrl: endpoint, format } = request;
  const accesses = ecrAccesses({ regions, roles: rolesOf(request) }, { profile, endpoint });
  const mask = await loadMask([]);
  const checks = (await examine({ accesses, cacheFolder: cacheFolder(env) })).map((check): Check => {
    // Names of repositories, roles and folders are texts, too.
    const { place, detail, todo } = check;
    const said = { place: shown(place, mask), detail: shown(detail, mask) };
    return { ...check, ...said, ...(todo === undefined ? {} : { todo: shown(todo, mask) }) };
  });
  const isTerminal = stdout.isTTY === true;
  const width = isTerminal ? Math.min(Math.max(stdout.columns ?? COLUMNS, 60), MOST_COLUMNS) : COLUMNS;
  const palette = paletteFor(wantsColors(isTerminal, env));
  await writeText(stdout, format === 'json' ? doctorJson(checks) : doctorTable(checks, width, palette));
  return checks.some(({ state }) => state === 'failed') ? exitCodes.findings : exitCodes.clean;
}
