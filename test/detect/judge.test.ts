import { describe, expect, test } from 'vitest';

import { detectors } from '../../detectors/index.ts';
import { Engine } from '../../src/engine/engine.ts';
import { isGap, isPlaceholder, noiseRuns, standsAlone } from '../../src/detect/neighbours.ts';
import { commonPointer, generalPointer, joinPointers } from '../../src/detect/pointer.ts';
import { scrub } from '../../src/detect/scrub.ts';
import { severityOf } from '../../src/detect/severity.ts';
import { normalized, ValueHashes } from '../../src/detect/value-hashes.ts';
import { patient } from '../support/patients.ts';

const engine = new Engine();
const one = patient(11);

function found(text: string, path = 'notes.txt'): string[] {
  return engine
    .scan(path, Buffer.from(text))
    .flatMap(({ detector, identifiers }): readonly string[] => identifiers ?? [detector])
    .sort();
}

describe('a label and its value', () => {
  test.each([
    ['filler words between', `MRN number is: ${one.mrn}`, ['mrn']],
    ['no separator at all', `SSN${one.ssn}`, ['ssn']],
    ['another label between', `SSN, MRN ${one.mrn}`, ['mrn']],
    ['other words between', `SSN of the build server at ${one.ssn.replaceAll('-', '')}`, []],
    ['one value has one detector', `patient ssn: ${one.ssn}`, ['ssn']],
    ['a suppressor in another field', `ssn_regex=1 mrn=${one.mrn}`, ['mrn']],
    ['a suppressor in its own', `mrn_template=${one.mrn}`, []],
  ])('%s', (_reason, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('standsAlone', () => {
  test.each([
    ['a decimal', '0.|123|', false],
    ['a version', '|123|.4', false],
    ['the end of a sentence', '|123|. Next', true],
    ['a date part', '2024/|123|', false],
    ['a path', '/patients/|123|/visits', true],
    ['a word', 'x|123|', false],
    ['a UUID', '|123|-abcd', false],
    ['an underscore behind a word', 'mrn_|123|', true],
    ['a signed number', '5+|123|', false],
  ])('%s', (_reason, marked, expected) => {
    const start = marked.indexOf('|');
    const end = marked.lastIndexOf('|') - 1;
    expect(standsAlone(marked.replaceAll('|', ''), start, end)).toBe(expected);
  });
});

test.each(['{{mrn}}', '${SSN}', '%s', '%(ssn)s', '<ssn>', 'null', 'N/A', 'xxx', 'XXX-XX-1234', '***', ':id', '', '?'])(
  'placeholder %s',
  (value) => {
    expect(isPlaceholder(value)).toBe(true);
  },
);

test.each(['A1234', 'Xavier', '12-34', 'Null-Smith'])('no placeholder: %s', (value) => {
  expect(isPlaceholder(value)).toBe(false);
});

test('a gap holds separators and filler words, and ends at a semicolon', () => {
  expect([': ', ' number is ', '" : "', ' # '].map(isGap)).toEqual([true, true, true, true]);
  expect(['; ', ' getValue(', ' of John ', ' = {'].map(isGap)).toEqual([false, false, false, false]);
});

test('base64 and hex are noise, paths are not', () => {
  expect(noiseRuns(`x ${'QUJD'.repeat(10)} y`)).toEqual([[2, 42]]);
  expect(noiseRuns('/usr/share/doc/packages/of/a/distribution')).toEqual([]);
});

test('pointers lose their numbers', () => {
  expect(generalPointer('patients[12].visits["2024"].ssn')).toBe('patients[*].visits[*].ssn');
  expect(generalPointer('["a]b"].ssn')).toBe('[*].ssn');
  expect(generalPointer('/entry/12/resource')).toBe('/entry/*/resource');
  expect(commonPointer('a[*].b', 'a[*].c')).toBe('a[*]');
  expect(commonPointer('a.name', 'a.names')).toBe('a');
  expect(joinPointers('config.Labels', '[0].ssn')).toBe('config.Labels[0].ssn');
  expect(joinPointers(undefined, 'x')).toBe('x');
});

test('a value is scrubbed however it is separated, and shorter words stay', () => {
  const seen = new ValueHashes();
  seen.add(normalized(one.ssn));
  seen.add(normalized('Ann'));
  expect(scrub(`/data/${one.ssn.replaceAll('-', '')}/${one.ssn.replaceAll('-', '_')}/ann.csv`, seen)).toBe(
    '/data/[masked]/[masked]/ann.csv',
  );
});

describe('severity', () => {
  const ssn = detectors.find(({ id }) => id === 'ssn');
  const email = detectors.find(({ id }) => id === 'email');
  test.each([
    ['one labelled number', ssn, { outcome: 'real', labelled: true, distinct: 1 }, 'high'],
    ['one without label', ssn, { outcome: 'real', labelled: false, distinct: 1 }, 'medium'],
    ['ten values', ssn, { outcome: 'real', labelled: true, distinct: 10 }, 'critical'],
    ['ten invented values', ssn, { outcome: 'synthetic', labelled: true, distinct: 10 }, 'low'],
    ['contact details', email, { outcome: 'real', labelled: true, distinct: 100 }, 'low'],
  ] as const)('%s', (_reason, detector, of, expected) => {
    if (detector === undefined) throw new Error('no such detector');
    expect(severityOf(detector, of)).toBe(expected);
  });
});

describe('evidence', () => {
  test('the terms add up to the confidence', () => {
    const [finding] = engine.scan('a.txt', Buffer.from(`SSN: ${one.ssn}`));
    const sum = (finding?.evidence ?? []).reduce((total, { weight }) => total + weight, 0);
    expect(finding?.confidence).toBeCloseTo(1 / (1 + Math.exp(-sum)), 3);
    expect(finding?.evidence[0]?.term).toBe('prior');
  });
});
