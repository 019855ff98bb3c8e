import { expect, test } from 'vitest';
import { readers } from '../../../src/read/readers.ts';
import { xmlReader } from '../../../src/read/xml/xml.ts';
import { patient } from '../../support/patients.ts';
import { fieldsOf } from '../reading.ts';

const xml = xmlReader(() => readers);
const someone = patient(33);

/** `position = [labels] value`, of the places that FHIR gives a meaning. */
function placed(text: string): readonly string[] {
  return fieldsOf(xml, Buffer.from(text))
    .filter(({ tie }) => tie === 'position')
    .map(({ position, labels, value }) => `${position ?? ''} = [${labels.join(', ')}] ${value}`);
}

const PERSON = `<identifier><value value="${someone.mrn}"/><type><coding><code value="MR"/></coding></type></identifier>
  <name><family value="${someone.family}"/><given value="${someone.given}"/></name>
  <telecom><system value="phone"/><value value="${someone.phone}"/></telecom>
  <birthDate value="${someone.dob}"><extension url="http://hl7.org/x"><valueString value="y"/></extension></birthDate>`;

test('a patient', () => {
  expect(placed(`<Patient xmlns="http://hl7.org/fhir">${PERSON}</Patient>`)).toEqual([
    `Patient.identifier.value = [medical record number] ${someone.mrn}`,
    `Patient.name.family = [patient last name] ${someone.family}`,
    `Patient.name.given = [patient first name] ${someone.given}`,
    `Patient.telecom.value = [patient phone] ${someone.phone}`,
    `Patient.birthDate = [date of birth] ${someone.dob}`,
  ]);
});

test('a Bundle has patients and others', () => {
  const entries = ['Practitioner', 'Patient', 'Organization', 'Patient'].map(
    (type) => `<entry><resource><${type}>${PERSON}</${type}></resource></entry>`,
  );
  const text = `<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir">${entries.join('')}</Bundle>`;
  const fields = fieldsOf(xml, Buffer.from(text)).filter(({ tie }) => tie === 'position');
  expect(fields).toHaveLength(10);
  expect(new Set(fields.map(({ record }) => record)).size).toBe(2);
});

test('a definition is nobody', () => {
  expect(
    fieldsOf(xml, Buffer.from(`<StructureDefinition xmlns="http://hl7.org/fhir">${PERSON}</StructureDefinition>`)),
  ).toEqual([]);
});

test('the narrative is text', () => {
  const div = `<div xmlns="http://www.w3.org/1999/xhtml"><table><tr><td>SSN</td><td>${someone.ssn}</td></tr></table></div>`;
  const fields = fieldsOf(xml, Buffer.from(`<Patient xmlns="http://hl7.org/fhir"><text>${div}</text></Patient>`));
  expect(fields).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
});

test('a resource that breaks off keeps what was read', () => {
  const text = `<Patient xmlns="http://hl7.org/fhir">${PERSON}<address><line value="`;
  expect(placed(text)).toHaveLength(5);
});
