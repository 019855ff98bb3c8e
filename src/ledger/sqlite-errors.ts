import { LedgerFault } from './store.ts';

/** Result codes of SQLite (https://sqlite.org/rescode.html) that a user can do something about. */
const WORDS: Readonly<Record<number, string>> = {
  5: 'other processes write into it all the time',
  6: 'other processes write into it all the time',
  8: 'it may not be written',
  10: 'it cannot be read or written',
  11: 'it is damaged; remove it to begin anew',
  13: 'the disk is full',
  14: 'it cannot be opened',
  15: 'its lock cannot be used; some network file systems have none',
  23: 'it may not be opened',
  26: 'it is no ledger',
};

const BUSY = new Set([5, 6]);

/** An extended code has the plain one in its lowest byte; undefined where the error is none of SQLite. */
function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

export function isBusy(error: unknown): boolean {
  return BUSY.has(resultCode(error) ?? 0);
}

export function asFault(error: unknown): LedgerFault {
  if (error instanceof LedgerFault) return error;
  const code = resultCode(error);
  const system = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'a fault';
  const words = code === undefined ? system : (WORDS[code] ?? `SQLite error ${String(code)}`);
  return new LedgerFault(words, { cause: error });
}
