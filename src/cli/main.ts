#!/usr/bin/env node
import { spareTheCompiler } from './compiler.ts';
import { runProcess } from './process.ts';

spareTheCompiler();
// Loaded late: `--version` and `--help` need no regex engine.
await runProcess(() => import('../scan.ts'));
