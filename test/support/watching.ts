import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Finding, Gap } from '../../src/finding.ts';
import type { EventName } from '../../src/event-line.ts';

const root = join(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'docs/event-line.schema.json'), 'utf8')) as object;
const isValid = new Ajv2020().compile(schema);

/** A line of `phiscan ecs watch`. */
export interface WatchLine {
  readonly event: EventName;
  readonly finding?: Finding;
  readonly remedies?: Readonly<Record<string, string>>;
  readonly gap?: Gap;
}

/** The lines, each valid by docs/event-line.schema.json. */
export function linesOf(text: string): readonly WatchLine[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = JSON.parse(line) as WatchLine;
      if (!isValid(parsed)) throw new Error(JSON.stringify(isValid.errors));
      return parsed;
    });
}

/** `ssn cluster/default/task/3f0c8a detail.stoppedReason`, `corrupt line 3`. */
export function shownLines(lines: readonly Pick<WatchLine, 'finding' | 'gap'>[]): readonly string[] {
  return lines.map(({ finding, gap }) => {
    const { path = '', pointer = '' } = finding?.location ?? gap?.location ?? {};
    return [finding?.identifiers?.join('+') ?? finding?.detector ?? gap?.reason, path, pointer]
      .filter(Boolean)
      .join(' ');
  });
}

export interface Watcher {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly complained: () => string;
  /** Resolves when so many lines were printed; throws when it ends before. */
  readonly untilLines: (count: number) => Promise<void>;
  readonly ended: Promise<number | null>;
}

/** The built command, left running: the caller ends it. */
export function watcher(args: readonly string[], env: NodeJS.ProcessEnv = {}): Watcher {
  const child = spawn(process.execPath, [join(root, 'dist/src/cli/main.js'), 'ecs', 'watch', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let hasEnded = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      hasEnded = true;
      resolve(code);
    });
  });
  return {
    child,
    printed: () => stdout,
    complained: () => stderr,
    ended,
    untilLines: async (count) => {
      while (stdout.split('\n').length <= count) {
        if (hasEnded) throw new Error(`it ended: ${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}
