import type { Command } from '../../src/cli/commander.ts';
import { declareProgram } from '../../src/cli/program.ts';
import { keptStreams } from './streams.ts';

/** All commands as they are declared, none of which is run. */
export function declaredProgram(): Command {
  return declareProgram({
    streams: keptStreams(),
    loadScans: () => Promise.reject(new Error('nothing is scanned')),
    end: () => undefined,
    passedOn: [],
  });
}
