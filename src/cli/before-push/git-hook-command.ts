import { text } from 'node:stream/consumers';
import { ScanError } from '../../errors.ts';
import { exitCodes, type ExitCode } from '../../report/gate.ts';
import { type GitBlob, gitFiles, pushedBlobs, type PushedRef, stagedBlobs, workingTree } from '../../source/git.ts';
import type { GitHook } from '../options/option-values.ts';
import { runScans, type ScanRequest, type Scans } from '../scan-command.ts';
import type { Streams } from '../streams.ts';

/** Scans what is about to be committed or pushed, as Git has it: a commit takes the index, not the working tree. */
export async function runGitHook(
  hook: GitHook,
  remote: string | undefined,
  request: ScanRequest,
  scans: Scans,
  streams: Streams,
): Promise<ExitCode> {
  // Git runs a hook there; whoever calls it by hand may be below.
  process.chdir(await workingTree());
  const blobs = hook === 'pre-commit' ? await stagedBlobs() : await toBePushed(remote ?? '', streams);
  if (blobs.length === 0) return exitCodes.clean;
  const name = hook === 'pre-commit' ? 'staged files' : 'files to be pushed';
  const code = await runScans(request, streams, (options) => [
    {
      reference: name,
      run: () =>
        scans.scanFiles([name], {
          ...options,
          jobs: request.jobs,
          dockerignore: false,
          listed: (onGap) => gitFiles(blobs, onGap),
        }),
    },
  ]);
  if (code !== exitCodes.clean) {
    const what = hook === 'pre-commit' ? 'not committed' : 'not pushed';
    streams.stderr.write(`phiscan: ${what} (${hook} hook). See the report; git's --no-verify leaves the hook out\n`);
  }
  return code;
}

/** githooks(5), pre-push: `<local ref> <local object> <remote ref> <remote object>` on each line. */
async function toBePushed(remote: string, { stdin }: Streams): Promise<readonly GitBlob[]> {
  if (stdin.isTTY === true) {
    throw new ScanError(
      'usage',
      'git tells this hook on standard input what it pushes. Use git-hook pre-commit by hand',
    );
  }
  const refs: PushedRef[] = [];
  for (const line of (await text(stdin)).split('\n')) {
    const [, local, sent, , has] = /^(\S+) ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})$/.exec(line) ?? [];
    if (local !== undefined && sent !== undefined && has !== undefined) refs.push({ local: sent, remote: has });
    else if (line !== '')
      throw new ScanError('usage', 'standard input is not that of pre-push (githooks). See git help githooks');
  }
  return await pushedBlobs(refs, remote);
}
