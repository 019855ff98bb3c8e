import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ActionRun, runAction } from '../support/action-runner.ts';
import { run } from '../support/programs.ts';

/**
 * The first step on a checkout of the same shape: its packages are folders beside it, and its re2 is "compiled" by copying, since
 * the real one takes minutes. npm and its lock file are real.
 */
const root = join(import.meta.dirname, '..', '..');
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'phiscan-install-'));
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const compile = `const { mkdirSync, writeFileSync } = require('node:fs');
mkdirSync('build/Release', { recursive: true });
writeFileSync('build/Release/re2.node', process.env.DEVELOPMENT_SKIP_GETTING_ASSET ? 'compiled' : 'fetched');
writeFileSync('compiled-here', '');
`;
const bad = "require('node:fs').writeFileSync('ran', '');";
const build = `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/src/cli', { recursive: true });
writeFileSync('dist/src/cli/main.js', 'process.exitCode = 2;');
`;

function checkout(name: string, engines = '>=20.20.0'): string {
  const folder = join(home, name);
  mkdirSync(join(folder, 're2'), { recursive: true });
  mkdirSync(join(folder, 'other'));
  cpSync(join(root, 'action'), join(folder, 'action'), { recursive: true });
  cpSync(join(root, 'action.yml'), join(folder, 'action.yml'));
  const write = (path: string, content: object | string): void => {
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const dependencies = { re2: 'file:re2', other: 'file:other' };
  const scripts = { build: 'node build.js' };
  const allowScripts = { re2: true };
  write('package.json', {
    name: 'a',
    version: '1.0.0',
    type: 'module',
    engines: { node: engines },
    scripts,
    dependencies,
    allowScripts,
  });
  write('build.js', build);
  write('.npmrc', 'install-links=true');
  write('re2/package.json', { name: 're2', version: '9.9.9', scripts: { install: 'node compile.js' } });
  write('re2/compile.js', compile);
  write('other/package.json', { name: 'other', version: '1.0.0', scripts: { install: 'node bad.js' } });
  write('other/bad.js', bad);
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit'], { cwd: folder });
  return folder;
}

function install(folder: string): ActionRun {
  const workspace = join(home, 'workspace');
  mkdirSync(workspace, { recursive: true });
  // A stranger's: it must not be read.
  writeFileSync(join(workspace, '.npmrc'), 'ignore-scripts=true\noffline=true\ninstall-links=false\n');
  return runAction({ path: '.' }, { workspace, temp: home, action: folder });
}

test('the packages of the lock file, no script but re2’s, and the sources are built; a second checkout takes re2 from the cache', () => {
  const first = checkout('first');
  const run = install(first);
  expect(run.log).toContain('installing the packages of the lock file');
  expect(run.steps).toHaveLength(3);
  const at = (...path: readonly string[]): string => join(first, 'node_modules', ...path);
  expect(existsSync(at('re2', 'compiled-here'))).toBe(true);
  expect(existsSync(at('other', 'package.json'))).toBe(true);
  expect(existsSync(at('other', 'ran'))).toBe(false);
  expect(existsSync(join(first, 'dist', 'src', 'cli', 'main.js'))).toBe(true);
  expect(install(first).log).not.toContain('installing');

  const second = checkout('second');
  expect(install(second).log).toContain('re2 is taken from the cache');
  expect(existsSync(join(second, 'node_modules', 're2', 'compiled-here'))).toBe(false);
  const binary = join(second, 'node_modules', 're2', 'build', 'Release', 're2.node');
  expect(readFileSync(binary, 'utf8')).toBe('compiled');
}, 60_000);

test('a version is that package of the registry with the packages of its own lock file, and again no script but re2’s', async () => {
  const packages = join(home, 'packages');
  const write = (
    name: string,
    files: Readonly<Record<string, string>>,
    manifest: { readonly version: string },
  ): void => {
    const folder = join(packages, `${name}-${manifest.version}`);
    mkdirSync(join(folder, 'dist', 'src', 'cli'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, ...manifest }));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', packages], { cwd: folder });
  };
  const scripted = { scripts: { install: 'node script.js' } };
  write('re2', { 'script.js': compile }, { version: '8.8.8', ...scripted });
  for (const version of ['1.0.0', '1.1.0']) write('other', { 'script.js': bad }, { version, ...scripted });
  const sha512 = (file: string): string =>
    `sha512-${createHash('sha512')
      .update(readFileSync(join(packages, file)))
      .digest('base64')}`;
  const phiscan = (version: string, otherFile: string): void => {
    const dependencies = { re2: '~8.8.0', other: '^1.0.0' };
    const lock = {
      ...{ name: 'phiscan', version, lockfileVersion: 3, requires: true },
      packages: {
        '': { name: 'phiscan', version, dependencies },
        'node_modules/re2': { version: '8.8.8', integrity: sha512('re2-8.8.8.tgz'), hasInstallScript: true },
        'node_modules/other': { version: '1.0.0', integrity: sha512(otherFile), hasInstallScript: true },
      },
    };
    const files = {
      'dist/src/cli/main.js': 'process.exitCode = 2;',
      'dist/package-lock.json': JSON.stringify(lock),
    };
    // Nothing of these is asked for: the registry has it not.
    const devDependencies = { absent: '1.0.0' };
    const manifest = { version, allowScripts: { re2: true }, dependencies, devDependencies };
    write('phiscan', files, manifest);
  };
  phiscan('1.2.3', 'other-1.0.0.tgz');
  phiscan('1.3.0', 'other-1.1.0.tgz');

  const registry = spawn(process.execPath, [join(root, 'test/support/package-registry.js'), packages]);
  try {
    const [port] = (await once(registry.stdout, 'data')) as [Buffer];
    const workspace = join(home, 'workspace');
    mkdirSync(workspace, { recursive: true });
    const env = {
      npm_config_registry: `http://127.0.0.1:${port.toString().trim()}`,
      npm_config_cache: join(home, 'npm'),
    };
    const at = (...path: readonly string[]): string => join(home, 'phiscan-1.2.3', 'package', ...path);
    const install = (version: string): ActionRun => runAction({ path: '.', version }, { workspace, temp: home, env });
    const first = install('1.2.3');
    expect(first.steps, first.log).toHaveLength(3);
    expect(existsSync(at('dist/src/cli/main.js'))).toBe(true);
    expect(existsSync(at('node_modules/re2/compiled-here'))).toBe(true);
    // The registry has a newer one within the range.
    const other = JSON.parse(readFileSync(at('node_modules/other/package.json'), 'utf8')) as object;
    expect(other).toMatchObject({ version: '1.0.0' });
    expect(existsSync(at('node_modules/other/ran'))).toBe(false);
    expect(install('1.2.3').log).not.toContain('installing');

    // The lock file has another hash than what the registry sends.
    const changed = install('1.3.0');
    expect(changed.code).toBe(2);
    expect(changed.log).toContain('EINTEGRITY');
    const absent = install('1.2.4');
    expect(absent.steps).toEqual(['Install phiscan']);
    expect(absent.code).toBe(2);
  } finally {
    registry.kill();
  }
}, 60_000);

