import { describe, expect, test } from 'vitest';

import { detectors } from '../../detectors/index.ts';
import type { Field } from '../../src/detect/field.ts';
import { FieldScan } from '../../src/detect/field-scan.ts';
import { Judge } from '../../src/detect/judge.ts';
import { Labels } from '../../src/detect/labels.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { patient } from '../support/patients.ts';

const judge = new Judge(detectors, new Labels(detectors));
const one = patient(31);

/** Fields of one record at positions, each with its labels (nearest first) and value. */
function found(...values: readonly (Pick<Field, 'labels' | 'value'> & Partial<Field>)[]): readonly EntryFinding[] {
  const scan = new FieldScan(judge, { path: 'adt.hl7', lines: true }, (text) => text);
  scan.read(
    values.map((field, index) => ({
      tie: 'position',
      record: 1,
      offset: 100 * index,
      line: 1,
      column: 1,
      span: 'bytes',
      ...field,
    })),
  );
  return scan.finish();
}

describe('a name at a position', () => {
  test.each([
    ['components', `${one.family.toUpperCase()}^${one.given.toUpperCase()}^Q`],
    ['given names of two words', `${one.family.toUpperCase()}^${one.given.toUpperCase()} ANN`],
    ['capitals', one.name.toUpperCase()],
    ['one word', one.family.toUpperCase()],
    ['small letters', one.name.toLowerCase()],
    ['a word that organisations have too', 'BANK'],
  ])('%s', (_reason, value) => {
    expect(found({ labels: ['patient name'], value, position: 'PID-5' })).toMatchObject([
      { detector: 'name', outcome: 'real', place: { field: 'PID-5' } },
    ]);
  });

  test.each([
    ['no value', 'UNKNOWN'],
    ['HL7 null', '""'],
    ['a number', '12345'],
  ])('%s is none', (_reason, value) => {
    expect(found({ labels: ['patient name'], value, position: 'PID-5' })).toEqual([]);
  });
});

test('a farther label is worth as much as the nearest', () => {
  const near = found({ labels: ['mrn'], value: one.mrn, position: 'PID-3' });
  const far = found({ labels: ['PID-3', 'mrn'], value: one.mrn, position: 'PID-3' });
  expect(near).toHaveLength(1);
  expect(far).toEqual(near);
});

test('positions of one record are one patient', () => {
  expect(
    found(
      { labels: ['patient name'], value: one.family, position: 'PID-5' },
      { labels: ['date of birth'], value: one.dob.replaceAll('-', ''), position: 'PID-7' },
      { labels: ['phone', 'patient'], value: one.phone, position: 'PID-13' },
    ),
  ).toMatchObject([{ detector: 'patient-record', severity: 'critical', identifiers: ['dob', 'name', 'phone'] }]);
});

test('a format that marks its message as a test makes all of it synthetic', () => {
  expect(
    found(
      { labels: ['patient name'], value: one.family, synthetic: true },
      { labels: ['mrn'], value: one.mrn, synthetic: true },
    ),
  ).toMatchObject([{ detector: 'patient-record', outcome: 'synthetic', severity: 'low' }]);
});

test('a number with an intrinsic shape keeps the name of its position, though no label knows it', () => {
  expect(found({ labels: ['filler'], value: one.ssn, position: 'ZPI-4' })).toMatchObject([
    { detector: 'ssn', place: { field: 'ZPI-4' } },
  ]);
});
