/**
 * HL7 table 0203, identifier types, in words that detectors know. Types of organizations and providers are left out where
 * they cannot stand beside a patient; what is not listed is a number of the patient like any other.
 */
const LABELS: Readonly<Record<string, string>> = {
  MR: 'medical record number',
  MRN: 'medical record number',
  MRT: 'medical record number',
  SS: 'ssn',
  SSN: 'ssn',
  TAX: 'taxpayer identification number',
  DL: 'driver license number',
  DLN: 'driver license number',
  LN: 'license number',
  PPN: 'passport number',
  BR: 'birth certificate number',
  BCT: 'birth certificate number',
  MI: 'military id',
  EI: 'employee id',
  EN: 'employee id',
  PRC: 'permanent resident card number',
  AN: 'patient account number',
  ANT: 'patient account number',
  BA: 'bank account number',
  VN: 'visit number',
  VS: 'visit number',
  MC: 'medicare number',
  MCR: 'medicare number',
  MB: 'member number',
  SN: 'subscriber number',
  MA: 'medicaid number',
  MCD: 'medicaid number',
  HC: 'health card number',
  JHN: 'health card number',
  GI: 'guarantor number',
  GN: 'guarantor number',
  WC: 'claim number',
  WCN: 'claim number',
  PHC: 'case number',
  ACSN: 'accession number',
  NPI: 'npi',
  DEA: 'dea',
};

/** Types that show an organization, a device or nobody. */
const NOBODY = /^(?:XX|FI|ANON|NCT|RI|UDI|PLAC|FILL)$/;

/** Authorities whose numbers have one meaning, by their object identifiers (HL7 OID registry). */
const AUTHORITIES: readonly (readonly [string, string])[] = [
  ['2.16.840.1.113883.4.572', 'medicare number'],
  ['2.16.840.1.113883.4.927', 'medicare number'],
  ['2.16.840.1.113883.4.3.', 'driver license number'],
  ['2.16.840.1.113883.4.6', 'npi'],
  ['2.16.840.1.113883.4.1', 'ssn'],
];

const DASHED_SSN = /^\d{3}-\d{2}-\d{4}$/;
/** CMS: a Medicare Beneficiary Identifier, dashed or not. */
const MBI = /^[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d{2}$/;

/** What an extended composite id (CX) is called; undefined when it is nobody's. `plain`: what its place alone says. */
export function identifierLabel(value: string, type: string, authority: string, plain: string): string | undefined {
  if (NOBODY.test(type)) return undefined;
  const byType = LABELS[type];
  if (byType !== undefined) return byType;
  const byAuthority = AUTHORITIES.find(([oid]) => authority.includes(oid))?.[1];
  if (byAuthority !== undefined) return byAuthority;
  if (DASHED_SSN.test(value)) return 'ssn';
  return MBI.test(value) ? 'medicare number' : plain;
}
