import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';
import type { Ignore } from '@balena/dockerignore';
import { limits } from '../limits.ts';
import { ScanError } from '../errors.ts';
import { readFailure } from './range.ts';

/** What a build of one folder leaves out of its context. */
export interface BuildIgnore {
  /** The path is below the folder, separated by `/`. */
  readonly ignores: (path: string) => boolean;
  /** True when nothing below this folder can be in the context, so that it need not be listed. */
  readonly prunes: (folder: string) => boolean;
}

const SUFFIX = '.dockerignore';

/**
 * The rules of `.dockerignore`, and of `<Dockerfile>.dockerignore` for every Dockerfile that has one. Which of them a
 * build takes depends on its Dockerfile and its builder, so a path is left out only where all of them leave it out. The
 * files that steer the build are never left out: they go to the builder whatever the rules say. Undefined when the
 * folder has no rules.
 */
export function readBuildIgnore(folder: string): BuildIgnore | undefined {
  const files = ignoreFiles(folder);
  if (files.length === 0) return undefined;
  const rules = files.map((name) => new IgnoreRules(join(folder, name)));
  const always = new Set(files.flatMap((name) => [name, name.slice(0, -SUFFIX.length)]).concat('Dockerfile', SUFFIX));
  return {
    ignores: (path) => !always.has(path) && rules.every((each) => each.ignores(path)),
    // Below an ignored folder an exception may bring a path back.
    prunes: (path) => rules.every((each) => !each.hasExceptions && each.ignores(path)),
  };
}

function ignoreFiles(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(SUFFIX));
  return names.filter((name) => name === SUFFIX || existsSync(join(folder, name.slice(0, -SUFFIX.length)))).sort();
}

class IgnoreRules {
  readonly hasExceptions: boolean;
  #matcher: Ignore;
  #asked = 0;

  constructor(file: string) {
    const lines = readLines(file);
    this.hasExceptions = lines.some((line) => line.trim().startsWith('!'));
    this.#matcher = emptyMatcher().add(lines.map(toLibraryPattern));
    this.#compileNow(file);
  }

  ignores(path: string): boolean {
    this.#asked += 1;
    // The library remembers every path it was asked about, and offers no way to forget: a copy of the rules starts anew.
    if (this.#asked % limits.ignoredPaths === 0) this.#matcher = emptyMatcher().add(this.#matcher);
    return this.#matcher.ignores(path);
  }

  /** The library compiles a pattern when it first meets a path; one that is wrong must fail before the scan. */
  #compileNow(file: string): void {
    try {
      this.#matcher.ignores('a');
    } catch (error) {
      throw new ScanError('usage', `a pattern in ${file} is not valid: correct it, docker build refuses it too`, {
        cause: error,
      });
    }
  }
}

/** Docker's rules are case-sensitive; the library's default is not. */
function emptyMatcher(): Ignore {
  return dockerignore.default({ ignorecase: false });
}

function readLines(file: string): string[] {
  try {
    // Reading a pipe of that name would wait for ever.
    if (!statSync(file).isFile()) return [];
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
  } catch (error) {
    throw new ScanError(
      'denied',
      `the ignore file ${file} cannot be read (${readFailure(error)}): make it readable, or leave --dockerignore out`,
      { cause: error },
    );
  }
}

/**
 * What docker makes of a line, for the library: these characters are themselves (moby/patternmatcher), where the library
 * would hand them to its RegExp; a backslash and a letter is a class or a control character, so that `folder\\file`, as
 * written on Windows, fits no file name; a run of `**` is one, and as a RegExp would take time without end.
 */
function toLibraryPattern(line: string): string {
  return line
    .replace(/\\(.)|[+()|{}]/g, (part, escaped: string | undefined) => {
      if (escaped === undefined) return `\\${part}`;
      return /[a-z0-9]/i.test(escaped) && !/[dws]/i.test(escaped) ? '\0' : part;
    })
    .replace(/(?:\*\*\/){2,}/g, '**/');
}
