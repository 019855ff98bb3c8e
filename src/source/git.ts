/** Files of a Git repository as a commit has them: from its objects, whatever stands in the working tree. */
import { spawn } from 'node:child_process';
import { ScanError } from '../errors.ts';
import type { EntryGap } from '../finding.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { FileObject } from './files.ts';

/** Content that a commit has under a path. */
export interface GitBlob {
  /** From the top of the working tree; bytes that are no UTF-8 are shown as U+FFFD. */
  readonly path: string;
  /** Object name, in hexadecimal. */
  readonly object: string;
}

/** A line of the standard input of pre-push (githooks(5)): what is sent, and what the remote has. */
export interface PushedRef {
  readonly local: string;
  readonly remote: string;
}

const NOTHING = /^0+$/;
/** A push sends the objects themselves, whatever stands for them here (git-replace(1)). */
const ITSELF = '--no-replace-objects';
/** Content that is there afterwards: added, copied, modified, of another type. */
const AFTERWARDS = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--diff-filter=ACMT',
];

/** What the next commit adds or changes. Throws ScanError. */
export async function stagedBlobs(): Promise<readonly GitBlob[]> {
  return blobsIn(await git(['diff', '--cached', ...AFTERWARDS]));
}

/** What the commits that are about to be pushed add or change, each version once. `remote`: its name, or its address. Throws ScanError. */
export async function pushedBlobs(refs: readonly PushedRef[], remote: string): Promise<readonly GitBlob[]> {
  const sent = refs.filter(({ local }) => !NOTHING.test(local));
  if (sent.length === 0) return [];
  const there: string[] = [];
  for (const { local, remote: has } of sent) {
    // Such as a tag of a file: git log says nothing of it.
    if (!(await isCommit(local))) {
      throw new ScanError('usage', `what is pushed is no commit (${local}). Look at it: git cat-file -p ${local}`);
    }
    if (!NOTHING.test(has) && (await isCommit(has))) there.push(has);
  }
  // Of this remote: another one may have what this one must not get. Of an address nothing is known.
  const known = remote === '' ? [] : [`--remotes=${remote}`];
  const commits = [...sent.map(({ local }) => local), '--not', ...known, ...there];
  // Of a merge, what it brings in over its first parent. A setting of Git's may put signatures between the records.
  const each = ['--format=', '--no-show-signature', '--root', '--diff-merges=first-parent'];
  return blobsIn(await git(['log', ...each, ...AFTERWARDS, ...commits, '--']));
}

/** False for an object that is not here, too: the remote may be ahead of what was fetched. */
async function isCommit(commit: string): Promise<boolean> {
  return await git(['cat-file', '-e', `${commit}^{commit}`]).then(
    () => true,
    () => false,
  );
}

/** git-diff(1), "Raw output format": `:<mode> <mode> <object> <object> <status>`, then the path, each ended by NUL. */
function blobsIn(raw: Buffer): readonly GitBlob[] {
  const blobs = new Map<string, GitBlob>();
  const words = raw.toString().split('\0').values();
  for (const word of words) {
    const header = word.trimStart();
    if (header === '') continue;
    const [, mode, object = ''] = /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]{40,64}) [ACMT]\d*$/.exec(header) ?? [];
    const path = words.next().value;
    // What is left out here would not be read.
    if (mode === undefined || path === undefined) throw new ScanError('internal', 'an unknown record of git');
    // A submodule is a commit of another repository.
    if (mode !== '160000') blobs.set(`${object} ${path}`, { path, object });
  }
  return [...blobs.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Their bytes, one after the other, each to be read before the next is asked for. */
export async function* gitFiles(
  blobs: readonly GitBlob[],
  onGap: (gap: EntryGap) => void,
): AsyncGenerator<FileObject, void, undefined> {
  const child = spawn('git', [ITSELF, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
  // It may end before it has read all of the names: what is missing then is a gap.
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  const objects = new BatchOutput(child.stdout);
  try {
    for (const { path, object } of blobs) {
      child.stdin.write(`${object}\n`);
      // `<object> blob <size>`, or `<object> missing`.
      const size = Number(/ blob (\d+)$/.exec((await objects.line()) ?? '')?.[1] ?? NaN);
      if (Number.isNaN(size)) {
        onGap({ reason: 'unreadable', path, detail: 'git does not have its content' });
        continue;
      }
      const onCut = (): void => {
        onGap({ reason: 'truncated', path, detail: 'git ended before its content did' });
      };
      yield { path, type: 'file', size, bytes: { kind: 'stream', chunks: objects.take(size, onCut) } };
      await objects.skipRest();
    }
  } finally {
    child.stdin.end();
    child.kill();
  }
}

/** What `git cat-file --batch` writes: a line, so many bytes, a newline. */
class BatchOutput {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  /** Of the object that is being read, its newline included. */
  #left = 0;

  constructor(stdout: AsyncIterable<Buffer>) {
    this.#chunks = stdout[Symbol.asyncIterator]();
  }

  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#held.indexOf('\n');
      if (end !== -1) {
        const line = this.#held.toString('latin1', 0, end);
        this.#held = this.#held.subarray(end + 1);
        return line;
      }
      const more = await this.#chunks.next();
      if (more.done === true) return undefined;
      this.#held = Buffer.concat([this.#held, more.value]);
    }
  }

  /** Counted from here on, for an object that nobody begins to read must be skipped, too. */
  take(size: number, onCut: () => void): Chunks {
    this.#left = size + 1;
    return this.#object(onCut);
  }

  async *#object(onCut: () => void): Chunks {
    while (this.#left > 1) {
      if (this.#held.length === 0 && !(await this.#fill())) {
        onCut();
        return;
      }
      const chunk = this.#held.subarray(0, this.#left - 1);
      this.#held = this.#held.subarray(chunk.length);
      this.#left -= chunk.length;
      if (chunk.length > 0) yield chunk;
    }
  }

  /** Of an object that nobody has read to its end. */
  async skipRest(): Promise<void> {
    while (this.#left > 0) {
      if (this.#held.length === 0 && !(await this.#fill())) return;
      const skipped = Math.min(this.#held.length, this.#left);
      this.#held = this.#held.subarray(skipped);
      this.#left -= skipped;
    }
  }

  async #fill(): Promise<boolean> {
    const more = await this.#chunks.next();
    if (more.done === true) return false;
    this.#held = more.value;
    return true;
  }
}

/** Top of the working tree of this folder. Throws ScanError where there is none. */
export async function workingTree(): Promise<string> {
  return lineOf(await git(['rev-parse', '--show-toplevel']));
}

/** Where Git looks for a hook, from the top of the working tree: core.hooksPath, or the folder that all working trees share. */
export async function hookPath(hook: string, top: string): Promise<string> {
  return lineOf(await git(['rev-parse', '--git-path', `hooks/${hook}`], top));
}

function lineOf(answer: Buffer): string {
  return answer.toString().replace(/\r?\n$/, '');
}

async function git(args: readonly string[], cwd?: string): Promise<Buffer> {
  const child = spawn('git', [ITSELF, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  let code: number | null;
  try {
    code = await ended;
  } catch (cause) {
    throw new ScanError('not-found', 'git cannot be run (PATH). Install Git', { cause });
  }
  if (code === 0) return Buffer.concat(chunks);
  throw new ScanError(
    'not-found',
    `git ${args[0] ?? ''} failed (${process.cwd()}). Run it in the working tree of a repository`,
  );
}
