import { digitsOf, isMbiStructure, isNotNumberOfPerson, PLACED_NUMBER } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Three letters of a Blue Cross plan, W of Aetna, U of Cigna, ...: every payer has its own. */
const PLAN = '[A-Za-z]{1,4}[- ]?';
const NUMBER = '[0-9][0-9A-Za-z-]{3,18}[0-9A-Za-z]';
const PLAN_OR_NUMBER = `(?:(?:${PLAN})?${NUMBER})`;

const FEWEST_DIGITS = 4;
const FEWEST = 6;
const MOST = 20;

function check(value: string, _label: string, placed = false): CheckResult {
  if (placed) return isMbiStructure(value.replace(/-/g, '').toUpperCase()) ? 'fail' : 'none';
  const plain = value.replace(/[^0-9A-Za-z]/g, '');
  if (plain.length < FEWEST || plain.length > MOST || digitsOf(value).length < FEWEST_DIGITS) return 'fail';
  if (isMbiStructure(plain.toUpperCase())) return 'fail';
  return value.includes('--') || isNotNumberOfPerson(value) ? 'fail' : 'none';
}

export const memberId: Detector = {
  id: 'member-id',
  identifier: 'member-id',
  safeHarbor: 'I',
  title: 'Health plan member number',
  finds:
    "Numbers of 6 to 20 digits and letters below a label that names a health plan's member, subscriber or insured person, Medicaid " +
    'recipients included.',
  misses:
    'Numbers without a label, group and plan numbers alone (they name an employer), and values that are also a date, a digest, a UUID ' +
    'or a version. Medicare Beneficiary Identifiers are reported as mbi.',
  labels: {
    strong: phrases(
      'member id, member identifier, member number, member no, member num, member #, subscriber id, ' +
        'subscriber identifier, subscriber number, subscriber no, subscriber num, subscriber #, insured id, ' +
        'insured number, insured no, insurance id, insurance number, insurance policy number, ' +
        'insurance member id, health plan id, health plan number, health plan beneficiary number, ' +
        'health insurance number, health insurance claim number, health card number, health card no, ' +
        'beneficiary id, beneficiary number, bene id, bene hicn, bene hicn num, hicn, hic no, hic num, ' +
        'hic number, hicno, medicare id, medicare no, medicare number, medicare claim number, medicaid, ' +
        'medicaid id, medicaid no, medicaid number, recipient medicaid id, cardholder id, guarantor id, ' +
        'guarantor number',
    ),
    weak: phrases(
      'policy number, policy no, policy id, policy, card number, member, subscriber, recipient id, ' +
        'enrollee id, certificate number, plan member',
    ),
    whole: phrases('policy, member, subscriber'),
    not: [...DESCRIPTIONS, ...phrases('status, date, time, group, team, class, enum, npi, provider')],
  },
  placed: PLACED_NUMBER,
  shape: PLAN_OR_NUMBER,
  check,
  synthetic: isFillerNumber,
  direct: true,
  severity: { labelled: 'high' },
  mask: '[member-id]',

  examples: () => [
    {
      path: 'notes.txt',
      text: `Member ID: ${glue('XJ', 'BH', '12', '73', '56', '89')}\n`,
      reason: 'letters of the plan, then digits',
    },
    {
      path: 'notes.txt',
      text: `Subscriber #: ${glue('W', '24', '90', '61', '377')}\n`,
      reason: 'one letter and nine digits',
    },
    { path: 'notes.txt', text: `subscriber id ${glue('90', '61', '37', '725')}\n`, reason: 'digits only' },
    {
      path: 'a.json',
      text: `{"coverage":{"subscriberId":"${glue('ZGP', '90', '61', '37', '72')}"}}`,
      reason: 'FHIR Coverage',
    },
    {
      path: 'a.json',
      text: `{"memberId": ${glue('90', '61', '37', '725')}}`,
      reason: 'a JSON number below a camelCase key',
    },
    {
      path: 'a.csv',
      text: `member_id,plan\n${glue('90', '61', '37', '72')},HMO\n${glue('41', '08', '25', '93')},PPO\n`,
      reason: 'a column',
    },
    {
      path: 'app.env',
      text: `DEMO_INSURED_ID=${glue('YKP', '60', '37', '41', '9')}\n`,
      reason: 'an environment variable',
    },
    {
      path: 'notes.txt',
      text: `HICN: ${glue('52', '44', '17', '312')}\n`,
      reason: 'a Medicare claim number without its code',
    },
    {
      path: 'notes.txt',
      text: `Medicaid ID ${glue('AB', '41', '70', '2', 'C')}\n`,
      reason: "a state's Medicaid number",
    },
    {
      path: 'notes.txt',
      text: `member id: ${glue('12', '34', '56', '78', '9')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `member id: ${glue('TEST', '00', '47', '1')}\n`,
      reason: 'a test number',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'a.ts', text: 'if (member.id === other.id) return memberId;\n', reason: 'members in code' },
    {
      path: 'a.ts',
      text: 'interface Row { memberId: string; subscriberId?: number }\n',
      reason: 'types behind the labels',
    },
    {
      path: 'a.sql',
      text: 'CREATE TABLE m (member_id BIGINT, subscriber_id VARCHAR(32));\n',
      reason: 'a table definition',
    },
    { path: 'notes.txt', text: 'member id: {{memberId}} ${MEMBER_ID} %s <id>\n', reason: 'template placeholders' },
    {
      path: 'a.json',
      text: `{"memberId":"${glue('5f0c', '9d4e-', '77a1-', '4c3b-', '9e52-', '0b6d', '1f28', 'a7c3')}"}`,
      reason: 'a UUID is a pseudonym',
    },
    { path: 'a.json', text: `{"memberId":"${glue('9f86d0', '81884c7d')}"}`, reason: 'the start of a digest' },
    { path: 'notes.txt', text: `member id ${glue('20', '24', '-11', '-05')}\n`, reason: 'a date' },
    { path: 'notes.txt', text: `member number ${glue('31', '4')}\n`, reason: 'too short' },
    { path: 'notes.txt', text: 'member number sha512\n', reason: 'the name of an algorithm' },
    { path: 'notes.txt', text: `order number ${glue('90', '61', '37', '72')}\n`, reason: 'an order number' },
    { path: 'a.json', text: `{"policy": "${glue('90', '61', '37', '72')}"}`, reason: 'a policy without a person' },
    { path: 'notes.txt', text: `remember id ${glue('90', '61', '37', '72')}\n`, reason: 'member inside a longer word' },
    {
      path: 'a.json',
      text: `{"member_id_type": "${glue('90', '61', '37', '72')}"}`,
      reason: 'a label that means a type',
    },
  ],
  references: [
    'ASC X12 005010X279A1 (270/271), loop 2100C NM109 with NM108 = MI',
    'HL7 FHIR R4, Coverage.subscriberId',
    'HL7 v2.5.1, chapter 6, IN1-36 and IN1-49',
    'SSA POMS GN 01050.005 (claim number suffixes)',
    '45 CFR 164.514(b)(2)(i)(I)',
  ],
};
