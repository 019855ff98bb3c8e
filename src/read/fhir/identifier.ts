import type { FhirElement } from './element.ts';

/** HL7 table 0203, identifier type (http://terminology.hl7.org/CodeSystem/v2-0203), in plain words. */
const TYPES: Readonly<Record<string, string>> = {
  MR: 'medical record number',
  MRT: 'medical record number',
  PI: 'patient id',
  PT: 'patient id',
  PN: 'patient id',
  EPI: 'patient id',
  SS: 'ssn',
  SSN: 'ssn',
  SB: 'ssn',
  TAX: 'taxpayer id',
  MB: 'member id',
  MC: 'medicare number',
  MA: 'medicaid number',
  SN: 'subscriber number',
  HC: 'health card number',
  JHN: 'health card number',
  NH: 'health plan number',
  NI: 'national id',
  NNUSA: 'ssn',
  CZ: 'national id',
  PRC: 'permanent resident card number',
  PPN: 'passport number',
  DL: 'driver license number',
  BCT: 'birth certificate number',
  MCN: 'birth certificate number',
  MI: 'military id',
  AN: 'patient account number',
  ANON: 'patient id',
  BA: 'bank account number',
  BC: 'bank card number',
  VN: 'visit number',
  EI: 'employee number',
  WC: 'claim number',
  WCN: 'claim number',
  ACSN: 'accession number',
  PLAC: 'order number',
  FILL: 'order number',
  LN: 'license number',
  SNO: 'serial number',
  UDI: 'device identifier',
  VIN: 'vehicle identification number',
  NPI: 'npi',
  DEA: 'dea',
};

/** Of organizations and staff: never a patient's. */
const OTHERS: ReadonlySet<string> = new Set(['XX', 'EN', 'FI', 'NE', 'PRN', 'RN', 'MD', 'DN', 'U', 'TXT']);

/** By what the system's URI, or OID, ends in or holds. http://hl7.org/fhir/sid/ and the HL7 OID registry. */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/us-ssn\b|2\.16\.840\.1\.113883\.4\.1$/i, 'ssn'],
  [/us-mbi\b|2\.16\.840\.1\.113883\.4\.927$/i, 'mbi'],
  [/us-medicare\b|\bhicn?\b|2\.16\.840\.1\.113883\.4\.572$/i, 'medicare number'],
  [/us-medicaid\b/i, 'medicaid number'],
  [/2\.16\.840\.1\.113883\.4\.2$/i, 'itin'],
  [/2\.16\.840\.1\.113883\.4\.3(?:\.\d+)+$/i, 'driver license number'],
  [/2\.16\.840\.1\.113883\.4\.330(?:\.\d+)*$|passport/i, 'passport number'],
  [/us-npi\b|2\.16\.840\.1\.113883\.4\.6$/i, 'npi'],
  [/us-dea\b|2\.16\.840\.1\.113883\.4\.814$/i, 'dea'],
  [/2\.16\.840\.1\.113883\.4\.4$/i, 'employer id'],
  [/\bmbi-hash\b|\bhicn-hash\b/i, ''],
  [/\bbene_id\b/i, 'beneficiary id'],
  [/\bssn\b|social-?security/i, 'ssn'],
  [/\bmbi\b/i, 'mbi'],
  [/\bmrn\b|medical-?record/i, 'medical record number'],
  [/driver'?s?-?licen[cs]e/i, 'driver license number'],
  [/\b(?:member|subscriber)-?(?:id|no|num|number|identifier)\b/i, 'member id'],
  [/\bmedicaid\b/i, 'medicaid number'],
];

/** What a system's name alone says, in words that name an identifier; `undefined` where it says nothing, '' when no person's. */
export function kindOfSystem(system: string): string | undefined {
  return SYSTEMS.find(([pattern]) => pattern.test(system))?.[1];
}

/** Label of an identifier's value: its system, its type's code, its type's text, else `usual`. '' when it is no person's. */
export function kindOfIdentifier(identifier: FhirElement, usual: string): string {
  const bySystem = kindOfSystem(identifier.fact('system'));
  if (bySystem !== undefined) return bySystem;
  for (const code of identifier.fact('type.code').split(' ')) {
    const kind = TYPES[code.toUpperCase()];
    if (kind !== undefined) return kind;
    if (OTHERS.has(code)) return '';
  }
  return kindOfSystem(identifier.fact('type.text').trim().replaceAll(' ', '-')) ?? usual;
}
