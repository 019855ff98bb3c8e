// `npm run build`: TypeScript into dist/, and then the two programs of it, the command line and the worker thread, each bundled
// with most of its packages: a start reads a few files instead of hundreds, which halves its time. `--clean` begins with an empty dist/.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './installed.js';
import { ASSETS, pageAssets } from './page-assets.js';

/** Packages that are no mere JavaScript, find files of their own, or are loaded only where they are needed. */
const EXTERNAL = ['re2', 'tinypool', 'dockerode', 'fast-glob', 'pdfjs-dist', 'sql.js', '@photostructure/sqlite'];

export async function build() {
  await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', root]);
  const builtIn = await builtInTables();
  writeFileSync(join(root, 'dist', 'src', 'detect', 'built-in.js'), builtIn);
  const assets = await pageAssets();
  writeFileSync(join(root, 'dist', 'src', 'report', 'html', 'assets.js'), assets);
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
    // For the places of faults; the sources themselves are not needed for these.
    sourcemap: 'linked',
    sourcesContent: false,
    // Less to read and parse; names stay, for the places of faults.
    minifyWhitespace: true,
    minifySyntax: true,
    external: EXTERNAL,
    // Packages in CommonJS require node's modules.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
    plugins: [
      {
        name: 'what the build prepares',
        setup({ onLoad }) {
          onLoad({ filter: /detect\/built-in\.ts$/ }, () => ({ contents: builtIn, loader: 'js' }));
          onLoad({ filter: ASSETS }, () => ({ contents: assets, loader: 'js' }));
        },
      },
    ],
    logLevel: 'warning',
  });
  writeFileSync(join(root, 'dist', 'package-lock.json'), publishedLock());
}

/** The lock file without what only the sources need. npm leaves the one beside package.json out of packages; the action needs it. */
function publishedLock() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  delete lock.packages[''].devDependencies;
  lock.packages = Object.fromEntries(Object.entries(lock.packages).filter(([, { dev = false }]) => !dev));
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

/** What takes some tenths of a second at every start, done once; see src/detect/built-in.ts. */
async function builtInTables() {
  const dist = pathToFileURL(`${join(root, 'dist')}/`);
  const { packedHints } = await import(new URL('src/detect/prepared-hints.js', dist));
  const { packedLabels } = await import(new URL('src/detect/label-table.js', dist));
  const { detectors } = await import(new URL('detectors/index.js', dist));
  const { markersOf } = await import(new URL('src/engine/engine.js', dist));
  const { packedRules } = await import(new URL('src/engine/ruleset.js', dist));
  const tables = {
    BUILT_IN_HINTS: packedHints(detectors, markersOf()),
    BUILT_IN_LABELS: packedLabels(detectors),
    BUILT_IN_RULES: packedRules(detectors),
  };
  return Object.entries(tables)
    .map(([name, packed]) => `export const ${name} = ${JSON.stringify(packed)};\n`)
    .join('');
}

if (process.argv[1] === import.meta.filename) {
  // For a package: what is left of sources that are gone must not be in it.
  if (process.argv.includes('--clean')) rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build();
}
