import { existsSync } from 'node:fs';
import { ScanError } from '../errors.ts';
import { type Database, openDatabase } from '../ledger/database.ts';
import { cacheFolder, ledgerFile } from '../ledger/folder.ts';
import { exportOf, type LedgerStats, type LedgerVerdict, prune, statsOf, verify } from '../ledger/inspect.ts';
import { LedgerFault } from '../ledger/store.ts';
import { exitCodes, type ExitCode } from '../report/gate.ts';
import { byteSize, counted } from '../report/units.ts';
import { echo, loadMask } from './echo.ts';
import type { LedgerCommand, LedgerRequest } from './options/ledger-options.ts';
import { writeReport, writeText } from './output.ts';
import type { Streams } from './streams.ts';

const KINDS = { blob: 'layers', plain: 'layers, unpacked', image: 'images', revision: 'task definitions' } as const;

export async function runLedgerCommand(
  command: LedgerCommand,
  request: LedgerRequest,
  { stdout, env }: Streams,
): Promise<ExitCode> {
  if (command === 'prune' && request.olderThan === undefined && request.maxBytes === undefined) {
    throw new ScanError('usage', 'nothing to forget by (prune). Give --older-than, --max-bytes or both');
  }
  const file = ledgerFile(cacheFolder(env));
  const place = echo(file, await loadMask([]));
  if (!existsSync(file)) {
    const isJson = request.format === 'json';
    if (command !== 'export') await writeText(stdout, isJson ? '{}\n' : `nothing is remembered yet (${place})\n`);
    return exitCodes.clean;
  }
  let database: Database | undefined;
  try {
    database = await openDatabase(file);
    return await commands[command](database, request, { stdout, place });
  } catch (error) {
    const fault = error instanceof ScanError ? error : faultOf(error, place);
    if (command !== 'verify' || fault.code !== 'denied') throw fault;
    await tell({ rows: 0, faults: [fault.message] }, verdictText, request, stdout);
    return exitCodes.findings;
  } finally {
    database?.close();
  }
}

interface Place {
  readonly stdout: Streams['stdout'];
  readonly place: string;
}

type Run = (database: Database, request: LedgerRequest, where: Place) => Promise<ExitCode>;

const commands: Readonly<Record<LedgerCommand, Run>> = {
  stats: async (database, request, { stdout, place }) => {
    await tell(statsOf(database), (stats) => statsText(stats, place), request, stdout);
    return exitCodes.clean;
  },
  export: async (database, { output }, { stdout }) => {
    const lines = [...exportOf(database)].map((row) => `${JSON.stringify(row)}\n`).join('');
    if (output === undefined || output === '-') await writeText(stdout, lines);
    else await writeReport(output, lines);
    return exitCodes.clean;
  },
  prune: async (database, { olderThan, maxBytes, format }, { stdout }) => {
    const forgotten = prune(database, { usedBefore: olderThan, maxBytes });
    const { fileBytes } = statsOf(database);
    const text = (): string => `${counted(forgotten, 'result')} forgotten; the file has ${byteSize(fileBytes)}\n`;
    await tell({ forgotten, fileBytes }, text, { format }, stdout);
    return exitCodes.clean;
  },
  verify: async (database, request, { stdout }) => {
    const verdict = verify(database);
    await tell(verdict, verdictText, request, stdout);
    return verdict.faults.length === 0 ? exitCodes.clean : exitCodes.findings;
  },
};

async function tell<Told>(
  told: Told,
  text: (told: Told) => string,
  { format }: Pick<LedgerRequest, 'format'>,
  stdout: Streams['stdout'],
): Promise<void> {
  await writeText(stdout, format === 'json' ? `${JSON.stringify(told, undefined, 2)}\n` : text(told));
}

function statsText({ fileBytes, counts }: LedgerStats, place: string): string {
  const lines = counts.map(({ scope, kind, rows, bytes, oldest, newest }) => {
    const days = oldest === newest ? `used ${newest}` : `used ${oldest} to ${newest}`;
    return `  ${KINDS[kind].padEnd(18)}${String(rows).padStart(9)}  ${byteSize(bytes).padStart(9)}  ${days}  ${scope}\n`;
  });
  return [`${place}: ${byteSize(fileBytes)}\n`, ...lines].join('');
}

function verdictText({ rows, faults }: LedgerVerdict): string {
  if (faults.length === 0) return `${counted(rows, 'result')}, all as they were written\n`;
  return [...faults, `${counted(faults.length, 'fault')} in ${counted(rows, 'result')}: remove the file to begin anew`]
    .map((line) => `${line}\n`)
    .join('');
}

function faultOf(error: unknown, place: string): ScanError {
  const why = error instanceof LedgerFault ? error.message : 'it is damaged; remove it to begin anew';
  return new ScanError('denied', `the ledger cannot be used (${place}): ${why}`, { cause: error });
}
