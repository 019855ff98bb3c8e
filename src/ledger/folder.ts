import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** PHISCAN_CACHE_DIR, or the user's (XDG Base Directory Specification 0.8), whose paths count only when they are absolute. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const own = env['PHISCAN_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  const users = env['XDG_CACHE_HOME'];
  return join(users !== undefined && isAbsolute(users) ? users : join(homedir(), '.cache'), 'phiscan');
}

/** The one file, beside which SQLite has its log while somebody writes. */
export function ledgerFile(folder: string): string {
  return join(folder, 'ledger.db');
}
