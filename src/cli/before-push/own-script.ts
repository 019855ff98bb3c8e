/** Scripts that phiscan puts where other programs look for them: they run this phiscan with this node. */
import { chmod, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ScanError } from '../../errors.ts';
import { errorCode } from '../output.ts';

/** The second line of each of them. */
const MARK = '# Written by phiscan install';

/** `words`: after the program's own, as sh has them. */
export async function scriptOf(lines: (program: string) => readonly string[]): Promise<string> {
  const main = await realpath(process.argv[1] ?? '');
  // npx removes what it has run.
  if (/[\\/]_npx[\\/]/.test(main)) {
    throw new ScanError(
      'usage',
      `phiscan is run from a cache (${main}). Install it first: npm install --global phiscan`,
    );
  }
  return ['#!/bin/sh', MARK, ...lines(`${quoted(process.execPath)} ${quoted(main)}`), ''].join('\n');
}

/** As one word of sh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whose script is there. */
export async function ownerOf(file: string): Promise<'nobody' | 'phiscan' | 'another'> {
  try {
    return (await readFile(file, 'latin1')).split('\n')[1]?.startsWith(MARK) === true ? 'phiscan' : 'another';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'nobody';
    throw unwritable(file, error);
  }
}

export async function writeScript(file: string, script: string): Promise<void> {
  const written = `${file}.phiscan-tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(written, script);
    await chmod(written, 0o755);
    await rename(written, file);
  } catch (error) {
    await rm(written, { force: true });
    throw unwritable(file, error);
  }
}

/** Puts another's script aside, or back. */
export async function moveScript(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    throw unwritable(from, error);
  }
}

export async function removeScript(file: string): Promise<void> {
  try {
    await rm(file);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, cause: unknown): ScanError {
  const code = errorCode(cause);
  return new ScanError(
    'output',
    `a script cannot be written (${file}: ${code}). Check the folder, and its permissions`,
    {
      cause,
    },
  );
}
