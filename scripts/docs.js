// `npm run docs`: writes docs/detectors.md from the detectors. A test fails when the file is stale.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.js';
import { detectorsPage } from './detectors-page.js';
import { ensureInstalled, root } from './installed.js';

await ensureInstalled();
await build();
const { detectors } = await import(join(root, 'dist', 'detectors', 'index.js'));
const { checkNames, checkSentence } = await import(join(root, 'dist', 'src', 'detect', 'named-checks.js'));
const checks = checkNames.map((name) => [name, checkSentence(name)]);
writeFileSync(join(root, 'docs', 'detectors.md'), detectorsPage(detectors, checks));
