import { digitsOf, isNotNumberOfPerson, PLACED_NUMBER } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

const PREFIX = '[A-Za-z]{1,4}[-:]?';
const NUMBER = '[0-9][0-9A-Za-z-]{2,17}[0-9A-Za-z]';

const FEWEST_DIGITS = 4;
const FEWEST = 5;
const MOST = 18;

/** An account of Amazon Web Services has twelve digits. */
const CLOUD_ACCOUNT_DIGITS = 12;

/** Labels that may be those of a bank or a cloud. */
const PLAIN: readonly string[] = phrases(
  'account number, account no, account num, account #, acct number, acct no, acct num, acct #, acct, ' +
    'account, account id, bank account, bank account number, bank card number, billing account',
);

function check(value: string, label: string, placed = false): CheckResult {
  if (placed) return 'none';
  const plain = value.replace(/[^0-9A-Za-z]/g, '');
  const digits = digitsOf(value);
  if (plain.length < FEWEST || plain.length > MOST || digits.length < FEWEST_DIGITS) return 'fail';
  if (PLAIN.includes(label) && plain === digits && digits.length === CLOUD_ACCOUNT_DIGITS) return 'fail';
  return value.includes('--') || isNotNumberOfPerson(value) ? 'fail' : 'none';
}

export const account: Detector = {
  id: 'account',
  identifier: 'account',
  safeHarbor: 'J',
  title: 'Patient account number',
  finds:
    'Account numbers of 5 to 18 digits and letters below a label that names a patient, guarantor or hospital account; below a plain ' +
    '`account number` only beside other identifiers of a person.',
  misses:
    'Accounts without a label, bank accounts outside of health records, IBANs, and twelve digits below a plain account label, which ' +
    'are taken for an AWS account.',
  labels: {
    strong: phrases(
      'patient account, patient account no, patient account num, patient account number, ' +
        'patient account id, patient account #, patient acct, patient acct no, patient acct num, ' +
        'patient acct number, patient acct #, patient control number, patient control no, pat acct, ' +
        'pat acct no, pat acct num, pt acct, pt acct no, pt account, hospital account, hospital account id, ' +
        'hospital account number, hsp account id, guarantor account, guarantor account no, ' +
        'guarantor account number, guarantor acct',
    ),
    weak: PLAIN,
    whole: phrases('account, acct, account id'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'status, date, name, balance, aws, iam, arn, gcp, azure, cloud, service, storage, github, user, ' +
          'email, key',
      ),
    ],
  },
  placed: PLACED_NUMBER,
  shape: `(?:(?:${PREFIX})?${NUMBER})`,
  check,
  synthetic: isFillerNumber,
  direct: true,
  severity: { labelled: 'high' },
  mask: '[account]',

  examples: () => [
    { path: 'notes.txt', text: `Patient account no: ${glue('70', '41', '93', '82')}\n`, reason: 'a label and digits' },
    {
      path: 'notes.txt',
      text: `Patient Acct # ${glue('A', '70', '41', '93', '82')}\n`,
      reason: 'a letter before the digits',
    },
    {
      path: 'notes.txt',
      text: `guarantor account number ${glue('70', '41', '-', '93', '82')}\n`,
      reason: "the guarantor's account",
    },
    {
      path: 'a.json',
      text: `{"hospitalAccountId":"${glue('HAR', '70', '41', '93')}"}`,
      reason: 'a hospital account in JSON',
    },
    { path: 'a.csv', text: `pat_acct_num,amount\n${glue('70', '41', '93', '82')},20\n`, reason: 'a column' },
    {
      path: 'a.json',
      text: `{"patientAccount": ${glue('70', '41', '93', '82', '65', '07')}}`,
      reason: 'twelve digits of a patient',
    },
    {
      path: 'a.csv',
      text: `ssn,account_number\n${glue('524-', '41-', '7312')},${glue('70', '41', '93', '82')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `patient account: ${glue('00', '00', '00', '00')}\n`,
      reason: 'zeros',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `patient acct no ${glue('12', '34', '56', '7')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'app.env', text: `AWS_ACCOUNT_ID=${glue('70', '41', '93', '82', '65', '07')}\n`, reason: 'an AWS account' },
    { path: 'notes.txt', text: `arn:aws:iam::${glue('70', '41', '93', '82', '65', '07')}:role/x\n`, reason: 'an ARN' },
    { path: 'notes.txt', text: `account number ${glue('70', '41', '93', '82')}\n`, reason: 'an account of anything' },
    {
      path: 'notes.txt',
      text: `order no ${glue('70', '41', '93', '82')} sku ${glue('55', '20', '17')}\n`,
      reason: 'orders and articles',
    },
    { path: 'notes.txt', text: `invoice ${glue('70', '41', '93', '82')}\n`, reason: 'an invoice' },
    { path: 'notes.txt', text: `tracking number ${glue('1Z', '70', '41', '93', '82')}\n`, reason: 'a parcel' },
    { path: 'a.ts', text: 'const patientAccount = await open(accountId);\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'patient account: {{account}} ${ACCOUNT} %d\n', reason: 'template placeholders' },
    { path: 'a.json', text: `{"patientAccount":"${glue('9f86d0', '81884c7d')}"}`, reason: 'the start of a digest' },
    { path: 'notes.txt', text: `patient account ${glue('20', '24', '-11', '-05')}\n`, reason: 'a date' },
    { path: 'notes.txt', text: `patient account status ${glue('70', '4')}\n`, reason: 'too short' },
    {
      path: 'a.csv',
      text: `ssn,aws_account_id\n,${glue('70', '41', '93', '82', '65', '07')}\n`,
      reason: 'an AWS account in a table',
    },
  ],
  references: [
    'HL7 v2.5.1, chapter 3, PID-18',
    'ASC X12 005010X222A1 (837P), CLM01 patient control number',
    '45 CFR 164.514(b)(2)(i)(J)',
  ],
};
