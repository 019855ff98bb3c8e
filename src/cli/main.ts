#!/usr/bin/env node
import { spareTheCompiler } from './compiler.ts';
import { runProcess } from './process.ts';

spareTheCompiler();
// Loaded late: `--version` and `--help` need no regex engine.
await runProcess(async (jobs) => {
  if (jobs !== undefined) {
    const { startThreadsEarly } = await import('../scan/threads.ts');
    startThreadsEarly(jobs);
  }
  return await import('../scan.ts');
});
