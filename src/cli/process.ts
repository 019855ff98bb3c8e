import { writeSync } from 'node:fs';
import { exitCodes, type ExitCode } from '../report/gate.ts';
import { endWithDocker, PLUGIN_WORD, pluginCall } from './before-push/docker-plugin.ts';
import { debugLines, describeFault } from './fault.ts';
import { writeText } from './output.ts';
import { runProgram } from './program.ts';
import type { LoadScans } from './scan-command.ts';
import type { ProcessStreams } from './streams.ts';

/** Runs the command line of this process to its exit. */
export async function runProcess(loadScans: LoadScans): Promise<never> {
  const { stdout, stderr, stdin, env } = process;
  // The places of a fault are then those of the sources, not of the bundles.
  if (env['PHISCAN_DEBUG']) process.setSourceMapsEnabled(true);
  // Node would print the message, which may quote what was being read, and exit with 1, which means findings.
  process.on('uncaughtException', (error) => {
    const lines = [`phiscan: ${describeFault(error)}`, ...(env['PHISCAN_DEBUG'] ? debugLines(error) : [])];
    try {
      writeSync(stderr.fd, `${lines.join('\n')}\n`);
    } finally {
      process.exit(exitCodes.error);
    }
  });
  // A write to a reader that has gone (`| head`) fails in its own callback; without a listener it would also be thrown.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);

  const code = await runWords(process.argv.slice(2), { stdin, stdout, stderr, env }, loadScans);
  // Not by letting the event loop run dry: a socket or a worker that is still open must not turn into a hang.
  process.exit(code);
}

async function runWords(words: readonly string[], streams: ProcessStreams, loadScans: LoadScans): Promise<ExitCode> {
  if (words[0] !== PLUGIN_WORD) return await runProgram(words, streams, loadScans);
  const { env, stdout, stderr } = streams;
  try {
    const call = pluginCall(words.slice(1));
    if (call.metadata !== undefined) {
      await writeText(stdout, call.metadata);
      return exitCodes.clean;
    }
    for (const [name, value] of Object.entries(call.env)) {
      if (value === undefined) Reflect.deleteProperty(env, name);
      else env[name] = value;
    }
    endWithDocker(env);
    return await runProgram(call.argv, streams, loadScans, { isBelowDocker: true });
  } catch (error) {
    stderr.write(`phiscan: ${describeFault(error)}\n`);
    return exitCodes.error;
  }
}
