import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { Automaton } from '../../src/detect/automaton.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { type HintSearch, type HintSpan, JointSearch } from '../../src/detect/hint-search.ts';

const [model] = detectors;
if (model === undefined) throw new Error('no detectors');
const own: Detector = {
  ...model,
  id: 'kelp',
  labels: { strong: ['kelp chart'], weak: [], not: [] },
  intrinsic: '\\bKV[0-9]{2}[A-Z]\\b',
};

function all(search: HintSearch, bytes: Buffer): readonly HintSpan[] {
  const hints: HintSpan[] = [];
  for (let hint = search.find(bytes, 0); hint !== undefined;) {
    hints.push(hint);
    hint = search.find(bytes, Math.max(hint.end, hint.start + 1));
  }
  return hints;
}

test('two searches together find what one of all hints finds, in the same order', () => {
  const joint = new JointSearch(new Automaton(detectors), new Automaton([own]));
  const one = new Automaton([...detectors, own]);
  const word = fc.constantFrom(
    'kelp chart',
    'kelp',
    'KV00A',
    'xKV00A',
    'mrn',
    'patient',
    'ssn:',
    ' ',
    '\n',
    'text '.repeat(80),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const bytes = Buffer.from(words.join(''));
      expect(all(joint, bytes)).toEqual(all(one, bytes));
      expect(joint.test(bytes)).toBe(one.test(bytes));
    }),
  );
});
