import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { cclf } from '../../src/read/cclf.ts';
import { type Patient, patients } from '../support/patients.ts';
import { bytesAt, fieldsOf, headOf } from './reading.ts';

const people = patients(4, 21);
const born = '1952-03-14';

/** CCLF8, of the CCLF Information Packet. */
function demographics({ mbi, ssn, zip, given, family, street, city, state }: Patient): string {
  const hicn = `${ssn.replaceAll('-', '')}A`;
  const name = given.padEnd(30) + 'Q'.padEnd(15) + family.padEnd(40);
  const codes = `${born}1107710NA`.padEnd(20);
  const before = [mbi, hicn.padEnd(11), '25', '013', zip, codes, ' '.repeat(29)].join('');
  const address = `${street.padEnd(45)}${' '.repeat(205)}${city.padEnd(100)}${state}${zip}0000`;
  return `${before}${name}032016-08-012017-11-01${address}`;
}

function claims({ mbi }: Patient, index: number): string {
  return `${String(7_000_000_000_413 + index)}330024${mbi}${' '.repeat(11)}602024-01-022024-01-09${'x'.repeat(40)}`;
}

function read(text: string): readonly Field[] {
  return fieldsOf(cclf, Buffer.from(text));
}

function shown(fields: readonly Field[]): readonly string[] {
  return fields
    .filter((field) => field.position !== undefined)
    .map(({ position = '', labels, value }) => `${position} [${labels[0] ?? ''}] ${value}`);
}

describe('recognizes', () => {
  const [first] = people.map(demographics);
  test.each<[string, string, boolean]>([
    ['beneficiaries', people.map(demographics).join('\n'), true],
    ['one beneficiary', first ?? '', true],
    ['claims', people.map(claims).join('\r\n'), true],
    ['cross references', `H${people[0]?.mbi ?? ''}${people[1]?.mbi ?? ''}1959-12-312016-12-31\n`, true],
    [
      'lines of another length',
      people.map((person, index) => claims(person, index) + 'y'.repeat(index)).join('\n'),
      false,
    ],
    ['a list of identifiers', people.map(({ mbi }) => mbi).join('\n'), false],
    [
      'one identifier among lines of one length',
      `${claims(people[0] ?? ({} as Patient), 0)}\n${'z'.repeat(104)}\n`.repeat(3),
      false,
    ],
    ['sentences', 'A sentence that is long enough to be one of these lines.\n'.repeat(4), false],
    ['an empty entry', '', false],
  ])('%s', (_title, text, expected) => {
    expect(cclf.recognizes(headOf('a', Buffer.from(text)))).toBe(expected);
  });
});

describe('fields', () => {
  test('of beneficiaries, a record each', () => {
    const fields = read(`${people.map(demographics).join('\n')}\n`).filter(({ position }) => position !== undefined);
    const [person] = people;
    const ofFirst = fields.filter(({ record }) => record === fields[0]?.record);
    expect(shown(ofFirst)).toEqual([
      `BENE_MBI_ID [mbi] ${person?.mbi ?? ''}`,
      `BENE_HIC_NUM [hicn] ${person?.ssn.replaceAll('-', '') ?? ''}A`,
      `BENE_ZIP_CD [zip code] ${person?.zip ?? ''}`,
      `BENE_DOB [birth date] ${born}`,
      `BENE_LAST_NAME [name] ${person?.family ?? ''}^${person?.given ?? ''}^Q`,
      `BENE_LINE_1_ADR [address] ${person?.street ?? ''}`,
      `BENE_CITY [address] ${person?.city ?? ''}, ${person?.state ?? ''} ${person?.zip ?? ''}`,
    ]);
    expect(new Set(fields.map(({ record }) => record)).size).toBe(4);
  });

  test('of claims', () => {
    const text = people.map(claims).join('\n');
    const fields = read(text);
    expect(shown(fields).slice(0, 4)).toEqual([
      'CUR_CLM_UNIQ_ID [claim number] 7000000000413',
      `BENE_MBI_ID [mbi] ${people[0]?.mbi ?? ''}`,
      'CLM_FROM_DT [service date] 2024-01-02',
      'CLM_THRU_DT [service date] 2024-01-09',
    ]);
    for (const field of fields) expect(bytesAt(Buffer.from(text), field)).toBe(field.value);
  });

  test('of cross references, either kind', () => {
    const [{ mbi, ssn }] = people as [Patient];
    const hicn = `${ssn.replaceAll('-', '')}M`;
    expect(shown(read(`H${mbi}${hicn} 1959-12-312016-12-31\n`))).toEqual([
      `CRNT_NUM [mbi] ${mbi}`,
      `PRVS_NUM [hicn] ${hicn}`,
    ]);
  });

  test('a line that is cut off, and one that is none', () => {
    const whole = people.map(demographics).join('\n');
    expect(shown(read(whole.slice(0, 170)))).toHaveLength(5);
    const fields = read(`${whole}\nssn: ${people[0]?.ssn ?? ''}\n`);
    expect(fields.at(-1)).toMatchObject({ labels: ['ssn'], value: people[0]?.ssn });
  });
});
