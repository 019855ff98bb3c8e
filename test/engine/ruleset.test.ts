import { describe, expect, test } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import type { Detector } from '../../src/detect/detector.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { packedRules, rulesetOf } from '../../src/engine/ruleset.ts';
import { phiscanReport } from '../support/scans.ts';

describe('the ruleset', () => {
  const [first, ...rest] = detectors;
  if (first === undefined) throw new Error('no detectors');

  test.each<[string, Detector]>([
    ['a label', { ...first, labels: { ...first.labels, weak: [...first.labels.weak, 'kelp'] } }],
    ['a shape', { ...first, shape: `${first.shape}x` }],
    ['a severity', { ...first, severity: { labelled: 'info' } }],
    ['code', { ...first, check: () => 'none' }],
  ])('is another for another %s', (_, changed) => {
    expect(rulesetOf([changed, ...rest])).not.toBe(rulesetOf(detectors));
  });

  test('has a line of each detector, which the build prepares', async () => {
    const lines = packedRules(detectors).split('\n');
    expect(new Set(lines).size).toBe(detectors.length);
    expect(packedRules(rest).split('\n')).toEqual(lines.slice(1));
    const built = (await import(new URL('../../dist/src/detect/built-in.js', import.meta.url).href)) as {
      BUILT_IN_RULES: string;
    };
    expect(built.BUILT_IN_RULES.split('\n')).toHaveLength(detectors.length);
  });

  test('is the same for other examples', () => {
    expect(rulesetOf([{ ...first, examples: () => [] }, ...rest])).toBe(rulesetOf(detectors));
  });

  test('is the same in the command line and in the library', async () => {
    const built = new URL('../../dist/src/engine/engine.js', import.meta.url).href;
    const { Engine: Library } = (await import(built)) as { Engine: typeof Engine };
    const { report } = await phiscanReport(['files', 'package.json'], {});
    expect(report.tool.ruleset).toBe(new Library().ruleset);
  });
});
