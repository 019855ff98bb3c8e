import { describe, expect, test } from 'vitest';
import { plainText } from '../../../src/read/plain-text.ts';
import { fieldsOf, labelled } from '../reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const born = ['1961', '03', '12'].join('-');

describe('INSERT in a line of text', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a log',
      `2024-01-02 10:00:00 DEBUG INSERT INTO clinic.patients (ssn, dob) VALUES ('${ssn}', '${born}') in 3 ms, mrn=12`,
      [`ssn < patients: ${ssn}`, `dob < patients: ${born}`, 'mrn: 12'],
    ],
    [
      'a string of source code, in which quotes are escaped',
      `db.run("INSERT INTO \\"patients\\" (\\"ssn\\", \\"x\\") VALUES ('${ssn}', 'y')");`,
      [`ssn < patients: ${ssn}`, 'x < patients: y'],
    ],
    ['no columns', `INSERT INTO t VALUES (1, 'x') -- ssn: ${ssn}`, [`ssn: ${ssn}`]],
    ['prose', `Insert into the form (your SSN) values such as ${ssn}`, [`SSN: values such as ${ssn}`]],
  ])('%s', (_title, line, expected) => {
    expect(labelled(fieldsOf(plainText, Buffer.from(line)))).toEqual(expected);
  });

  test('each row is a record', () => {
    const line = `INSERT INTO p (ssn, dob) VALUES ('${ssn}', '${born}'), ('${ssn}', '${born}')`;
    const records = fieldsOf(plainText, Buffer.from(line))
      .filter(({ tie }) => tie === 'key')
      .map(({ record }) => record);
    expect(records).toEqual([records[0], records[0], records[2], records[2]]);
    expect(records[2]).not.toBe(records[0]);
  });
});
