#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { exitCodes } from '../report/gate.ts';
import { debugLines, describeFault } from './fault.ts';
import { runProgram } from './program.ts';

// Node would print the message, which may quote what was being read, and exit with 1, which means findings.
process.on('uncaughtException', (error) => {
  const lines = [`phiscan: ${describeFault(error)}`, ...(process.env['PHISCAN_DEBUG'] ? debugLines(error) : [])];
  try {
    writeSync(process.stderr.fd, `${lines.join('\n')}\n`);
  } finally {
    process.exit(exitCodes.error);
  }
});

// Writing to a reader that has gone (`| head`) fails in the write's own callback; without these it would also be thrown.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const { stdout, stderr, env } = process;
const code = await runProgram(
  process.argv.slice(2),
  { stdout, stderr, stdinIsTerminal: process.stdin.isTTY, env },
  // Loaded late: `--version` and `--help` need no regex engine.
  () => import('../scan.ts'),
);
// Not by letting the event loop run dry: a socket or a worker that is still open must not turn into a hang.
process.exit(code);
