// `npm run wasm`: compiles scripts/wasm/prefilter.ts into src/detect/prefilter/prefilter-wasm.ts, which is kept in the repository: a test
// holds the two together.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePrefilter, prefilterModule } from './wasm/compile.js';
import { root } from './installed.js';

writeFileSync(
  join(root, 'src', 'detect', 'prefilter', 'prefilter-wasm.ts'),
  prefilterModule(await compilePrefilter(root)),
);
