import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { readConfig } from '../../src/config/phiscan-yaml.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { checkNames, checkSentence } from '../../src/detect/named-checks.ts';

const root = join(import.meta.dirname, '../..');
const { detectorsPage, example } = (await import(join(root, 'scripts/detectors-page.js'))) as {
  readonly detectorsPage: (
    detectors: readonly Detector[],
    checks: readonly (readonly [string, string | undefined])[],
  ) => string;
  readonly example: string;
};

it('docs/detectors.md is what npm run docs writes', () => {
  const checks = checkNames.map((name) => [name, checkSentence(name)] as const);
  expect(readFileSync(join(root, 'docs/detectors.md'), 'utf8')).toBe(detectorsPage(detectors, checks));
});

it('its example of phiscan.yaml is right', () => {
  const { customDetectors, faults } = readConfig(example);
  expect(faults).toEqual([]);
  expect(customDetectors).toHaveLength(1);
});
