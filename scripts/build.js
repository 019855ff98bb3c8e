// `npm run build`: TypeScript into dist/, and then the two programs of it, the command line and the worker thread, each bundled
// with most of its packages: a start reads a few files instead of hundreds, which halves its time.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './installed.js';

/** Packages that are no mere JavaScript, find files of their own, or are loaded only where they are needed. */
const EXTERNAL = ['re2', 'tinypool', 'dockerode', 'fast-glob', 'pdfjs-dist', 'sql.js'];

export async function build() {
  await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', root]);
  const { build: bundle } = await import('esbuild');
  rmSync(join(root, 'dist', 'src', 'chunks'), { recursive: true, force: true });
  await bundle({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', 'src/scan/worker.ts'],
    outbase: 'src',
    outdir: 'dist/src',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    external: EXTERNAL,
    // Packages in CommonJS require node's modules.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

if (process.argv[1] === import.meta.filename) await build();
