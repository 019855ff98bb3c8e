import { expect, test } from 'vitest';

import { Engine } from '../../src/engine/engine.ts';
import { hashBudget, normalized, ValueHashes } from '../../src/detect/value-hashes.ts';
import { limits } from '../../src/limits.ts';

test('the same letters and digits are one value', () => {
  const hashes = new ValueHashes();
  for (const value of ['Ab-12', 'ab 12', 'AB12']) hashes.add(normalized(value));
  expect(hashes.size).toBe(1);
  expect(hashes.has('AB12')).toBe(true);
  expect(hashes.has('AB13')).toBe(false);
});

test('sets that share a budget keep no more than it together', () => {
  const budget = hashBudget();
  const sets = [new ValueHashes(budget), new ValueHashes(budget)];
  for (let value = 0; value < limits.distinctValues * 2; value++) sets[value % 2]?.add(String(value));
  expect(sets.reduce((sum, { size }) => sum + size, 0)).toBe(limits.distinctValues);
});

test('fields without end are counted together', () => {
  const mrn = (index: number): string => String(70_314_159 + index * 37);
  const text = Array.from(
    { length: 400 },
    (_, index) => `{"k${'abcdefghij'.charAt(index % 10)}${String(index)}": {"mrn": "${mrn(index)}"}}`,
  ).join('\n');
  const findings = new Engine().scan('a.ndjson', Buffer.from(text));
  expect(findings.length).toBeLessThan(60);
  expect(findings.reduce((sum, { count }) => sum + count, 0)).toBe(400);
});
