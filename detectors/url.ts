import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isExampleDomain } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

const HOST = '(?:[A-Za-z0-9-]{1,63}\\.){1,6}[A-Za-z]{2,18}(?::[0-9]{1,5})?';
const REST = "[/?][0-9A-Za-z._~:/?#@!$&'()*+,;=%-]{1,240}";
const URL_SHAPE = `(?:https?://)?${HOST}${REST}`;

/** Names of query parameters whose value is one of a person. */
const OF_PERSON =
  /[?&;](?:patient|patient_?id|pat_?id|pid|mrn|ssn|dob|birth_?date|member_?id|subscriber_?id|mbi|first_?name|last_?name|full_?name|email|phone|subject)=(?!\{|%7b|\$|:|<)[^&;#]{3,}/i;
/** Labels of a page that is about one person, whatever its address holds. */
const PERSONAL_LABEL = /patient|member|portal|profile|personal|homepage|home page/;
/** What stands behind the host must tell one page from another. */
const DISTINCT_PATH = /[/?=][^/?=&]*(?:\d|[a-z]{3,}[.\-_][a-z]{2,}|@|~)[^/?=&]*/i;

/** Vocabulary, profiles and licences: addresses that name no page of a person. */
const VOCABULARY =
  /^(?:https?:\/\/)?(?:[\w-]+\.)*(?:hl7\.org|w3\.org|loinc\.org|snomed\.info|nlm\.nih\.gov|schema\.org|ihe\.net|dicom\.nema\.org|github\.com|json-schema\.org|unitsofmeasure\.org)\b/i;

function hostOf(value: string): string {
  return (/^(?:https?:\/\/)?([^/?#]+)/i.exec(value)?.[1] ?? '').replace(/:\d+$/, '');
}

function check(value: string, label: string): CheckResult {
  if (OF_PERSON.test(value)) return 'none';
  if (!PERSONAL_LABEL.test(label) || VOCABULARY.test(value)) return 'fail';
  const path = value.slice(value.indexOf(hostOf(value)) + hostOf(value).length);
  return DISTINCT_PATH.test(path) ? 'none' : 'fail';
}

export const url: Detector = {
  id: 'url',
  identifier: 'url',
  safeHarbor: 'N',
  title: 'Web address of a person',
  finds:
    'Web addresses below a label that names the page, profile or portal of a patient; and, beside other identifiers of a person, ' +
    'addresses whose query holds one (`patient=`, `mrn=`, `email=`). The identifiers themselves are found in any query string.',
  misses:
    'All other web addresses: software is full of them. Addresses with an opaque token (a link that signs in) cannot be told from ' +
    'any other without a label.',
  labels: {
    strong: phrases(
      'patient url, patient link, patient portal url, patient portal link, patient website, patient web page, patient profile url, ' +
        'member portal url, member portal link, patient homepage',
    ),
    weak: phrases(
      'url, uri, link, href, referer, referrer, request uri, request url, website, web site, personal website, personal url, homepage, ' +
        'home page, profile url, profile link, portal url, portal link',
    ),
    whole: phrases('url, uri, link, href, website, web site, homepage, home page, referer, referrer'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'provider, practice, hospital, payer, company, organization, repository, schema, api, base, service, image, photo',
      ),
    ],
  },
  shape: `(?:${URL_SHAPE})`,
  check,
  synthetic: (value) => isExampleDomain(hostOf(value)),
  normalize: (value) => value.toLowerCase(),
  direct: false,
  severity: { labelled: 'low' },
  mask: '[url]',

  examples: () => [
    {
      path: 'notes.txt',
      text: `Patient portal link: ${glue('https://', 'my.kelpclinic.net/', 'p/', 'okafor-', '62')}\n`,
      reason: 'the page of a patient',
    },
    {
      path: 'a.json',
      text: `{"patientUrl":"${glue('https://', 'kelpclinic.net/', 'chart/', '7302', '95')}"}`,
      reason: 'a number in the path',
    },
    {
      path: 'app.env',
      text: `PATIENT_PROFILE_URL=${glue('https://', 'kelpmail.net/', '~okafor', '62')}\n`,
      reason: 'an environment variable',
    },
    {
      path: 'a.csv',
      text: `mrn,profile_url\n${glue('73', '02', '95')},${glue('https://', 'kelpmail.net/', 'u/', 'okafor', '62')}\n`,
      reason: 'a profile beside another identifier',
    },
    {
      path: 'a.csv',
      text: `ssn,url\n${glue('524-', '41-', '7312')},${glue('https://', 'kelpclinic.net/', 'v?mrn=', '7302', '95')}\n`,
      reason: 'a number in the query, beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `Patient url: ${glue('https://', 'portal.example.org/', 'p/', '7302', '95')}\n`,
      reason: 'RFC 2606',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'README.md', text: `see ${glue('https://', 'kelpclinic.net/', 'p/', '7302', '95')}\n`, reason: 'no label' },
    {
      path: 'package.json',
      text: `{"homepage":"${glue('https://', 'kelp.net/', 'left-pad/', '7302')}"}`,
      reason: 'the page of a program',
    },
    {
      path: 'notes.txt',
      text: `Patient url: ${glue('https://', 'kelpclinic.net/', 'patients')}\n`,
      reason: 'a page for all patients',
    },
    {
      path: 'notes.txt',
      text: `Patient url: ${glue('https://', 'hl7.org/', 'fhir/', 'R4/', 'patient.html')}\n`,
      reason: 'the page of a standard',
    },
    {
      path: 'a.json',
      text: `{"mrn":"${glue('73', '02', '95')}","url":"${glue('http://', 'hl7.org/', 'fhir/', 'StructureDefinition/', 'us-core-race')}"}`,
      reason: 'the address of a profile in FHIR',
    },
    {
      path: 'a.csv',
      text: `ssn,link\n${glue('524-', '41-', '7312')},${glue('https://', 'kelpclinic.net/', 'v?page=', '12')}\n`,
      reason: 'a query that holds nobody',
    },
    { path: 'a.ts', text: 'const patientUrl = `${base}/patients?patient=${id}`;\n', reason: 'a template in code' },
    { path: 'notes.txt', text: 'patient url: {{url}} ${URL} %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: 'patient link: see below\n', reason: 'words' },
  ],
  references: ['RFC 3986, section 3', 'HHS, Guidance on de-identification of PHI', '45 CFR 164.514(b)(2)(i)(N)'],
};
