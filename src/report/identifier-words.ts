import type { Identifier } from '../finding.ts';

const TITLES: Readonly<Record<Identifier, string>> = {
  name: 'name of a patient',
  address: 'postal address',
  date: 'date of care',
  dob: 'birth date',
  phone: 'telephone number',
  fax: 'fax number',
  email: 'e-mail address',
  ssn: 'Social Security number',
  mrn: 'medical record number',
  mbi: 'Medicare beneficiary identifier',
  'member-id': 'health plan member number',
  account: 'patient account number',
  license: 'licence or certificate number',
  vehicle: 'vehicle identifier',
  device: 'device identifier',
  url: 'web address of a person',
  ip: 'internet address of a person',
  biometric: 'biometric identifier',
  photo: 'photograph of a face',
  'other-id': 'other unique identifier',
  'patient-record': 'patient record',
  'exit-string': 'exception text in an exit string',
};

/** What an identifier is, for people: `Social Security number`. One that is not known, of a later version, as it is written. */
export function identifierTitle(identifier: Identifier): string {
  return Object.hasOwn(TITLES, identifier) ? TITLES[identifier] : identifier;
}

/** The same at the beginning of a line. */
export function identifierHeading(identifier: Identifier): string {
  const title = identifierTitle(identifier);
  return title.slice(0, 1).toUpperCase() + title.slice(1);
}
