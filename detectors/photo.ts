import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

const BASE64 = '[0-9A-Za-z+/\\r\\n]';
/** RFC 2397. */
const DATA_URI = `data:image/[a-z+.-]{2,20}(?:;[a-z0-9=-]{1,30}){0,2},${BASE64}{40,}={0,2}`;
/** How JPEG, PNG, GIF and WebP begin, as base64. */
const PICTURE = `(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR)${BASE64}{32,}={0,2}`;
const FILE = '/?[0-9A-Za-z][0-9A-Za-z._/\\\\:~%-]{2,200}\\.(?i:jpe?g|png|gif|webp|heic|tiff?|bmp)';

/** Files that programs show when there is no picture. */
const STOCK =
  /(?:placeholder|default|avatar|anonymous|no-?(?:photo|image|picture)|silhouette|icon|logo|blank|unknown|sample|dummy)/i;

function isFile(value: string): boolean {
  return !value.startsWith('data:') && /\.[a-z]{3,4}$/i.test(value);
}

function check(value: string): CheckResult {
  if (!isFile(value)) return 'pass';
  return STOCK.test(value) || !/[0-9]|[a-z]{3,}[-_.][a-z]{3,}.*\./i.test(value.slice(value.lastIndexOf('/') + 1))
    ? 'fail'
    : 'none';
}

export const photo: Detector = {
  id: 'photo',
  identifier: 'photo',
  safeHarbor: 'Q',
  title: 'Photograph of a face',
  finds:
    "Pictures as base64 or data URI, and names of picture files with a person's name or number, below a label that names the " +
    'photograph of a patient or member; below a plain `photo`, `picture` or `avatar` only beside other identifiers of a person.',
  misses:
    'Pictures that are files by themselves: no picture is looked at, so a photograph in a folder is not told from a logo. Faces in ' +
    'scans and documents, and pictures that other records refer to.',
  labels: {
    strong: phrases(
      'patient photo, patient photos, patient photograph, patient image, patient picture, patient portrait, patient avatar, pat photo, ' +
        'member photo, member picture, full face photo, full face photograph, face photo, face photograph, facial photograph, ' +
        'photo of patient',
    ),
    weak: phrases(
      'photo, photo url, photo data, photograph, picture, portrait, avatar, avatar url, headshot, profile photo, profile picture, face image, id photo',
    ),
    whole: phrases('photo, photograph, picture, portrait, avatar'),
    not: [
      ...DESCRIPTIONS,
      ...phrases('default, stock, album, gallery, provider, physician, staff, product, docker, container'),
    ],
  },
  shape: `(?:${DATA_URI}|${PICTURE}|${FILE})`,
  check,
  direct: false,
  severity: { labelled: 'medium' },
  mask: '[photo]',

  examples: () => [
    {
      path: 'a.json',
      text: `{"patientPhoto":"${glue('data:image/', 'jpeg;base64,', '/9j/').padEnd(120, 'Qk3x')}"}`,
      reason: 'a data URI',
    },
    {
      path: 'a.json',
      text: `{"patient":{"photo":"${glue('iVBORw0', 'KGgo').padEnd(96, 'Qk3x')}"}}`,
      reason: 'base64 of a PNG',
    },
    { path: 'notes.txt', text: `Patient photo: ${glue('okafor', '_', 'marlene')}.jpg\n`, reason: 'a file with a name' },
    {
      path: 'a.csv',
      text: `id,patient_picture\n1,/photos/${glue('7302', '95')}.jpeg\n`,
      reason: 'a file with a number',
    },
    {
      path: 'a.csv',
      text: `mrn,avatar\n${glue('73', '02', '95')},/up/${glue('okafor', '_', 'm62')}.png\n`,
      reason: 'a plain label beside another identifier',
    },
  ],
  counterExamples: () => [
    {
      path: 'a.json',
      text: `{"photo":"${glue('iVBORw0', 'KGgo').padEnd(96, 'Qk3x')}"}`,
      reason: 'a plain label alone',
    },
    {
      path: 'a.css',
      text: `url(${glue('data:image/', 'png;base64,', 'iVBOR').padEnd(96, 'Qk3x')})\n`,
      reason: 'an icon in a style sheet',
    },
    { path: 'a.json', text: '{"patientPhoto":"/img/default-avatar.png"}', reason: 'no picture of anyone' },
    { path: 'a.json', text: '{"patientImage":"patient.png"}', reason: 'a picture of a user interface' },
    { path: 'a.html', text: '<img alt="Patient photo" src="x.png">\n', reason: 'a description' },
    { path: 'a.ts', text: 'const patientPhoto = await upload(file);\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'patient photo: {{photo}} ${PHOTO} %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: 'patient photo: taken in clinic\n', reason: 'words' },
  ],
  references: [
    'HL7 FHIR R4, Patient.photo',
    'RFC 2397 (data URIs)',
    'DICOM PS3.4, VL photographic image storage',
    '45 CFR 164.514(b)(2)(i)(Q)',
  ],
};
