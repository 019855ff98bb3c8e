import type { Detector } from '../src/detect/detector.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';
import { TELEPHONE } from '../src/detect/telephone.ts';

export const phone: Detector = {
  id: 'phone',
  identifier: 'phone',
  safeHarbor: 'D',
  title: 'Telephone number',
  finds:
    'US and Canadian numbers, and numbers with a country code, below a label that names the telephone of a patient, member or ' +
    'relative; below a plain `phone` only beside other identifiers of a person.',
  misses:
    'Numbers without a label, toll-free numbers (they are those of organisations), and foreign numbers without their country code. ' +
    'Fax numbers are reported as fax.',
  labels: {
    strong: phrases(
      'patient phone, patient phone number, patient phone no, patient telephone, patient mobile, ' +
        'patient cell, patient home phone, patient contact number, pat phone, pt phone, member phone, ' +
        'member phone number, subscriber phone, guarantor phone, next of kin phone, emergency contact phone',
    ),
    weak: phrases(
      'phone, phone number, phone no, telephone, telephone number, tel, telecom, mobile, mobile number, ' +
        'mobile phone, home mobile, cell, cell phone, cell number, home phone, work phone, day phone, evening phone, contact number, contact phone, ' +
        'emergency contact',
    ),
    // Mobile is a city, and cell a word of biology.
    whole: phrases('mobile, cell, tel'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'provider, physician, facility, hospital, clinic, payer, pharmacy, support, company, vendor, fax, excel',
      ),
    ],
  },
  ...TELEPHONE,

  examples: () => [
    {
      path: 'notes.txt',
      text: `Patient phone: ${glue('001-', '617-', '482-', '3391')}x417\n`,
      reason: 'dialled from abroad',
    },
    {
      path: 'notes.txt',
      text: `patient phone: ${glue('(180) ', '460-', '0493')}\n`,
      reason: 'no such area',
      outcome: 'synthetic',
    },
    { path: 'notes.txt', text: `Patient phone: ${glue('(617) ', '482-', '3391')}\n`, reason: 'parentheses' },
    {
      path: 'notes.txt',
      text: `Patient phone ${glue('617-', '482-', '3391')} x12\n`,
      reason: 'dashes and an extension',
    },
    {
      path: 'app.env',
      text: `PATIENT_PHONE=${glue('+1', '617', '482', '3391')}\n`,
      reason: 'E.164 in an environment variable',
    },
    {
      path: 'a.json',
      text: `{"patient":{"phone":"${glue('617.', '482.', '3391')}"}}`,
      reason: 'the person in the key above',
    },
    {
      path: 'a.json',
      text: `{"memberPhone":"${glue('617', '482', '3391')}"}`,
      reason: 'ten digits below a strong label',
    },
    { path: 'notes.txt', text: `patient mobile: ${glue('+44 ', '20 ', '7946 ', '1881')}\n`, reason: 'a country code' },
    {
      path: 'a.csv',
      text: `mrn,home_phone\n${glue('73', '02', '95')},${glue('617', '482', '3391')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `Patient phone: ${glue('617-', '555-', '0142')}\n`,
      reason: '555-01XX',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `patient phone: ${glue('(555)', '555-', '2003')}\n`,
      reason: 'area 555',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `call ${glue('617-', '482-', '3391')}\n`, reason: 'no label' },
    { path: 'README.md', text: `Phone: ${glue('617-', '482-', '3391')}\n`, reason: 'contact details of a project' },
    {
      path: 'a.json',
      text: `{"id":"${glue('550e8400', '-e29b-', '41d4-a716-', '046-129', '7901')}"}`,
      reason: 'the slice of a UUID',
    },
    {
      path: 'notes.txt',
      text: `patient phone ${glue('117-', '482-', '3391')}\n`,
      reason: 'an area that begins with 1',
    },
    { path: 'notes.txt', text: `patient phone ${glue('611-', '482-', '3391')}\n`, reason: 'a service code as area' },
    { path: 'notes.txt', text: `patient phone ${glue('617-', '911-', '3391')}\n`, reason: 'a service code as office' },
    {
      path: 'notes.txt',
      text: `patient phone help ${glue('800-', '482-', '3391')}\n`,
      reason: 'toll-free: an organisation',
    },
    { path: 'a.json', text: `{"patientPhone": ${glue('17', '000', '000', '00')}}`, reason: 'epoch seconds' },
    { path: 'a.json', text: `{"patientPhone": ${glue('0.617', '482', '3391')}}`, reason: 'a decimal' },
    { path: 'icon.svg', text: `<path d="M${glue('617 ', '482 ', '3391')} 12"/>\n`, reason: 'an SVG path' },
    { path: 'a.eps', text: `${glue('617.', '482 ', '339.1')} lineto\n`, reason: 'coordinates' },
    { path: 'notes.txt', text: `patient phone oid ${glue('1.2.', '617.', '482.', '3391')}\n`, reason: 'an OID' },
    { path: 'notes.txt', text: `upc ${glue('0', '617', '482', '3391', '2')}\n`, reason: 'a UPC' },
    { path: 'a.ts', text: 'const patientPhone = phone.format("(###) ###-####");\n', reason: 'a format in code' },
    { path: 'notes.txt', text: 'patient phone: {{phone}} ${PHONE} (XXX) XXX-XXXX\n', reason: 'template placeholders' },
  ],
  references: [
    'NANPA, North American Numbering Plan (NPA and NXX rules)',
    'ATIS-0300115, 555-0100 to 555-0199 for fictional use',
    'ITU-T E.164',
    '45 CFR 164.514(b)(2)(i)(D)',
  ],
};
