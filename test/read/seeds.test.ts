import { expect, test } from 'vitest';
import { plainText } from '../../src/read/plain-text.ts';
import { fieldsOf } from './reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const born = ['1961', '03', '12'].join('-');

/** Labels of each record that has any, one record after the other. */
function recordsOf(text: string): readonly (readonly string[])[] {
  const records = new Map<number, string[]>();
  for (const { record, labels, tie } of fieldsOf(plainText, Buffer.from(text))) {
    if (tie !== 'key') continue;
    const known = records.get(record) ?? [];
    records.set(record, [...known, labels[0] ?? '']);
  }
  return [...records.values()];
}

test.each<[string, string, readonly (readonly string[])[]]>([
  [
    'knex: objects on one line each',
    `knex('p').insert([\n  { ssn: '${ssn}', dob: '${born}' },\n  { ssn: '${ssn}', dob: '${born}' },\n])`,
    [
      ['ssn', 'dob'],
      ['ssn', 'dob'],
    ],
  ],
  [
    'sequelize: objects over several lines',
    `bulkInsert('p', [{\n    ssn: '${ssn}',\n    dob: '${born}',\n  }, {\n    ssn: '${ssn}',\n    dob: '${born}',\n  }])`,
    [
      ['ssn', 'dob'],
      ['ssn', 'dob'],
    ],
  ],
  [
    'Python dictionaries on one line',
    `P = [{"ssn": "${ssn}", "dob": "${born}"}, {"ssn": "${ssn}", "dob": "${born}"}]`,
    [
      ['ssn', 'dob'],
      ['ssn', 'dob'],
    ],
  ],
  ['arguments with names', `Patient.objects.create(ssn="${ssn}", dob="${born}")`, [['ssn', 'dob']]],
  ['Ruby hashes', `P.create!({ :ssn => '${ssn}', 'dob' => '${born}' })`, [['ssn', 'dob']]],
])('%s: a record for each person', (_title, text, expected) => {
  expect(recordsOf(text)).toEqual(expected);
});
