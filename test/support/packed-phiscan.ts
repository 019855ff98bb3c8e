import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './programs.ts';

const root = join(import.meta.dirname, '..', '..');

export interface PackedPhiscan {
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
  /** A folder that has the package and its dependencies installed, and nothing else. */
  readonly consumer: string;
  readonly remove: () => void;
}

/** The package as npm would publish it of this dist/. Its dependencies are linked, since re2 would be compiled for minutes. */
export function packPhiscan(): PackedPhiscan {
  const home = mkdtempSync(join(tmpdir(), 'phiscan-package-'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', home];
  const packed = JSON.parse(run('npm', args, { cwd: root }).toString()) as readonly {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }[];
  const [{ filename, files } = { filename: '', files: [] }] = packed;
  const tarball = join(home, filename);
  const consumer = join(home, 'consumer');
  const modules = join(consumer, 'node_modules');
  mkdirSync(modules, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', modules]);
  run('mv', [join(modules, 'package'), join(modules, 'phiscan')]);
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) linkPackage(name, modules);
  const remove = (): void => {
    rmSync(home, { recursive: true, force: true });
  };
  return { tarball, files: files.map(({ path }) => path), consumer, remove };
}

/** A package of this project's, in another folder of packages. */
export function linkPackage(name: string, modules: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), join(modules, name));
}

/** Runs a program of this project's packages, or a script of the consumer's, with node; gives all that it printed. */
export function runNode(
  args: readonly string[],
  cwd: string,
): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}
