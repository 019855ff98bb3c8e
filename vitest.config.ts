import { configDefaults, defineConfig } from 'vitest/config';
import { ASSETS, pageAssets } from './scripts/page-assets.js';

/** Those that take half a minute each: whole distributions, engines, registries. `npm run test:slow` runs them. */
const SLOW = 'test/**/*.slow.test.ts';

export default defineConfig(({ mode }) => ({
  plugins: [{ name: 'page assets', enforce: 'pre', load: (id) => (ASSETS.test(id) ? pageAssets() : undefined) }],
  test: {
    include: [mode === 'slow' ? SLOW : 'test/**/*.test.ts'],
    exclude: mode === 'slow' ? configDefaults.exclude : [...configDefaults.exclude, SLOW],
    // All cores: the default leaves one idle, which of two is half, and much of the time is other programs'.
    maxWorkers: '100%',
    globalSetup: ['test/support/built.ts'],
    // Real engines and archives of some megabytes on a small, busy machine.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'detectors/**/*.ts'],
      // They run in child processes and in a browser only, where coverage does not reach; test/cli/process.test.ts and
      // test/report/html-page.slow.test.ts run them.
      exclude: ['src/cli/main.ts', 'src/cli/process.ts', 'src/report/html/browser/**'],
      reporter: ['text-summary', 'json-summary'],
      // Commands that tests start as programs of their own, and slow tests, do not count.
      thresholds: { lines: 94, functions: 92, branches: 87, statements: 92 },
    },
  },
}));
