import { describe, expect, test } from 'vitest';

import { detectors } from '../../detectors/index.ts';
import { areEpochTimes, countsUp, distinctRatio, fixedWidth, passRate } from '../../src/detect/column-sample.ts';
import type { Field } from '../../src/detect/field.ts';
import { FieldScan } from '../../src/detect/field-scan.ts';
import { Judge } from '../../src/detect/judge.ts';
import { Labels } from '../../src/detect/labels.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { patient } from '../support/patients.ts';
import type { Patient } from '../support/patients.ts';

const judge = new Judge(detectors, new Labels(detectors));

interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Number of the first column, and of the first record. */
  readonly from?: number;
}

function* cells({ names, rows, from = 0 }: Table): Generator<Field> {
  for (const [row, values] of rows.entries()) {
    for (const [index, value] of values.entries()) {
      if (value === '') continue;
      const labels = names[index] === undefined ? [] : [names[index]];
      const place = { record: 1000 * from + row + 1, row: row + 1, columnIndex: from + index };
      yield {
        value,
        labels,
        tie: 'column',
        offset: 4096 * row + 64 * index,
        line: row + 1,
        column: 1,
        span: 'bytes',
        ...place,
      };
    }
  }
}

function scan(...tables: readonly Table[]): readonly EntryFinding[] {
  const fields = new FieldScan(judge, { path: 'a.csv', lines: true }, (text) => text);
  for (const table of tables) fields.read(cells(table));
  return fields.finish();
}

function kinds(findings: readonly EntryFinding[]): readonly string[] {
  return [
    ...new Set(findings.flatMap(({ detector, identifiers }): readonly string[] => identifiers ?? [detector])),
  ].sort();
}

function people(
  count: number,
  cellsOf: (one: Patient, index: number) => readonly string[],
): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, index) => cellsOf(patient(500 + index), index));
}

const nameless = ['col1', 'col2', 'col3', 'col4', 'col5'];
const plainSsn = ({ ssn }: Patient): string => ssn.replaceAll('-', '');
/** Frequent names, which the invented patients do not have. */
const NAMES = ['Patricia Nguyen', 'Robert Hughes', 'Linda Morales', 'Karen Osgood', 'Brian Tillery', 'Teresa Winslow'];

describe('a column without a name', () => {
  test.each([
    ['no header', []],
    ['col1, col2, ...', nameless],
    ['Unnamed: 0, ...', nameless.map((_, index) => `Unnamed: ${String(index)}`)],
  ])('is what its values show: %s', (_reason, names) => {
    const rows = people(40, (one, index) => [
      one.mbi,
      one.dob,
      one.phone,
      one.email,
      NAMES[index % NAMES.length] ?? '',
    ]);
    const findings = scan({ names, rows });
    expect(findings).toMatchObject([{ detector: 'patient-record', severity: 'critical', count: 40 }]);
    expect(kinds(findings)).toEqual(['dob', 'email', 'mbi', 'name', 'phone']);
  });

  test('dashed SSNs are told by their column, not by each alone', () => {
    const [finding] = scan({ names: [], rows: people(9, ({ ssn }) => [ssn, 'x']) });
    expect(finding).toMatchObject({ detector: 'ssn', severity: 'high', count: 9 });
    expect(finding?.evidence.map(({ term }) => term)).toContain('pass rate');
  });

  test('names beside birth dates are persons', () => {
    const rows = people(30, ({ dob }, index) => [NAMES[index % NAMES.length] ?? '', dob]);
    expect(kinds(scan({ names: [], rows }))).toEqual(['dob', 'name']);
  });

  test('nine digits count beside an identifier, and not alone', () => {
    const rows = people(60, (one) => [one.mbi, plainSsn(one)]);
    expect(kinds(scan({ names: [], rows }))).toEqual(['mbi', 'ssn']);
    expect(scan({ names: [], rows: rows.map(([, number]) => [number ?? '']) })).toEqual([]);
  });

  test.each([
    ['dates of a few years', (index: number) => `20${String(14 + (index % 9))}-03-${String(10 + (index % 19))}`],
    ['epoch seconds', (index: number) => String(1_600_000_000 + index * 86_411)],
    ['keys that count up', (index: number) => String(524_410_000 + index)],
    [
      'other words',
      (index: number) =>
        `${['Alpha', 'Gravel', 'Copper'][index % 3] ?? ''} ${['Ridge', 'Pump', 'Valve'][index % 3] ?? ''}`,
    ],
    ['versions', (index: number) => `1.${String(index)}.0`],
  ])('%s are nobody’s, also beside an identifier', (_reason, other) => {
    const rows = people(40, ({ mbi }, index) => [mbi, other(index)]);
    expect(kinds(scan({ names: [], rows }))).toEqual(['mbi']);
  });

  test('a name that says something else is not overruled', () => {
    const rows = people(40, (one, index) => [one.mbi, NAMES[index % NAMES.length] ?? '', one.dob]);
    expect(kinds(scan({ names: ['', 'surgeon', 'shipped'], rows }))).toEqual(['mbi']);
  });
});

