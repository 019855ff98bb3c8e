// `npm test`: installs where needed, builds, runs the tests. Arguments go to vitest: `npm test -- --coverage`.
import { join } from 'node:path';
import { build } from './build.js';
import { ensureInstalled, root, run } from './installed.js';

await ensureInstalled();
await build();
await run(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]);
