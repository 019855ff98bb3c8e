import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { patients } from '../support/patients.ts';

const engine = new Engine();
const people = patients(3, 91);
const [one] = people;
const mrn = one?.mrn ?? '';

/** Detectors of what counts. */
function found(path: string, text: string): readonly string[] {
  const counts = engine
    .scan(path, Buffer.from(text))
    .filter(({ severity }) => severity !== 'info' && severity !== 'low');
  return counts.map(({ detector }) => detector);
}

function rows(row: (mrn: string, index: number) => string): string {
  return people.map((person, index) => row(person.mrn, index)).join('\n');
}

describe('a value that another one names', () => {
  test.each<[string, string, string]>([
    ['a type beside its value', 'a.csv', `person,id_type,id_value\n${rows((id, row) => `${row},MRN,${id}`)}\n`],
    ['the value before its type', 'a.csv', `id,alias,alias_type\n${rows((id, row) => `${row},${id},MRN`)}\n`],
    [
      'camel case, several words',
      'a.csv',
      `n,idType,idNumber\n${rows((id, row) => `${row},Medical Record No,${id}`)}\n`,
    ],
    ['HL7 table 0203', 'a.csv', `n,id_type,id_value\n9,MRN,\n${rows((id, row) => `${row},MR,${id}`)}\n`],
    ['keys and values', 'a.csv', `person,key,value\n${rows((id, row) => `${row},mrn,${id}`)}\n`],
    ['types of several kinds', 'a.csv', `n,id_type,id_value\n0,ORDER,12\n${rows((id, row) => `${row},MRN,${id}`)}\n`],
    ['JSON', 'a.json', JSON.stringify({ ids: [{ type: 'MRN', value: mrn }] })],
    ['JSON, the value before its type', 'a.json', JSON.stringify({ ids: [{ value: mrn, n: 1, type: 'MRN' }] })],
    [
      'JSON, the value before what its type is made of',
      'a.json',
      JSON.stringify([{ value: mrn, type: { text: 'MRN' } }]),
    ],
  ])('%s', (_title, path, text) => {
    expect(found(path, text)).toEqual(['mrn']);
  });

  test.each<[string, string, string]>([
    ['orders', 'a.csv', `mrn_required,id_type,id_value\n${rows((id) => `yes,ORDER,${id}`)}\n`],
    ['keys of settings', 'a.csv', `n,key,value\n${rows((id, row) => `${row},mrn_format,${id}`)}\n`],
    ['a type beside what is no value of it', 'a.csv', `n,id_type,price\n${rows((id, row) => `${row},MRN,${id}`)}\n`],
    ['JSON: the name is in another object', 'a.json', JSON.stringify([{ value: mrn }, { type: 'MRN' }])],
  ])('%s: silent', (_title, path, text) => {
    expect(found(path, text)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['a row that ends early', 'a.csv', `n,id_type,id_value\n0,MRN\n1\n${rows((id, row) => `${row},MRN,${id}`)}\n`],
    ['JSON that is cut behind the type', 'a.json', `{"ids":[{"value":"${mrn}","type":"MRN"`],
  ])('%s: the rest is found', (_title, path, text) => {
    expect(found(path, text)).toEqual(['mrn']);
  });
});