describe('a column with a name', () => {
  test('keys of a database are no SSNs', () => {
    const rows = people(20, (_one, index) => [String(524_410_000 + index)]);
    expect(scan({ names: ['ssn'], rows })).toEqual([]);
  });

  test('sorted numbers are', () => {
    const rows = people(20, (one) => [plainSsn(one)]).toSorted();
    expect(scan({ names: ['ssn'], rows })).toMatchObject([{ detector: 'ssn', count: 20 }]);
  });

  test('record numbers that count up are doubted, and kept', () => {
    const count = (first: number): readonly EntryFinding[] =>
      scan({ names: ['mrn'], rows: people(20, ({ mrn }, index) => [first === 0 ? mrn : String(first + index)]) });
    expect(count(40_031_700)[0]?.evidence.map(({ term }) => term)).toContain('counts up');
    expect(count(40_031_700)[0]?.confidence).toBeLessThan(count(0)[0]?.confidence ?? 0);
  });

  test('times under a weak label are no numbers of a person', () => {
    const rows = people(20, ({ ssn }, index) => [ssn, String(1_600_000_000 + index * 86_411)]);
    const weak = detectors.find(({ id }) => id === 'mrn')?.labels.weak[0] ?? 'chart';
    expect(kinds(scan({ names: ['ssn', weak], rows }))).toEqual(['ssn']);
  });

  test('a few rows are judged by the name alone', () => {
    const rows = people(3, (_one, index) => [String(524_411_000 + index)]);
    expect(scan({ names: ['ssn'], rows })).toMatchObject([{ detector: 'ssn', count: 3 }]);
  });

  test('where nearly all values are known fakes, the others are too', () => {
    const fake = (index: number): string => `999-${String(10 + (index % 89))}-${String(1000 + index)}`;
    const rows = people(100, ({ ssn }, index) => [index === 50 ? ssn : fake(index)]);
    expect(scan({ names: ['ssn'], rows })).toMatchObject([{ detector: 'ssn', outcome: 'synthetic' }]);
  });
});

describe('rows', () => {
  test('before and after the decision count alike', () => {
    const count = 3 * limits.columnRows + 5;
    const rows = people(count, (one) => [one.mbi, one.dob]);
    expect(scan({ names: [], rows })).toMatchObject([
      { detector: 'patient-record', count, place: { record: 1, line: 1 } },
    ]);
  });

  test('a column that begins late is decided late', () => {
    const count = 3 * limits.columnRows;
    const rows = people(count, (one, index) => [one.mbi, index < 2 * limits.columnRows ? '' : one.dob]);
    expect(kinds(scan({ names: [], rows }))).toEqual(['dob', 'mbi']);
  });

  test('two tables of one entry are decided each for itself', () => {
    const first = { names: ['ssn'], rows: people(20, (_one, index) => [String(524_410_000 + index)]) };
    const second = { names: ['ssn'], rows: people(20, (one) => [plainSsn(one)]), from: 1 };
    expect(scan(first, second)).toMatchObject([{ detector: 'ssn', count: 20 }]);
  });

  test('wide rows are held up to a bound', () => {
    const wide = 'lorem ipsum '.repeat(1000);
    const rows = people(100, (one) => [one.mbi, wide]);
    expect(scan({ names: [], rows })).toMatchObject([{ detector: 'mbi', count: 100 }]);
  });

  test('columns beyond the bound are judged cell by cell', () => {
    const rows = people(2, ({ ssn }) => [...Array.from({ length: limits.judgedColumns + 5 }, () => 'x'), ssn]);
    expect(scan({ names: [], rows })).toMatchObject([{ detector: 'ssn', count: 2 }]);
  });
});

describe('measures', () => {
  test('countsUp', () => {
    const from = (start: number, step: number): string[] =>
      Array.from({ length: 10 }, (_, index) => String(start + step * index));
    expect([from(1, 1), from(900, -1), from(5, 3)].map(countsUp)).toEqual([true, true, true]);
    expect([from(1, 1000), from(7, 0), from(1, 1).slice(0, 5), ['a', ...from(1, 1)]].map(countsUp)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('the others', () => {
    const times = Array.from({ length: 9 }, (_, index) => String(1_700_000_000 + index));
    expect([
      areEpochTimes(times),
      areEpochTimes(times.map((time) => `${time}000`)),
      areEpochTimes(['1', ...times]),
    ]).toEqual([true, true, false]);
    expect([distinctRatio(['a', 'a', 'b', 'c']), distinctRatio([])]).toEqual([0.75, 0]);
    expect([fixedWidth(['ab', 'cd']), fixedWidth(['ab', 'c'])]).toEqual([2, undefined]);
    expect(passRate(10, 10, 0.9, 0.1)).toBeGreaterThan(0);
    expect(passRate(1, 10, 0.9, 0.1)).toBeLessThan(0);
  });
});
