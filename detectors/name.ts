import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFakeName } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { isNoName, isOrganisationWord } from '../src/detect/no-names.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Latin, Greek, Cyrillic, ... to Hangul, as plain ranges: RE2 compiles `\p{L}` a hundred times slower. */
const BEYOND_ASCII = '\u00c0-\u024f\u0370-\u1fff\u3040-\ud7a3';
const LETTER = `[A-Za-z${BEYOND_ASCII}]`;
const CAPITAL = `[A-Z${BEYOND_ASCII}]`;
const INNER = `[A-Za-z${BEYOND_ASCII}'\u2019-]*`;
/** Synthea puts a number behind the words it draws. */
const WORD = `${LETTER}${INNER}[0-9]{0,3}`;
const CAPITALISED = `${CAPITAL}${INNER}[0-9]{0,3}`;
const INITIAL = `${CAPITAL}\\.`;
const PARTICLE = '(?:de|da|dos|del|della|di|du|el|al|ibn|bin|la|las|le|van|von|der|den|ter|y|st\\.)';
const TITLE = '(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|MR|MRS|MS|DR)\\.? )?';
const GENERATION = '(?:,? (?:Jr|Sr|JR|SR|II|III|IV)\\.?)?';

/** `Okafor^Marlene^Q`, components 1 to 7 of HL7's XPN and DICOM's PN. */
const COMPONENTS = `${WORD}(?:[ -]${WORD}){0,2}\\^${WORD}(?:[ -]${WORD}){0,2}(?:\\^[A-Za-z${BEYOND_ASCII}'. -]*){0,6}`;
/** `Okafor, Marlene Q`. */
const LAST_FIRST = `${CAPITALISED}(?:[ -]${CAPITALISED}){0,2}${GENERATION}, ?${CAPITALISED}(?: (?:${INITIAL}|${CAPITALISED})){0,2}`;
/** `Marlene Q. de la Cruz Okafor`. */
const FIRST_LAST = `${TITLE}${CAPITALISED}(?: (?:${INITIAL}|${PARTICLE}|${CAPITALISED})){1,4}${GENERATION}`;
/** As databases write them: any case. */
const ANY_CASE = `${TITLE}${WORD}(?:,? (?:${INITIAL}|${WORD})|,${WORD}){0,4}${GENERATION}`;

/** Labels of one part of a name, below which one word is enough. */
const PART = /\b(?:first|last|given|family|middle|maiden|surname|forename|fname|lname|fst|st|mdl|lst|srnm)\b/;

function wordsOf(value: string): readonly string[] {
  return value.split(/[\s,^]+/u).filter((word) => word !== '');
}

/** `getName`, `OrderStatusCode`; not `McKay`, `DeShawn` or `LaToya`. */
function isCodeWord(word: string): boolean {
  return /^\p{Ll}+\p{Lu}/u.test(word) || (word.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0) > 1;
}

function check(value: string, label: string, placed = false): CheckResult {
  const words = wordsOf(value);
  // Nobody doubts that PID-5 is a name: `CHER`, `BANK^GIVEN`, `de la cruz`.
  if (placed) return words.every(isNoName) && !isFakeName(words) ? 'fail' : 'none';
  const [first = '', second] = words;
  if (/[,^]/.test(value) && isFakeName(words)) return 'none';
  // Behind the third word, a greedy shape may have reached the next caption.
  if (words.slice(0, 3).some(isNoName) || words.some(isCodeWord) || words.some(isOrganisationWord)) return 'fail';
  if (PART.test(label)) return 'none';
  if (second === undefined) return 'fail';
  if (/[,^]/.test(value)) return 'none';
  // In a sentence (`must be given`, `Enter it here`) the first or the last word is in small letters.
  return /^\p{Ll}/u.test(first) || /^\p{Ll}{3,}/u.test(words.at(-1) ?? '') ? 'fail' : 'none';
}

