import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { patient, patients } from '../support/patients.ts';
import type { Patient } from '../support/patients.ts';

const engine = new Engine();
const invented = patients(60);

function scan(path: string, text: string): readonly EntryFinding[] {
  return engine.scan(path, Buffer.from(text));
}

/** Labels as different systems write them. */
const WRITINGS: readonly (readonly [detector: string, label: string, value: (one: Patient) => string])[] = [
  ['ssn', 'SSN: ', (one) => one.ssn],
  ['ssn', 'social_security_number=', (one) => one.ssn.replaceAll('-', '')],
  ['ssn', 'paid by ', (one) => one.ssn],
  ['mrn', 'MRN: ', (one) => one.mrn],
  ['mrn', '"patientId": ', (one) => one.mrn],
  ['mrn', 'Medical Record Number ', (one) => `E${one.mrn}`],
  ['mbi', 'MBI=', (one) => one.mbi],
  ['mbi', 'seen ', (one) => `${one.mbi.slice(0, 4)}-${one.mbi.slice(4, 7)}-${one.mbi.slice(7)}`],
  ['member-id', 'Member ID: ', (one) => one.memberId],
  ['member-id', 'SUBSCRIBER_ID=', (one) => one.memberId],
  ['account', 'Patient Account #: ', (one) => one.account],
  ['dob', 'DOB: ', (one) => one.dob],
  ['dob', 'birth_date=', (one) => one.dob.replaceAll('-', '')],
  ['dob', 'Date of Birth: ', (one) => one.dob.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1')],
  ['name', 'Patient: ', (one) => one.name],
  ['name', 'Patient name: ', (one) => `${one.given} A ${one.family}`],
  ['name', 'patient_name=', (one) => `${one.family}, ${one.given} I.`],
  ['name', 'PATIENT NAME: ', (one) => `${one.family}, ${one.given}`.toUpperCase()],
  ['address', 'Patient address: ', (one) => one.address],
  ['address', 'PATIENT_STREET=', (one) => one.street],
  ['phone', 'Patient phone: ', (one) => one.phone],
  ['phone', 'patient_mobile=', (one) => `+1${one.phone.replaceAll('-', '')}`],
  ['email', 'Patient email: ', (one) => one.email],
];

describe('invented patients', () => {
  it.each(WRITINGS)('%s behind `%s` is found of each, as a real value', (detector, label, value) => {
    for (const one of invented) {
      const found = scan('notes.txt', `${label}${value(one)}\n`).map((finding) => [finding.detector, finding.outcome]);
      expect(found).toContainEqual([detector, 'real']);
    }
  });

  it('are the same for the same seed, and differ between seeds', () => {
    expect(patient(7)).toEqual(patient(7));
    expect(new Set(invented.map((one) => one.ssn)).size).toBe(invented.length);
    expect(new Set(invented.map((one) => one.mrn)).size).toBe(invented.length);
  });

  it('make one record finding of a table, with a row for each', () => {
    const header = 'mrn,first_name,last_name,dob,ssn,phone,email,street,city,state,zip,member_id\n';
    const rows = invented.map((one) =>
      [
        one.mrn,
        one.given,
        one.family,
        one.dob,
        one.ssn,
        one.phone,
        one.email,
        one.street,
        one.city,
        one.state,
        one.zip,
        one.memberId,
      ].join(),
    );
    const [finding, ...others] = scan('patients.csv', `${header}${rows.join('\n')}\n`);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'patient-record',
      severity: 'critical',
      outcome: 'real',
      count: invented.length,
    });
    expect(finding?.identifiers).toEqual(['address', 'dob', 'email', 'member-id', 'mrn', 'name', 'phone', 'ssn']);
  });
});

/** What software is full of. */
const noise = fc.oneof(
  fc.uuid(),
  fc.string().map((text) => createHash('sha256').update(text).digest('hex')),
  fc.string().map((text) => createHash('sha1').update(text).digest('hex').slice(0, 40)),
  fc.string().map((text) => createHash('sha512').update(text).digest('base64')),
  fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }).map(String),
  fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.nat(30), fc.nat(30), fc.nat(9999)).map((parts) => parts.join('.')),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.ipV4(),
  fc.emailAddress(),
  fc.webUrl(),
);

describe('what software is full of', () => {
  it('gives no finding below the labels of software', () => {
    const label = fc.constantFrom(
      'id',
      'name',
      'build',
      'created_at',
      'phone',
      'address',
      'email',
      'account',
      'policy',
      'zip',
      'group',
      '',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(label, noise), { minLength: 1, maxLength: 20 }), (pairs) => {
        expect(scan('app.log', pairs.map(([key, value]) => `${key}: ${value}\n`).join(''))).toEqual([]);
        expect(scan('app.json', JSON.stringify(pairs.map(([key, value]) => ({ [key]: value }))))).toEqual([]);
      }),
    );
  });

  it('gives no finding for random identifiers that stand in place of a number', () => {
    const pseudonym = fc.oneof(
      fc.uuid(),
      fc.string().map((text) => createHash('sha256').update(text).digest('hex')),
      fc.string().map((text) => createHash('sha256').update(text).digest('base64url')),
    );
    const label = fc.constantFrom(
      'mrn',
      'patient_id',
      'memberId',
      'subscriber id',
      'patient account',
      'ssn',
      'dob',
      'patient_phone',
    );
    fc.assert(
      fc.property(label, pseudonym, (key, value) => {
        expect(scan('app.log', `${key}=${value}\n`)).toEqual([]);
        expect(scan('app.json', JSON.stringify({ [key]: value }))).toEqual([]);
        expect(scan('app.log', `loaded ${key} ${value} in 12 ms\n`)).toEqual([]);
      }),
    );
  });
});
