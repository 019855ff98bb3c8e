// re2, compiled once for each version, machine and Node, in phiscan's cache folder, where its ledger is, too.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

const BINARY = ['build', 'Release', 're2.node'];

/** True, if the cache has the engine for this version, machine and Node; it is then where re2 looks for it. */
export function placeEngine(folder) {
  const kept = keptFile(folder);
  if (kept === undefined || !existsSync(kept)) return false;
  const target = join(folder, 'node_modules', 're2', ...BINARY);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(kept, target);
  return true;
}

/** The folder that it is kept in; undefined if nothing was built. */
export function keepEngine(folder) {
  const kept = keptFile(folder);
  const built = join(folder, 'node_modules', 're2', ...BINARY);
  if (kept === undefined || !existsSync(built)) return undefined;
  mkdirSync(dirname(kept), { recursive: true });
  // Renamed, so that another job on this machine sees all of it or nothing.
  const half = `${kept}.${process.pid}`;
  copyFileSync(built, half);
  renameSync(half, kept);
  return dirname(kept);
}

function keptFile(folder) {
  const manifest = join(folder, 'node_modules', 're2', 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const { platform, arch, versions } = process;
  return join(cacheFolder(process.env), 're2', `${version}-${platform}-${arch}-${libc()}-${versions.modules}.node`);
}

function libc() {
  const { glibcVersionRuntime } = process.report.getReport().header;
  return glibcVersionRuntime === undefined ? 'other' : `glibc${glibcVersionRuntime}`;
}

/** As phiscan's own, in src/ledger/folder.ts. */
function cacheFolder({ PHISCAN_CACHE_DIR: own, XDG_CACHE_HOME: users }) {
  if (own) return own;
  return join(users !== undefined && isAbsolute(users) ? users : join(homedir(), '.cache'), 'phiscan');
}