test('a lock file that does not fit ends it, and says so', () => {
  const folder = checkout('changed');
  const lock = join(folder, 'package-lock.json');
  writeFileSync(lock, readFileSync(lock, 'utf8').replaceAll('other', 'otter'));
  const run = install(folder);
  expect(run.code).toBe(2);
  expect(run.steps).toEqual(['Install phiscan']);
  expect(run.commands.map(({ message }) => message)).toEqual([
    'npm ci failed. The log says why; check the registry and its proxy',
  ]);
}, 60_000);

test('a Node that is too old is told of, and what to do', () => {
  const run = install(checkout('old', '>=99.1.0'));
  expect(run.code).toBe(2);
  expect(run.commands.map(({ name, message }) => [name, message])).toEqual([
    [
      'error',
      expect.stringMatching(/^Node\.js \d+\.\d+\.\d+ is too old\. Put actions\/setup-node with 99\.1\.0 or later/),
    ],
  ]);
}, 60_000);

test('without Node there is an error and not a line of bash', () => {
  const run = runAction({ path: '.' }, { workspace: home, temp: home, env: { PATH: join(home, 'nothing') } });
  expect(run.code).toBe(1);
  expect(run.commands.map(({ message }) => message)).toEqual([
    'this runner has no Node.js. Put actions/setup-node before phiscan',
  ]);
});

test('the lock file of this project is one that npm ci takes', () => {
  const folder = join(home, 'lock');
  mkdirSync(folder);
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), join(folder, name));
  expect(() =>
    run('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts', '--no-audit'], { cwd: folder }),
  ).not.toThrow();
}, 60_000);
