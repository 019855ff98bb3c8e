#!/usr/bin/env node
import { runProcess } from './process.ts';

// Loaded late: `--version` and `--help` need no regex engine.
await runProcess(() => import('../scan.ts'));
