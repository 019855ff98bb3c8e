// `npm run docs`: writes docs/detectors.md from the detectors and docs/phiscan.schema.json from what the reader of phiscan.yaml
// knows. Tests fail when the files are stale.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { build } from './build.js';
import { configSchema } from './config-schema.js';
import { detectorsPage } from './detectors-page.js';
import { ensureInstalled, root } from './installed.js';

await ensureInstalled();
await build();
const built = (path) => import(join(root, 'dist', path));
const { detectors } = await built('detectors/index.js');
const { checkNames, checkSentence } = await built('src/detect/named-checks.js');
const checks = checkNames.map((name) => [name, checkSentence(name)]);
writeFileSync(join(root, 'docs', 'detectors.md'), detectorsPage(detectors, checks));

const { identifiers } = await built('src/config/safe-harbor.js');
const { limitRows } = await built('src/config/limit-keys.js');
const { FORMATS } = await built('src/report/format.js');
const { SEVERITIES } = await built('src/finding.js');
const schema = configSchema({
  identifiers,
  detectors: detectors.map(({ id }) => id),
  checks: checkNames,
  formats: FORMATS,
  severities: SEVERITIES,
  limits: limitRows,
});
const style = await prettier.resolveConfig(join(root, 'docs', 'phiscan.schema.json'));
const text = await prettier.format(JSON.stringify(schema, undefined, 2), { ...style, parser: 'json' });
writeFileSync(join(root, 'docs', 'phiscan.schema.json'), text);
