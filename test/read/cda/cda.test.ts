import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/detect/field.ts';
import { readers } from '../../../src/read/readers.ts';
import { xmlReader } from '../../../src/read/xml/xml.ts';
import { patient } from '../../support/patients.ts';
import { fieldsOf } from '../reading.ts';

const xml = xmlReader(() => readers);
const someone = patient(41);
const born = ['1961', '0312'].join('');
const begin = ['2020', '0102'].join('');
const end = ['2020', '0105'].join('');
const visitId = `E${String(4471)}`;
const ROOT = '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc">';

function read(body: string): readonly Field[] {
  return fieldsOf(xml, Buffer.from(`<?xml version="1.0"?>\n${ROOT}\n${body}\n</ClinicalDocument>`));
}

/** `position = [labels] value`, of the places that CDA gives a meaning. */
function placed(body: string): readonly string[] {
  return read(body)
    .filter(({ tie }) => tie === 'position')
    .map(({ position, labels, value }) => `${position ?? ''} = [${labels.join(', ')}] ${value}`);
}

const NAME = `<name><given>${someone.given}</given><family>${someone.family}</family></name>`;
const ADDRESS = `<addr><streetAddressLine>${someone.street}</streetAddressLine><city>${someone.city}</city>
  <state>${someone.state}</state><postalCode>${someone.zip}</postalCode></addr>`;
const CONTACT = `<telecom value="tel:${someone.phone}"/><telecom value="mailto:${someone.email}"/>`;

test('the patient', () => {
  const role = `<recordTarget><patientRole>
    <id root="2.16.840.1.113883.4.1" extension="${someone.ssn}"/><id root="1.2.3" extension="${someone.mrn}"/>
    ${ADDRESS}${CONTACT}
    <patient>${NAME}<birthTime value="${born}"/><sdtc:deceasedTime value="${begin}"/></patient>
    <providerOrganization><id root="1.2.4" extension="77"/><name>Clinic</name>${CONTACT}${ADDRESS}</providerOrganization>
    </patientRole></recordTarget>`;
  expect(placed(role)).toEqual([
    `patientRole/id = [ssn] ${someone.ssn}`,
    `patientRole/id = [medical record number] ${someone.mrn}`,
    `patientRole/addr/streetAddressLine = [patient address] ${someone.street}`,
    `patientRole/addr/city = [patient city] ${someone.city}`,
    `patientRole/addr/postalCode = [patient postal code] ${someone.zip}`,
    `patientRole/telecom = [patient phone] ${someone.phone}`,
    `patientRole/telecom = [patient email] ${someone.email}`,
    `patientRole/patient/name/given = [patient first name] ${someone.given}`,
    `patientRole/patient/name/family = [patient last name] ${someone.family}`,
    `patientRole/patient/birthTime = [date of birth] ${born}`,
    `patientRole/patient/deceasedTime = [date of death] ${begin}`,
  ]);
  expect(
    new Set(
      read(role)
        .filter(({ tie }) => tie === 'position')
        .map(({ record }) => record),
    ).size,
  ).toBe(1);
});

describe('others around the patient', () => {
  test.each<[string, string, number]>([
    [
      'a guardian',
      `<recordTarget><patientRole><patient><guardian>${NAME}${CONTACT}</guardian></patient></patientRole></recordTarget>`,
      4,
    ],
    [
      'a next of kin',
      `<participant typeCode="IND"><associatedEntity classCode="NOK">${NAME}${CONTACT}</associatedEntity></participant>`,
      4,
    ],
    [
      'a related person who informs',
      `<informant><relatedEntity classCode="PRS">${NAME}</relatedEntity></informant>`,
      2,
    ],
    [
      'a relative with a history',
      `<subject><relatedSubject classCode="PRS"><subject>${NAME}<birthTime value="1934"/></subject></relatedSubject></subject>`,
      3,
    ],
    [
      'the holder of a policy',
      `<participant typeCode="HLD"><participantRole><id root="1.2" extension="${someone.memberId}"/>${ADDRESS}</participantRole></participant>`,
      4,
    ],
    [
      'an author',
      `<author><time value="${begin}"/><assignedAuthor><id root="1.2" extension="77"/>${NAME}${CONTACT}${ADDRESS}</assignedAuthor></author>`,
      0,
    ],
    [
      'a custodian',
      `<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2" extension="7"/>${CONTACT}</representedCustodianOrganization></assignedCustodian></custodian>`,
      0,
    ],
    [
      'a contact at a practice',
      `<participant typeCode="CALLBCK"><associatedEntity classCode="ASSIGNED">${NAME}${CONTACT}</associatedEntity></participant>`,
      0,
    ],
    [
      'a place of care',
      `<participant typeCode="LOC"><participantRole classCode="SDLOC">${NAME}${ADDRESS}</participantRole></participant>`,
      0,
    ],
    ['a performer', `<performer><assignedEntity>${NAME}${CONTACT}</assignedEntity></performer>`, 0],
  ])('%s', (_title, body, count) => {
    expect(placed(body)).toHaveLength(count);
  });

  test('a national provider number is told as what it is', () => {
    const id = `<id root="2.16.840.1.113883.4.6" extension="1${'23'.repeat(4)}9"/>`;
    expect(placed(`<author><assignedAuthor>${id}</assignedAuthor></author>`)[0]).toMatch(/= \[npi\]/);
  });
});

