// Installs the dependencies of a fresh clone, so that `npm test` and `npm run demo` are the first command a person needs.
// Plain node, no dependencies: it runs before there are any.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Runs one command to its end; a failure ends this process with the same code. */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  const [code, signal] = await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (...result) => done(result));
  });
  if (code !== 0) {
    process.stderr.write(`${[command, ...args].join(' ')} failed (${signal ?? code})\n`);
    process.exit(code ?? 1);
  }
}

/** npm itself, the one that started this script where there is one. */
export function npm(...args) {
  const script = process.env.npm_execpath;
  return script === undefined ? run('npm', args) : run(process.execPath, [script, ...args]);
}

export async function ensureInstalled() {
  // npm writes this file last: an installation that was cut off is done again.
  if (existsSync(join(root, 'node_modules', '.package-lock.json'))) return;
  process.stderr.write(
    'Installing dependencies. The regex engine re2 comes ready-made where it can be fetched; elsewhere it is compiled\n' +
      'from source (this needs python3, make and g++), which takes 2 to 4 minutes without a word from npm.\n',
  );
  const begun = Date.now();
  const ticks = setInterval(() => {
    process.stderr.write(`still installing, ${Math.round((Date.now() - begun) / 1000)} s\n`);
  }, 30_000);
  // Not `npm ci`: it refuses a lock file made where a registry lacks bindings of other platforms, which nobody needs here.
  // The versions are those of the lock file all the same, and it is left as it is.
  await npm('install', '--no-save', '--no-audit', '--no-fund');
  clearInterval(ticks);
}

if (process.argv[1] === import.meta.filename) await ensureInstalled();
