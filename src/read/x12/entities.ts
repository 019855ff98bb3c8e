/**
 * Who a loop is about, by the entity identifier code (element 98) of its NM1 or N1. All other codes are providers, payers,
 * senders and places of work: nothing of theirs is a person's.
 */
export const persons: ReadonlyMap<string, string> = new Map([
  ['IL', 'subscriber'],
  ['QC', 'patient'],
  ['03', 'patient'],
  ['74', 'subscriber'],
  ['70', 'subscriber'],
  ['P2', 'subscriber'],
  ['EY', 'subscriber'],
  ['31', 'subscriber'],
  ['G0', 'patient'],
  ['S1', 'parent'],
  ['S3', 'parent'],
  ['X4', 'spouse'],
  ['EXS', 'spouse'],
  ['TZ', 'relative'],
  ['E1', 'responsible party'],
  ['QD', 'responsible party'],
  ['LR', 'guardian'],
  ['GD', 'guardian'],
  ['J6', 'guardian'],
]);

/** NM108 (element 66): what NM109 is. */
export const nameIdentifiers: ReadonlyMap<string, string> = new Map([
  ['MI', 'member id'],
  ['34', 'ssn'],
  ['SY', 'ssn'],
  ['HN', 'medicare number'],
  ['MR', 'medicaid number'],
  ['MC', 'medicaid number'],
  ['C1', 'member id'],
  ['N', 'member id'],
  ['II', 'member id'],
  ['ZZ', 'member id'],
  ['EI', 'employee id'],
  ['PI', 'member id'],
]);

/** REF01 (element 128): what REF02 is, beside a person. */
export const references: ReadonlyMap<string, string> = new Map([
  ['SY', 'ssn'],
  ['EA', 'medical record number'],
  ['MRN', 'medical record number'],
  ['0F', 'subscriber id'],
  ['1W', 'member id'],
  ['23', 'member id'],
  ['HJ', 'member id'],
  ['49', 'member id'],
  ['ABB', 'member id'],
  ['Q4', 'member id'],
  ['1L', 'group number'],
  ['6P', 'group number'],
  ['IG', 'insurance policy number'],
  ['F6', 'medicare number'],
  ['NQ', 'medicaid number'],
  ['3H', 'case number'],
  ['EJ', 'patient account number'],
  ['D9', 'claim number'],
  ['F8', 'claim number'],
  ['1K', 'claim number'],
  ['9A', 'claim number'],
  ['9C', 'claim number'],
  ['Y4', 'claim number'],
  ['G1', 'authorization number'],
  ['9F', 'referral number'],
  ['BB', 'authorization number'],
  ['XZ', 'prescription number'],
]);

/** DTP01 and DTM01 (element 374): dates of a person. */
export const dates: ReadonlyMap<string, string> = new Map([
  ['435', 'admission date'],
  ['096', 'discharge date'],
  ['472', 'service date'],
  ['434', 'service date'],
  ['150', 'service date'],
  ['151', 'service date'],
  ['232', 'service date'],
  ['233', 'service date'],
  ['439', 'accident date'],
  ['431', 'onset date'],
  ['442', 'death date'],
]);

/** PER03, 05 and 07 (element 365): what the next element is. */
export const channels: ReadonlyMap<string, string> = new Map([
  ['TE', 'phone'],
  ['HP', 'phone'],
  ['WP', 'phone'],
  ['CP', 'phone'],
  ['NP', 'phone'],
  ['AP', 'phone'],
  ['PC', 'phone'],
  ['FX', 'fax'],
  ['EM', 'email'],
]);

/** HL03 (element 735): levels that begin a person. */
export const personLevels: ReadonlySet<string> = new Set(['22', '23', 'PT']);
