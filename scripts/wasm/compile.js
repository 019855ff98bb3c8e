import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const SOURCE = 'scripts/wasm/prefilter.ts';
const OPTIONS = [
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--importMemory',
  '--noExportMemory',
  '--noAssert',
  '-O3',
  '--converge',
];

/** The module as WebAssembly. */
export async function compilePrefilter(root) {
  const source = readFileSync(join(root, SOURCE), 'utf8');
  let wasm;
  const { error, stderr } = await asc.main(['prefilter.ts', '--outFile', 'prefilter.wasm', ...OPTIONS], {
    readFile: (name) => (name === 'prefilter.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'prefilter.wasm') wasm = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${SOURCE} does not compile: ${stderr.toString()}`);
  return wasm;
}

/** The source text of the module that holds it. */
export function prefilterModule(wasm) {
  return `/** WebAssembly, in base64: scripts/wasm/prefilter.ts as \`npm run wasm\` compiles it. Not written by hand. */
export const PREFILTER_WASM: string =
  '${wasm.toString('base64')}';
`;
}
