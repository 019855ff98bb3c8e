import { patient } from './patients.ts';

/** The patients that stand in for the placeholders: `@@SSN@@`, and `@@SSN2@@` of a second one. */
const SEED = 4100;
const PLACEHOLDER = /@@([A-Z]+)([2-9]?)(?::([0-9]))?@@/g;
const ENCODED = /@@BASE64\{([\s\S]*?)\}@@/g;

export interface Filled {
  readonly text: string;
  /** The values that stand in it, also those that it holds encoded. */
  readonly values: readonly string[];
}

/**
 * A fixture with invented values in place of its placeholders: files of the project hold no identifier. `@@SSN:1@@` is the
 * second part of a value with dashes, and `@@BASE64{…}@@` a text in base64.
 */
export function filled(template: string): Filled {
  const values = new Set<string>();
  const text = template.replace(PLACEHOLDER, (_all, kind: string, number: string, part: string | undefined) => {
    const value = valueOf(kind, Number(number || '1'));
    values.add(value);
    return part === undefined ? value : (value.split('-')[Number(part)] ?? '');
  });
  return {
    text: text.replace(ENCODED, (_all, inner: string) => Buffer.from(inner).toString('base64')),
    values: [...values],
  };
}

function valueOf(kind: string, number: number): string {
  const { ssn, mrn, mbi, name, dob, phone, email, memberId, account, address } = patient(SEED + number);
  const known: Readonly<Record<string, string>> = {
    SSN: ssn,
    MRN: mrn,
    MBI: mbi,
    NAME: name,
    DOB: dob,
    PHONE: phone,
    EMAIL: email,
    MEMBER: memberId,
    ACCOUNT: account,
    ADDRESS: address,
  };
  const value = known[kind];
  if (value === undefined) throw new TypeError(`no such placeholder: ${kind}`);
  return value;
}
