import { describe, expect, test } from 'vitest';

import { detectors } from '../../detectors/index.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { Labels, splitLabel } from '../../src/detect/labels.ts';

const [model] = detectors;
if (model === undefined) throw new Error('no detectors');

function detector(id: string, labels: Partial<Detector['labels']>): Detector {
  return { ...(model as Detector), id, labels: { strong: [], weak: [], not: [], ...labels } };
}

const invented = [
  detector('number', { strong: ['ssn', 'ss #', 'social security number'], not: ['regex', 'last 4'] }),
  detector('record', { strong: ['mrn', 'medical record', 'patient id'] }),
  detector('name', { strong: ['patient name', 'patient'], weak: ['name'], whole: ['patient', 'name'] }),
];
const labels = new Labels(invented);

function meanings(...path: string[]): string[] {
  return labels
    .candidates(path)
    .map(({ detector: index, strong, far }) =>
      [invented[index]?.id, strong ? '' : ' weak', far ? ' far' : ''].join(''),
    );
}

describe('splitLabel', () => {
  test.each([
    ['patientSSN', ['patient', 'ssn']],
    ['SSNField', ['ssn', 'field']],
    ['PAT_MRN_ID', ['pat', 'mrn', 'id']],
    ['date-of.birth', ['date', 'of', 'birth']],
    ['ssnLast4', ['ssn', 'last', '4']],
    ["patient's name", ['patient', 'name']],
    ['SSNs', ['ssns']],
    ['SS#', ['ss', '#']],
  ])('%s', (label, words) => {
    expect(splitLabel(label)).toEqual(words);
  });
});

describe('candidates', () => {
  test.each([
    ['the word itself', ['ssn'], ['number']],
    ['camelCase', ['userSsn'], ['number']],
    ['a plural', ['SSNs'], ['number']],
    ['words put together', ['medicalrecord'], ['record']],
    ['two keys together', ['name', 'patient'], ['name']],
    ['a far key alone', ['value', 'ssn'], ['number far']],
    ['inside another word', ['assnode'], []],
    ['silenced in its own label', ['ssn_regex'], []],
    ['silenced by words with a number', ['ssn_last_4'], []],
    ['silenced by a nearer key', ['regex', 'ssn'], []],
    ['not silenced by a farther key', ['ssn', 'regex'], ['number']],
    ['a whole label among other words', ['host_name'], []],
    ['a whole label with a number', ['name2'], ['name weak']],
    ['the nearest label decides', ['mrn', 'ssn'], ['record']],
    ['the longer label wins', ['patient_id', 'x'], ['record']],
  ])('%s', (_reason, path, expected) => {
    expect(meanings(...path)).toEqual(expected);
  });
});

describe('find', () => {
  test.each([
    ['words with separators', 'the SSN and medical-record of', ['SSN', 'medical-record']],
    ['a whole label that ends as a label does', '"name": "x"', ['name']],
    ['a whole label in a sentence', 'the name of the game', []],
    ['a whole label behind another word', 'host name: x', []],
    ['the longest at each place', 'Social Security Number: ', ['Social Security Number']],
    ['not the domain of an address', 'a@ssn.example', []],
  ])('%s', (_reason, line, expected) => {
    expect(labels.find(line).map(({ start, end }) => line.slice(start, end))).toEqual(expected);
  });
});