export const name: Detector = {
  id: 'name',
  identifier: 'name',
  safeHarbor: 'A',
  title: 'Name of a patient',
  finds:
    'Names below a label or at a place that says whose they are: of a patient, member, subscriber, guarantor or relative, in the order ' +
    'first-last, last-first or with the carets of HL7 and DICOM; below a plain `name`, `first name` or `surname` only beside other ' +
    'identifiers of a person.',
  misses:
    'Names in running text without a label, names in lower case below a label for the whole name, single words below it, and names ' +
    'that are written in scripts without capital letters unless a column names the part.',
  labels: {
    strong: phrases(
      'patient, patient name, patient full name, patient first name, patient given name, ' +
        'patient middle name, patient last name, patient family name, patient surname, patient fname, ' +
        'patient lname, patients name, name of patient, pat name, pat first name, pat last name, ' +
        'member first name, member last name, subscriber name, ' +
        'subscriber first name, subscriber last name, insured name, insured first name, insured last name, ' +
        'beneficiary name, beneficiary first name, beneficiary last name, bene name, bene first name, ' +
        'bene fst name, bene 1 st name, bene mdl name, bene last name, bene lst name, bene srnm name, guarantor, guarantor name, ' +
        'guarantor first name, guarantor last name, mother maiden name, mothers maiden name, next of kin, ' +
        'next of kin name, emergency contact name, decedent name',
    ),
    // `ptname` is also the name of a partition, a pointer or a pseudo-terminal.
    weak: phrases(
      'pt name, pt first name, pt last name, name, full name, first name, last name, middle name, given name, family name, maiden name, ' +
        'legal name, preferred name, surname, forename, fname, lname, given, family, first, last, middle, ' +
        'pt, re, member name, contact name, spouse name, mother name, father name, guardian name, relative name, ' +
        'emergency contact, mother, father, guardian, spouse, subscriber, insured, beneficiary, member, policy holder, responsible party',
    ),
    whole: phrases(
      'patient, guarantor, name, given, family, first, last, middle, pt, re, emergency contact, mother, ' +
        'father, guardian, spouse, subscriber, insured, beneficiary, member, policy holder, responsible party',
    ),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'provider, physician, doctor, attending, referring, prescriber, nurse, staff, facility, hospital, ' +
          'clinic, organization, practice, payer, payor, plan, pharmacy, company, employer, author, file, ' +
          'host, user, class, table, field, code',
      ),
    ],
  },
  shape: `(?:${COMPONENTS}|${ANY_CASE})`,
  inline: `(?:${COMPONENTS}|${LAST_FIRST}|${FIRST_LAST}|${CAPITALISED})`,
  check,
  synthetic: (value) => isFakeName(wordsOf(value)),
  normalize: (value) => wordsOf(value.toUpperCase().replace(/[.'\u2019]/g, '')).join(' '),
  direct: true,
  severity: { labelled: 'medium' },
  mask: '[name]',

  examples: () => [
    {
      path: 'notes.txt',
      text: `Patient: ${glue('Marlene ', 'Okafor')}\n`,
      reason: 'first and last name behind `Patient:`',
    },
    { path: 'notes.txt', text: `Patient name: ${glue('Okafor, ', 'Marlene Q.')}\n`, reason: 'last name first' },
    { path: 'notes.txt', text: `PATIENT NAME: ${glue('OKAFOR, ', 'MARLENE')}\n`, reason: 'capitals' },
    { path: 'notes.txt', text: `patient name: ${glue('Okafor', '^', 'Marlene', '^Q')}\n`, reason: 'HL7 components' },
    {
      path: 'a.json',
      text: `{"patientName":"${glue('Siobh\u00e1n ', "O'", 'Dwyer')}"}`,
      reason: 'an accent and an apostrophe',
    },
    {
      path: 'a.json',
      text: `{"patient":{"name":"${glue('Ana-Luc\u00eda ', 'de la ', 'Cruz')}"}}`,
      reason: 'a hyphen and particles',
    },
    {
      path: 'a.csv',
      text: `patient_last_name,sex\n${glue('ok', 'afor')},F\n${glue('ru', 'iz')},M\n`,
      reason: 'one part, small letters',
    },
    { path: 'a.csv', text: `pat_name,sex\n"${glue('Okafor,', 'Marlene')}",F\n`, reason: 'a column' },
    {
      path: 'a.csv',
      text: `ssn,first_name,last_name\n${glue('524-', '41-', '7312')},${glue('Mar', 'lene')},${glue('Oka', 'for')}\n`,
      reason: 'plain labels beside another identifier',
    },
    {
      path: 'a.csv',
      text: `ssn,pt_name\n${glue('524-', '41-', '7312')},${glue('Marlene ', 'Okafor')}\n`,
      reason: 'an ambiguous abbreviation beside another identifier',
    },
    {
      path: 'letter.txt',
      text: `RE: ${glue('Marlene ', 'Q. ', 'Okafor')}\nDOB: ${glue('03/', '14/', '1962')}\n`,
      reason: 'the subject of a letter beside a birth date',
    },
    { path: 'app.env', text: `PATIENT_NAME="${glue('Marlene ', 'Okafor')}"\n`, reason: 'an environment variable' },
    { path: 'notes.txt', text: `Guarantor: ${glue('Ruiz, ', 'Teodoro')}\n`, reason: 'who pays for the patient' },
    { path: 'notes.txt', text: `Patient: ${glue('Jane ', 'Doe')}\n`, reason: 'nobody', outcome: 'synthetic' },
    {
      path: 'notes.txt',
      text: `patient name: ${glue('ZZTEST', '^', 'ANNA')}\n`,
      reason: 'a test patient',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `Patient: ${glue('Anissa357 ', 'Wuckert783')}\n`,
      reason: "Synthea's numbers",
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    {
      path: 'package.json',
      text: `{"name":"left-pad","author":{"name":"${glue('Marlene ', 'Okafor')}"}}`,
      reason: 'an author',
    },
    { path: 'copyright', text: `Copyright 2019 ${glue('Marlene ', 'Okafor')}\n`, reason: 'a copyright line' },
    { path: 'CODEOWNERS', text: `* ${glue('Marlene ', 'Okafor')}\n`, reason: 'no label' },
    { path: 'notes.txt', text: `Name: ${glue('Marlene ', 'Okafor')}\n`, reason: 'a plain label alone' },
    { path: 'letter.txt', text: `RE: ${glue('Marlene ', 'Okafor')}\n`, reason: 'the subject of a letter alone' },
    {
      path: 'NEWS',
      text: `- fix max. ptname  [${glue('Marlene ', 'Okafor')}]\n`,
      reason: 'who changed a partition table',
    },
    { path: 'a.html', text: '<label>Patient Name</label><p>Patient Portal</p>\n', reason: 'words of a user interface' },
    { path: 'a.json', text: '{"patientName":"Patient name is required"}', reason: 'a message' },
    {
      path: 'es.json',
      text: '{"patientName":"Nombre del Paciente","guarantor":"Nombre"}',
      reason: 'captions of a translation',
    },
    { path: 'notes.txt', text: `Guarantor: ${glue('Kelp ', 'Holdings')}\n`, reason: 'an organisation' },
    { path: 'a.json', text: '{"patientName":"Full Name","patientFirstName":"string"}', reason: 'captions and types' },
    { path: 'a.ts', text: 'const patientName = getPatientName(patient);\n', reason: 'names in code' },
    {
      path: 'a.ts',
      text: 'interface Row { patientName: PatientNameField; patientFirstName?: string }\n',
      reason: 'types in code',
    },
    {
      path: 'a.sql',
      text: 'CREATE TABLE p (patient_name VARCHAR(80) NOT NULL, patient_last_name TEXT);\n',
      reason: 'a table definition',
    },
    { path: 'a.env', text: 'PATIENT_NAME=PATIENT_NAME_DEFAULT\n', reason: 'a constant' },
    { path: 'a.env', text: 'PATIENT_NAME=/var/lib/patients\nPATIENT_NAME=a@kelpmail\n', reason: 'a path, an address' },
    { path: 'a.csv', text: 'ssn,file_name,host_name\n,Final Report,Alpha Centauri\n', reason: 'names of things' },
    {
      path: 'a.json',
      text: `{"patient_status":"Very Sick","patient_class":"Day Case"}`,
      reason: 'other fields of a patient',
    },
    { path: 'notes.txt', text: 'patient name: {{name}} ${NAME} <name> %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: `attending physician name: ${glue('Teodoro ', 'Ruiz')}\n`, reason: 'a provider' },
    { path: 'notes.txt', text: 'Patient: 47 years, stable\n', reason: 'prose behind `Patient:`' },
    { path: 'notes.txt', text: 'patient name: unknown\nPatient: None\n', reason: 'no value' },
  ],
  references: [
    'HL7 v2.5.1, chapter 2A, data type XPN; PID-5',
    'HL7 FHIR R4, HumanName',
    'DICOM PS3.5, value representation PN',
    '45 CFR 164.514(b)(2)(i)(A)',
  ],
};