test('a null flavor is no value', () => {
  expect(
    placed(
      '<recordTarget><patientRole><id nullFlavor="UNK" root="1.2" extension="0047"/><telecom nullFlavor="NI" value="x"/></patientRole></recordTarget>',
    ),
  ).toEqual([]);
});

test("HL7's OID for examples marks an invented patient", () => {
  const fields = read(
    `<recordTarget><patientRole><id root="2.16.840.1.113883.19.5" extension="${someone.mrn}"/>${CONTACT}</patientRole></recordTarget>`,
  );
  expect(fields.filter(({ tie }) => tie === 'position').map(({ synthetic }) => synthetic)).toEqual([true, true, true]);
});

test('the visit', () => {
  const visit = `<componentOf><encompassingEncounter><id root="1.2" extension="${visitId}"/><effectiveTime><low value="${begin}"/><high value="${end}"/></effectiveTime></encompassingEncounter></componentOf>`;
  expect(placed(visit)).toEqual([
    `encompassingEncounter/id = [encounter number] ${visitId}`,
    `encompassingEncounter/effectiveTime/low = [admission date] ${begin}`,
    `encompassingEncounter/effectiveTime/high = [discharge date] ${end}`,
  ]);
});

test('a name in one text', () => {
  expect(
    placed(`<recordTarget><patientRole><patient><name>${someone.name}</name></patient></patientRole></recordTarget>`),
  ).toEqual([`patientRole/patient/name = [patient name] ${someone.name}`]);
});

test('tables of the narrative are lines', () => {
  const section = `<component><section><text><table><tbody><tr><td>MRN</td><td>${someone.mrn}</td></tr><tr><td>DOB</td><td>${someone.dob}</td></tr></tbody></table></text></section></component>`;
  const fields = read(section).filter(({ labels }) => labels.length > 0);
  expect(fields.map(({ labels, value }) => [labels[0], value])).toEqual([
    ['MRN', someone.mrn],
    ['DOB', someone.dob],
  ]);
});

test('a body that is no XML is read again', () => {
  const file = Buffer.from(`Consult\nSSN: ${someone.ssn}\n`).toString('base64');
  const body = `<component><nonXMLBody><text mediaType="text/plain" representation="B64">${file}</text></nonXMLBody></component>`;
  expect(read(body)).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn, span: 'fixed' }));
});

test('a large body, too', () => {
  const file = Buffer.from(`${'a line of notes\n'.repeat(30_000)}SSN: ${someone.ssn}\n`).toString('base64');
  const body = `<component><nonXMLBody><text mediaType="text/plain" representation="B64">${file}</text></nonXMLBody></component>`;
  expect(read(body)).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
});

test('a role that stands alone is one, too', () => {
  const text = `<recordTarget>\n<patientRole><id root="1.2" extension="${someone.mrn}"/></patientRole>\n</recordTarget>`;
  expect(fieldsOf(xml, Buffer.from(text)).map(({ position }) => position)).toEqual(['patientRole/id']);
});

test('a message of version 3', () => {
  const text = `<PRPA_IN201301UV02 xmlns="urn:hl7-org:v3"><subject><patient><id root="1.2" extension="${someone.mrn}"/><patientPerson>${NAME}</patientPerson></patient></subject></PRPA_IN201301UV02>`;
  expect(fieldsOf(xml, Buffer.from(text)).map(({ labels, value }) => [labels[0], value])).toEqual([
    ['medical record number', someone.mrn],
    ['patient first name', someone.given],
    ['patient last name', someone.family],
  ]);
});

test('a document that breaks off keeps what was read', () => {
  const text = `${ROOT}<recordTarget><patientRole>${CONTACT}<patient><name><given>SSN: ${someone.ssn}`;
  const fields = fieldsOf(xml, Buffer.from(text));
  expect(fields.filter(({ tie }) => tie === 'position')).toHaveLength(2);
  expect(fields).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
});
