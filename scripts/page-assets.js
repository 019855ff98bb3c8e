// Script and style of the HTML report as one module of texts: what `npm run build` and the tests put in place of
// src/report/html/assets.ts.
import { join } from 'node:path';
import { root } from './installed.js';

const folder = join(root, 'src', 'report', 'html');

export async function pageAssets() {
  const { build } = await import('esbuild');
  const bundled = async (entry) => {
    const { outputFiles } = await build({
      entryPoints: [join(folder, entry)],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      logLevel: 'warning',
    });
    return outputFiles[0].text.trim();
  };
  const texts = { PAGE_SCRIPT: await bundled('browser/page.ts'), PAGE_STYLE: await bundled('style/page.css') };
  return Object.entries(texts)
    .map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};\n`)
    .join('');
}

/** Whether a module is the one that the texts take the place of. */
export const ASSETS = /report\/html\/assets\.ts$/;
