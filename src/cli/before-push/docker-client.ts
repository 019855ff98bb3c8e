/** The docker command of this machine. */
import { spawn } from 'node:child_process';
import { ScanError } from '../../errors.ts';

/** Which docker is run: that which runs phiscan as its plugin, or the one in the PATH. */
function dockerCommand(env: NodeJS.ProcessEnv): string {
  return env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'] || 'docker';
}

/** A docker that phiscan runs is nobody's plugin. */
function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DOCKER_CLI_PLUGIN_')));
}

/**
 * Runs docker with the streams of this process to its exit code; 128 and more: it was ended by a signal. `stdout`: the file
 * descriptor that it prints to. Throws ScanError (`not-found`) where there is none.
 */
export async function runDocker(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdout: 1 | 2 | 'ignore',
): Promise<number> {
  const child = spawn(dockerCommand(env), args, {
    env: ownEnvironment(env),
    stdio: ['inherit', stdout, stdout === 'ignore' ? 'ignore' : 'inherit'],
  });
  // It ends in its own way, and phiscan after it.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => {
        resolve(code ?? 128);
      });
    });
  } catch (cause) {
    throw new ScanError(
      'not-found',
      `docker cannot be run (${dockerCommand(env)}). Install Docker's command line client, or put it into the PATH`,
      { cause },
    );
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}
