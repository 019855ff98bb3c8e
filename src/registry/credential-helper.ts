import { spawn } from 'node:child_process';
import { memberOf, parseJson, textOf } from '../image/json.ts';
import { remoteLimits } from '../remote-limits.ts';
import type { Credentials } from './credentials.ts';

/** What a helper has, by the protocol of docker-credential-helpers: `get`, the server on standard input, JSON on standard
 * output. Nothing of it is shown: helpers quote what they have. */
export async function askHelper(
  suffix: string,
  server: string,
  env: NodeJS.ProcessEnv,
  patienceMs: number = remoteLimits.helperMs,
): Promise<Credentials> {
  // A name, never a path: docker's file may come with a repository.
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(suffix)) return { trouble: 'the name of the credential helper is none' };
  const program = `docker-credential-${suffix}`;
  const { output, ended } = await run(program, server, env, patienceMs);
  if (ended !== 0) {
    // A helper that has nothing says so, and ends with an error (credentials.ErrCredentialsNotFound).
    return /credentials not found/i.test(output) ? {} : { trouble: `${program} ${failure(ended)}` };
  }
  const answer = parseJson(output);
  const [name, secret] = [textOf(memberOf(answer, 'Username')), textOf(memberOf(answer, 'Secret'))];
  if (secret === '') return { trouble: `${program} gave no secret` };
  return name === '<token>' ? { identityToken: secret } : { user: { name, password: secret } };
}

function failure(ended: number | string): string {
  return typeof ended === 'number' ? `ended with ${ended}` : `did not run (${ended})`;
}

interface Ended {
  readonly output: string;
  /** Exit code, or the name of what went wrong. */
  readonly ended: number | string;
}

function run(program: string, input: string, env: NodeJS.ProcessEnv, patienceMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (ended: number | string): void => {
      clearTimeout(late);
      resolve({ output: typeof ended === 'number' ? Buffer.concat(chunks).toString() : '', ended });
    };
    // What it has started itself may live on, and keep its output open: nobody waits for that.
    const giveUp = (why: string): void => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      settle(why);
    };
    const late = setTimeout(giveUp, patienceMs, 'no answer in time');
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > remoteLimits.helperBytes) giveUp('too long an answer');
      else chunks.push(chunk);
    });
    child.once('error', (error) => {
      settle('code' in error ? String(error.code) : 'error');
    });
    child.once('close', (code) => {
      settle(code ?? 'killed');
    });
    // One that does not read its input has an answer all the same.
    child.stdin.on('error', () => undefined).end(input);
  });
}
