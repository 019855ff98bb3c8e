import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/detect/field.ts';
import { jsonReader } from '../../../src/read/json.ts';
import { readers } from '../../../src/read/readers.ts';
import { yaml } from '../../../src/read/yaml.ts';
import { patient } from '../../support/patients.ts';
import { fieldsOf } from '../reading.ts';

const json = jsonReader(() => readers);
const someone = patient(21);
const [begin, end] = [['2020', '01', '02'].join('-'), ['2020', '01', '05'].join('-')];
const initial = someone.given.charAt(0);
const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0203';

function read(value: unknown): readonly Field[] {
  return fieldsOf(json, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
}

/** `position = [labels] value`, of the places that FHIR gives a meaning. */
function placed(value: unknown): readonly string[] {
  return read(value)
    .filter(({ tie }) => tie === 'position')
    .map((field) => `${field.position ?? ''} = [${field.labels.join(', ')}] ${field.value}`);
}

const demographics = {
  name: [{ use: 'official', text: someone.name, family: someone.family, given: [someone.given, initial] }],
  telecom: [
    { system: 'phone', value: someone.phone },
    { value: someone.email, system: 'email' },
  ],
  birthDate: someone.dob,
  address: [{ line: [someone.street], city: someone.city, state: someone.state, postalCode: someone.zip }],
};

describe('who owns a value decides', () => {
  test('a patient', () => {
    expect(placed({ resourceType: 'Patient', ...demographics, deceasedDateTime: begin })).toEqual([
      `Patient.name.text = [patient name] ${someone.name}`,
      `Patient.name.family = [patient last name] ${someone.family}`,
      `Patient.name.given = [patient first name] ${someone.given}`,
      `Patient.name.given = [patient first name] ${initial}`,
      `Patient.telecom.value = [patient phone] ${someone.phone}`,
      `Patient.telecom.value = [patient email] ${someone.email}`,
      `Patient.birthDate = [date of birth] ${someone.dob}`,
      `Patient.address.line = [patient address] ${someone.street}`,
      `Patient.address.city = [patient city] ${someone.city}`,
      `Patient.address.postalCode = [patient postal code] ${someone.zip}`,
      `Patient.deceasedDateTime = [date of death] ${begin}`,
    ]);
  });

  test.each<[string, string]>([
    ['a relative', 'RelatedPerson'],
    ['a person', 'Person'],
  ])('%s', (_title, resourceType) => {
    expect(placed({ resourceType, ...demographics })).toHaveLength(10);
  });

  test.each<[string, string]>([
    ['staff', 'Practitioner'],
    ['an organization', 'Organization'],
    ['a place', 'Location'],
    ["a role's contact", 'PractitionerRole'],
    ['a definition', 'StructureDefinition'],
    ['a list of codes', 'ValueSet'],
    ['a questionnaire without answers', 'Questionnaire'],
  ])('%s is no patient', (_title, resourceType) => {
    expect(read({ resourceType, ...demographics, text: { div: `<div>DOB: ${someone.dob}</div>` } })).toEqual([]);
  });

  test('the type may come last', () => {
    expect(placed({ ...demographics, resourceType: 'Patient' })).toHaveLength(10);
    expect(placed({ ...demographics, resourceType: 'Organization' })).toHaveLength(0);
  });

  test('each entry of a Bundle has its own owner and its own record', () => {
    const fields = read({
      resourceType: 'Bundle',
      entry: [
        { resource: { resourceType: 'Organization', name: 'Clinic', telecom: [{ value: someone.phone }] } },
        { resource: { resourceType: 'Patient', birthDate: someone.dob, name: [{ text: someone.name }] } },
        { resource: { birthDate: patient(3).dob, resourceType: 'Patient' } },
      ],
    }).filter(({ tie }) => tie === 'position');
    expect(fields.map(({ value, pointer }) => [value, pointer])).toEqual([
      [someone.dob, 'entry[1].resource.birthDate'],
      [someone.name, 'entry[1].resource.name[0].text'],
      [patient(3).dob, 'entry[2].resource.birthDate'],
    ]);
    const [first, second, third] = fields.map(({ record }) => record);
    expect(first).toBe(second);
    expect(third).not.toBe(second);
  });

  test('contained resources have their own', () => {
    expect(
      placed({
        resourceType: 'Encounter',
        contained: [
          { resourceType: 'Patient', id: 'p', birthDate: someone.dob },
          { resourceType: 'Practitioner', birthDate: someone.dob },
        ],
      }),
    ).toEqual([`Patient.birthDate = [date of birth] ${someone.dob}`]);
  });

  test('the example in a definition is nobody', () => {
    expect(
      read({ contained: [{ resourceType: 'Patient', ...demographics }], resourceType: 'ImplementationGuide' }),
    ).toEqual([]);
  });

  test.each<[string, unknown, readonly string[]]>([
    ['a patient', { subject: { reference: 'Patient/1', display: someone.name } }, ['Observation.subject.display']],
    [
      'a bundle entry',
      { subject: { display: someone.name, reference: 'urn:uuid:1' } },
      ['Observation.subject.display'],
    ],
    [
      'a patient who performs',
      { performer: [{ reference: 'Patient/1', display: someone.name }] },
      ['Observation.performer.display'],
    ],
    ['a group', { subject: { reference: 'Group/1', display: someone.name } }, []],
    ['a practitioner', { performer: [{ reference: 'Practitioner/1', display: someone.name }] }, []],
    ['a code', { code: { coding: [{ display: someone.name }] } }, []],
  ])('the display of a reference to %s', (_title, content, expected) => {
    const fields = read({ resourceType: 'Observation', ...(content as object) });
    expect(fields.filter(({ tie }) => tie === 'position').map(({ position }) => position)).toEqual(expected);
  });

  test('a test patient of a server says so', () => {
    const [field] = read({
      resourceType: 'Patient',
      birthDate: someone.dob,
      meta: { security: [{ code: 'HTEST' }] },
    }).filter(({ tie }) => tie === 'position');
    expect(field).toMatchObject({ value: someone.dob, synthetic: true });
  });
});

describe('identifiers', () => {
  test.each<[string, string, object, string | undefined]>([
    ['a type code', 'Patient', { type: { coding: [{ system: V2, code: 'MR' }] } }, 'medical record number'],
    [
      'a type behind the value',
      'Patient',
      { use: 'usual', type: { coding: [{ code: 'DL' }] } },
      'driver license number',
    ],
    ['a type in words', 'Patient', { type: { text: "Driver's License" } }, 'driver license number'],
    ['the SSN system', 'Patient', { system: 'http://hl7.org/fhir/sid/us-ssn' }, 'ssn'],
    ['the SSN as an OID', 'Patient', { system: 'urn:oid:2.16.840.1.113883.4.1' }, 'ssn'],
    ['the MBI system', 'Patient', { system: 'http://hl7.org/fhir/sid/us-mbi' }, 'mbi'],
    ['a state of drivers', 'Patient', { system: 'urn:oid:2.16.840.1.113883.4.3.25' }, 'driver license number'],
    ['no type', 'Patient', { system: 'http://hospital.test/ids' }, 'patient id'],
    ['no type, of a plan', 'Coverage', {}, 'member id'],
    ['no type, of an account', 'Account', {}, 'patient account number'],
    ['no type, of a claim', 'Claim', {}, 'claim number'],
    ['no type, of a visit', 'Encounter', {}, 'encounter number'],
    ['a hash of an MBI', 'Patient', { system: 'https://plan.test/identifier/mbi-hash' }, undefined],
    ['a staff number', 'Practitioner', { type: { coding: [{ code: 'EI' }] } }, undefined],
    ['an NPI', 'Practitioner', { system: 'http://hl7.org/fhir/sid/us-npi' }, 'npi'],
    ["an observation's", 'Observation', {}, undefined],
  ])('%s', (_title, resourceType, identifier, label) => {
    const value = someone.mrn;
    const expected = label === undefined ? [] : [`${resourceType}.identifier.value = [${label}] ${value}`];
    expect(placed({ resourceType, identifier: [{ value, ...identifier }] })).toEqual(expected);
    expect(placed({ resourceType, identifier: [{ ...identifier, value }] })).toEqual(expected);
  });

  test('of the one that is referred to', () => {
    const identifier = { value: someone.memberId };
    expect(
      placed({ resourceType: 'Coverage', subscriberId: 'S1', beneficiary: { identifier }, payor: [{ identifier }] }),
    ).toEqual([
      'Coverage.subscriberId = [subscriber id] S1',
      `Coverage.beneficiary.identifier.value = [patient id] ${someone.memberId}`,
    ]);
  });
});

describe('what else a resource holds', () => {
  test('the dates of a visit', () => {
    expect(placed({ resourceType: 'Encounter', period: { start: begin, end } })).toEqual([
      `Encounter.period.start = [admission date] ${begin}`,
      `Encounter.period.end = [discharge date] ${end}`,
    ]);
  });

  test("a mother's maiden name", () => {
    const url = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName';
    expect(placed({ resourceType: 'Patient', extension: [{ valueString: someone.family, url }] })).toEqual([
      `Patient.extension.valueString = [mothers maiden name] ${someone.family}`,
    ]);
  });

  test('the narrative is text', () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><table><tr><td>SSN</td><td>${someone.ssn}</td></tr></table></div>`;
    expect(read({ resourceType: 'Patient', text: { div } })).toContainEqual(
      expect.objectContaining({ labels: ['SSN'], value: someone.ssn, span: 'fixed' }),
    );
  });

  test('an attached file is read again', () => {
    const rows = [5, 6, 7].map(patient).map(({ name, ssn, dob }) => `${name},${ssn},${dob}\n`);
    const file = Buffer.from(`patient,ssn,dob\n${rows.join('')}`).toString('base64');
    const content = [{ attachment: { contentType: 'text/csv', data: file } }];
    const fields = read({ resourceType: 'DocumentReference', content });
    expect(fields).toContainEqual(
      expect.objectContaining({
        value: patient(5).ssn,
        tie: 'column',
        labels: ['ssn'],
        pointer: 'content[0].attachment.data',
        span: 'fixed',
      }),
    );
  });

  test('an attached file is read whole, however long its string is', () => {
    const text = `${'a line of notes\n'.repeat(20_000)}SSN: ${someone.ssn}\n`;
    const fields = read({
      resourceType: 'Binary',
      contentType: 'text/plain',
      data: Buffer.from(text).toString('base64'),
    });
    expect(fields).toContainEqual(expect.objectContaining({ value: someone.ssn, labels: ['SSN'] }));
  });

  test('a photo is one, and not read', () => {
    const photo = [{ data: Buffer.from('JFIF0'.repeat(100)).toString('base64'), contentType: 'image/jpeg' }];
    const [field] = read({ resourceType: 'Patient', photo });
    expect(field).toMatchObject({ labels: ['patient photo'], tie: 'position', pointer: 'photo[0].data' });
    expect(field?.value).toMatch(/^data:image\/jpeg;base64,\w{128}$/);
    expect(read({ resourceType: 'Practitioner', photo })).toEqual([]);
  });

  test('an answer belongs to its question', () => {
    const item = [{ linkId: '1', text: 'Date of birth', answer: [{ valueDate: someone.dob }] }];
    expect(read({ resourceType: 'QuestionnaireResponse', item })).toContainEqual(
      expect.objectContaining({ labels: ['Date of birth'], value: someone.dob, tie: 'key' }),
    );
  });

  test('keys around a resource keep their meaning', () => {
    const fields = read({ ssn: someone.ssn, body: { resourceType: 'Patient', birthDate: someone.dob } });
    expect(fields.map(({ labels, value }) => [labels[0], value])).toEqual([
      ['date of birth', someone.dob],
      ['ssn', someone.ssn],
    ]);
  });

  test('a resource in a string', () => {
    const message = JSON.stringify({ birthDate: someone.dob, resourceType: 'Patient' });
    expect(placed({ level: 'info', message })).toEqual([`Patient.birthDate = [date of birth] ${someone.dob}`]);
  });
});

test('FHIR in YAML is FHIR', () => {
  const text = `resourceType: Patient\nbirthDate: ${someone.dob}\nname:\n  - family: ${someone.family}\n`;
  const fields = fieldsOf(yaml, Buffer.from(text), 'patient.yaml');
  expect(fields.map(({ position, value }) => [position, value])).toContainEqual(['Patient.birthDate', someone.dob]);
  expect(fields.map(({ position, value }) => [position, value])).toContainEqual([
    'Patient.name.family',
    someone.family,
  ]);
});

test('lines of NDJSON are resources', () => {
  const lines = [1, 2, 3].map((seed) => JSON.stringify({ resourceType: 'Patient', birthDate: patient(seed).dob }));
  const fields = read(lines.join('\n')).filter(({ tie }) => tie === 'position');
  expect(fields.map(({ value }) => value)).toEqual([1, 2, 3].map((seed) => patient(seed).dob));
  expect(new Set(fields.map(({ record }) => record)).size).toBe(3);
});

test('a resource that breaks off keeps what was read, and the rest is text', () => {
  const fields = read(
    `{"resourceType": "Patient", "birthDate": "${someone.dob}", "name": [{"family"\n SSN: ${someone.ssn}`,
  );
  expect(fields).toContainEqual(expect.objectContaining({ position: 'Patient.birthDate', value: someone.dob }));
  expect(fields).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
});

test('a resource without end is judged in parts', () => {
  const name = Array.from({ length: 5000 }, () => ({ family: someone.family }));
  expect(placed({ resourceType: 'Patient', name })).toHaveLength(5000);
});

const KEYS = ['resourceType', 'name', 'value', 'identifier', 'system', 'data', 'contained', 'extension', 'url', 'div'];
const tree = fc.letrec((again) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('Patient', 'Organization', 'ssn', 'Binary', 'aGVsbG8gd29ybGQh', '<b>&#x;', '2020-01-02'),
    fc.array(again('node'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), again('node'), { maxKeys: 5 }),
  ),
})).node;

test('the fields do not depend on how the bytes are split, whatever the tree is', () => {
  fc.assert(
    fc.property(
      tree,
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
      fc.nat(),
      (node, sizes, cut) => {
        const whole = Buffer.from(JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: node }, node] }));
        for (const bytes of [whole, whole.subarray(0, cut % whole.length)]) {
          expect(fieldsOf(json, bytes, 'a', sizes)).toEqual(fieldsOf(json, bytes));
        }
      },
    ),
    { numRuns: 300 },
  );
});
