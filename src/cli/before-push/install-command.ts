import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ScanError } from '../../errors.ts';
import { exitCodes, type ExitCode } from '../../report/gate.ts';
import { hookPath, workingTree } from '../../source/git.ts';
import { PLUGIN_WORD } from './docker-plugin.ts';
import { echo, loadMask } from '../echo.ts';
import type { GitHook } from '../options/option-values.ts';
import { writeText } from '../output.ts';
import { moveScript, ownerOf, quoted, removeScript, scriptOf, writeScript } from './own-script.ts';
import type { Streams } from '../streams.ts';

/** The options of `phiscan install docker`. */
export interface InstallRequest {
  readonly uninstall: boolean;
  readonly force: boolean;
}

/** The options of `phiscan install git-hook`. */
export interface InstallHookRequest extends InstallRequest {
  readonly hook: GitHook;
}

/** Makes phiscan a plugin of this user's docker, or takes it back. */
export async function installDocker({ uninstall, force }: InstallRequest, streams: Streams): Promise<ExitCode> {
  if (process.platform === 'win32') {
    throw new ScanError(
      'usage',
      "Docker's plugins on Windows are .exe files. Use phiscan itself, or phiscan within WSL",
    );
  }
  const { env } = streams;
  const file = join(env['DOCKER_CONFIG'] || join(env['HOME'] ?? homedir(), '.docker'), 'cli-plugins', 'docker-phiscan');
  const owner = await ownerOf(file);
  if (owner === 'another' && !force) {
    throw new ScanError('usage', `there is another plugin already (${file}). Look at it; --force replaces it`);
  }
  if (uninstall) {
    if (owner === 'nobody') return await say(`nothing was installed (${file})`, streams);
    await removeScript(file);
    return await say(`docker phiscan is removed (${file})`, streams);
  }
  await writeScript(file, await scriptOf((program) => [`exec ${program} ${PLUGIN_WORD} "$@"`]));
  return await say(`docker phiscan is installed (${file}). Try: docker phiscan --help`, streams);
}

/** Where another's hook is kept, beside phiscan's own, which runs it first. */
const KEPT = '.before-phiscan';

/** Makes Git run phiscan before each commit or push of this repository, or takes it back. */
export async function installGitHook(request: InstallHookRequest, streams: Streams): Promise<ExitCode> {
  const { hook, uninstall, force } = request;
  const top = await workingTree();
  const file = resolve(top, await hookPath(hook, top));
  const kept = `${file}${KEPT}`;
  const owner = await ownerOf(file);
  if (uninstall) {
    if (owner !== 'phiscan') return await say(`no ${hook} hook of phiscan is there (${file})`, streams);
    await removeScript(file);
    if (!existsSync(kept)) return await say(`the ${hook} hook is removed (${file})`, streams);
    await moveScript(kept, file);
    return await say(`the ${hook} hook of phiscan is removed, and the one before it is back (${file})`, streams);
  }
  if (owner === 'another') {
    if (!force) {
      throw new ScanError(
        'usage',
        `there is a ${hook} hook already (${file}). Add a line to it: phiscan git-hook ${hook} "$@" || exit; or give --force: it is kept and runs first`,
      );
    }
    // Of an installation before, after which the other program put its own hook there again.
    if (existsSync(kept)) {
      throw new ScanError(
        'usage',
        `a hook is kept already (${kept}). Look at both, and remove the one that is out of date`,
      );
    }
    await moveScript(file, kept);
  }
  await writeScript(file, await scriptOf((program) => hookLines(hook, program, existsSync(kept) ? kept : undefined)));
  return await say(`the ${hook} hook is installed (${file})`, streams);
}

/** pre-push has lines on its standard input, which both hooks read. */
function hookLines(hook: GitHook, program: string, kept: string | undefined): readonly string[] {
  const own = `exec ${program} git-hook ${hook} "$@"`;
  if (kept === undefined) return [own];
  if (hook === 'pre-commit') return [`${quoted(kept)} "$@" || exit`, own];
  const input = `printf '%s\\n' "$refs"`;
  return ['refs=$(cat)', `${input} | ${quoted(kept)} "$@" || exit`, `${input} | ${own.replace(/^exec /, '')}`];
}

async function say(text: string, { stdout }: Streams): Promise<ExitCode> {
  await writeText(stdout, `${echo(text, await loadMask([]))}\n`);
  return exitCodes.clean;
}
