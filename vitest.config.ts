import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // All cores: the default leaves one idle, which of two is half, and much of the time is other programs'.
    maxWorkers: '100%',
    globalSetup: ['test/support/built.ts'],
    // Real engines and archives of some megabytes on a small, busy machine.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'detectors/**/*.ts'],
      // They run in child processes only, where coverage does not reach; test/cli/process.test.ts runs them.
      exclude: ['src/cli/main.ts', 'src/cli/process.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 94, functions: 92, branches: 87, statements: 92 },
    },
  },
});
