// The first step: makes phiscan ready to run, and says where its program is.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepEngine, placeEngine } from './engine-cache.js';
import { InputError, oneInput } from './inputs.js';
import { annotate, setOutputs } from './runner.js';

/** No script of a package is run but re2's, which compiles it. */
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];
const PROGRAM = ['dist', 'src', 'cli', 'main.js'];
const checkout = fileURLToPath(new URL('..', import.meta.url));

try {
  checkNode();
  const version = oneInput('version');
  const program = version === '' ? installCheckout(checkout) : installVersion(version);
  setOutputs({ program });
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  annotate('error', error.message);
  process.exitCode = 2;
}

/** The runner's own Node is used: fetching another one would be a download more. */
function checkNode() {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const least = engines.node.replace('>=', '');
  if (isBelow(process.versions.node, least)) {
    throw new InputError(
      `Node.js ${process.versions.node} is too old. Put actions/setup-node with ${least} or later before phiscan`,
    );
  }
}

function isBelow(version, least) {
  const [ours, theirs] = [version, least].map((text) => text.split('.').map(Number));
  const first = ours.findIndex((part, index) => part !== theirs[index]);
  return first !== -1 && ours[first] < theirs[first];
}

/** What this action is checked out at: the packages of its lock file, each by its hash, and its own sources. */
function installCheckout(folder) {
  const program = join(folder, ...PROGRAM);
  // npm writes this file last. A second use in the same job finds all of it.
  const isInstalled = existsSync(join(folder, 'node_modules', '.package-lock.json'));
  if (!isInstalled) {
    say('installing the packages of the lock file');
    npm(folder, 'ci', ...QUIET);
    installEngine(folder);
  }
  if (!existsSync(program)) npm(folder, 'run', 'build');
  return program;
}

/** A version of the registry: npm checks what it gets by the registry's hash, and the lock file in it has those of all others. */
function installVersion(version) {
  if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new InputError('wrong value (version). Give a version exactly, for example 1.2.3');
  }
  const folder = join(process.env.RUNNER_TEMP || tmpdir(), `phiscan-${version}`);
  const own = join(folder, 'package');
  const program = join(own, ...PROGRAM);
  if (existsSync(join(own, 'node_modules', '.package-lock.json'))) return program;
  say(`installing phiscan ${version}`);
  mkdirSync(folder, { recursive: true });
  // npm looks for a project from here upwards, and must find this one.
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm(folder, 'pack', '--ignore-scripts', `phiscan@${version}`);
  call(folder, 'tar', '-xzf', `phiscan-${version}.tgz`);
  beginWithLock(own);
  npm(own, 'ci', ...QUIET);
  installEngine(own);
  return program;
}

/** The lock file of a package is where npm does not look for it, and has nothing that only the package's sources need. */
function beginWithLock(folder) {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, devDependencies: undefined }));
  copyFileSync(join(folder, 'dist', 'package-lock.json'), join(folder, 'package-lock.json'));
}

/** From the cache, or compiled: the ready-made file that re2's script would fetch is pinned by no hash. */
function installEngine(folder) {
  if (placeEngine(folder)) {
    say('re2 is taken from the cache');
    return;
  }
  say('compiling the regex engine re2, which takes 2 to 4 minutes');
  Object.assign(process.env, engineSettings());
  npm(folder, 'rebuild', 're2');
  const kept = keepEngine(folder);
  if (kept !== undefined) say(`re2 is kept in ${kept}: actions/cache of this folder saves the time`);
}

/** For re2's script: nothing ready-made, and the headers of Node that came with it, where they did, instead of fetched ones. */
function engineSettings() {
  const home = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(home, 'include', 'node', 'node.h'));
  return { DEVELOPMENT_SKIP_GETTING_ASSET: '1', ...(hasHeaders && { npm_config_nodedir: home }) };
}

/** In the folder it is about, so that an .npmrc of the workspace, which may be a stranger's, is not read. */
function npm(folder, ...args) {
  call(folder, 'npm', ...args);
}

function call(folder, program, ...args) {
  const windows = process.platform === 'win32';
  const { status, error } = spawnSync(program, args, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
  });
  if (status === 0) return;
  const why = error === undefined ? '' : ` (${error.code})`;
  throw new InputError(`${program} ${args[0]} failed${why}. The log says why; check the registry and its proxy`);
}

function say(text) {
  process.stdout.write(`phiscan: ${text}\n`);
}
