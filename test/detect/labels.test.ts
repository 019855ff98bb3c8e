import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { detectors } from '../../detectors/index.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { LabelTrie, ROOT } from '../../src/detect/label-trie.ts';
import { Labels } from '../../src/detect/labels.ts';
import { splitLabel } from '../../src/detect/words.ts';

const [model] = detectors;
if (model === undefined) throw new Error('no detectors');

function detector(id: string, labels: Partial<Detector['labels']>): Detector {
  return { ...(model as Detector), id, labels: { strong: [], weak: [], not: [], ...labels } };
}

const invented = [
  detector('number', { strong: ['ssn', 'ss #', 'social security number'], not: ['regex', 'last 4'] }),
  detector('record', { strong: ['mrn', 'medical record', 'patient id'] }),
  detector('member', { strong: ['subscriber id', 'member number'], weak: ['mr no'], not: ['provider'] }),
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
    ['SSNsByState', ['ssns', 'by', 'state']],
    ['patients’ MRNs', ['patients', 'mrns']],
    ['PatientÉtat2B', ['patient', 'tat', '2', 'b']],
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
    ['an abbreviation of one word', ['mbr_number'], ['member']],
    ['of both', ['SUBSCR_IDENT'], ['member']],
    ['spelled out where the detector abbreviates', ['soc_security_nbr'], ['number']],
    ['an abbreviation that means other things too', ['pt identifier'], ['record weak']],
    ['as the detector spells it, before any other', ['mr_no'], ['member weak']],
    ['an abbreviation alone', ['pat'], []],
    ['a silencer that is abbreviated', ['prov_mbr_number'], []],
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

describe('words of a line that are no label', () => {
  const code = ['9f86d081', '884c7ssn5', '659a2'].join('');
  test.each([
    [`loaded ${code} in 12 ms`, [], 'letters inside a digest'],
    [`loaded ${code.slice(0, -6)} in 12 ms`, [], 'letters at the end of a digest'],
    ['loaded mrn Szx8Kq0pT2 in 12 ms', ['mrn'], 'the beginning of a token, which is no plural'],
    [`mrn-${code}`, ['mrn'], 'a label glued to a digest'],
    ['patientSSNField_2', ['SSN'], 'a word of an identifier'],
    ['ssn_1 ssn_2', ['ssn', 'ssn'], 'numbered labels'],
  ])('%s: %j: %s', (line, found) => {
    expect(new Labels(invented.slice(0, 2)).find(line).map(({ start, end }) => line.slice(start, end))).toEqual(found);
  });
});

describe('the words of labels as a trie', () => {
  const words = ['mrn', 'mr', 'ssn4', 'ss#', 'z'];
  const trie = LabelTrie.of(new Map(words.map((word, index) => [word, index + 1])));

  test.each([trie, LabelTrie.unpack(trie.pack())])('finds each word, in either case, and nothing else', (made) => {
    const value = (text: string): number => made.value(made.walk(ROOT, text, 0, text.length));
    expect(words.map(value)).toEqual([1, 2, 3, 4, 5]);
    expect(words.map((word) => value(word.toUpperCase()))).toEqual([1, 2, 3, 4, 5]);
    // A beginning, a longer one, other symbols, and what stands beside the letters and digits in ASCII.
    expect(['m', 'mrns', 'ssn5', '', 'é', 'm@', 'ss/', 'ss:', '`', '{', '['].map(value)).toEqual(Array(11).fill(0));
  });

  test('finds of any words those that were put in', () => {
    const word = fc.stringMatching(/^[a-z0-9#]{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 200 }), word, (all, other) => {
        const of = LabelTrie.of(new Map(all.map((one, index) => [one, index + 1])));
        for (const [index, one] of all.entries()) expect(of.value(of.walk(ROOT, one, 0, one.length))).toBe(index + 1);
        expect(of.value(of.walk(ROOT, other, 0, other.length))).toBe(all.indexOf(other) + 1);
      }),
    );
  });
});
