import type { Identifier } from '../finding.ts';

/** The letter of 45 CFR 164.514(b)(2)(i) of each identifier, and whether one of it makes a record critical (design: severity table). */
export const safeHarbor: Readonly<
  Record<Exclude<Identifier, 'patient-record' | 'exit-string'>, { readonly letter: string; readonly direct: boolean }>
> = {
  name: { letter: 'A', direct: true },
  address: { letter: 'B', direct: false },
  date: { letter: 'C', direct: false },
  dob: { letter: 'C', direct: false },
  phone: { letter: 'D', direct: false },
  fax: { letter: 'E', direct: false },
  email: { letter: 'F', direct: false },
  ssn: { letter: 'G', direct: true },
  mrn: { letter: 'H', direct: true },
  mbi: { letter: 'I', direct: true },
  'member-id': { letter: 'I', direct: true },
  account: { letter: 'J', direct: true },
  license: { letter: 'K', direct: false },
  vehicle: { letter: 'L', direct: false },
  device: { letter: 'M', direct: false },
  url: { letter: 'N', direct: false },
  ip: { letter: 'O', direct: false },
  biometric: { letter: 'P', direct: false },
  photo: { letter: 'Q', direct: false },
  'other-id': { letter: 'R', direct: false },
};

export const identifiers: readonly string[] = Object.keys(safeHarbor);

export function isIdentifier(text: string): text is keyof typeof safeHarbor {
  return Object.hasOwn(safeHarbor, text);
}
