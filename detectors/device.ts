import { isGs1, isHibc } from '../src/detect/check-digits.ts';
import { digitsOf, isNotNumberOfPerson } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** GS1: device, then date of making or expiry, lot and serial; as printed, or with the separator of a scanner. */
const GS1 = '(?:\\(01\\)|\\]d201|01)[0-9]{14}(?:\\(?[12][0-9]\\)?[!-~\\x1d]{1,40})?';
/** HIBCC: issuer, product, unit; then lot, date and serial. */
const HIBCC = '\\+[A-Z][0-9A-Z]{3}[0-9A-Z]{1,18}[0-9](?:/?[-0-9A-Z$+/.% ]{1,60})?';
/** ICCBBA: donation, product and serial of tissue and blood. */
const ICCBBA = '=[/)(,;}>%&=+*A-Z0-9][-0-9A-Z=/,&;<>%$*+.]{8,80}';
/** Of a maker. */
const SERIAL = '[A-Za-z]{0,6}[-/]?[0-9][0-9A-Za-z/-]{3,24}';

const SERIAL_LABEL = /serial|device|implant|pacemaker|imei|identifier|udi/;
const FEWEST_DIGITS = 4;

function check(value: string, label: string): CheckResult {
  const gs1 = /^(?:\(01\)|\]d201|01)(\d{14})/.exec(value);
  if (gs1?.[1] !== undefined && (value.length > 16 || value.startsWith('('))) return isGs1(gs1[1]) ? 'pass' : 'fail';
  if (value.startsWith('+')) return isHibc(value) ? 'pass' : 'none';
  if (value.startsWith('=')) return 'none';
  if (/^\d{14}$/.test(value)) return isGs1(value) ? 'pass' : 'fail';
  const isSerial = SERIAL_LABEL.test(label) && digitsOf(value).length >= FEWEST_DIGITS;
  return isSerial && !isNotNumberOfPerson(value) && !value.includes('--') ? 'none' : 'fail';
}

export const device: Detector = {
  id: 'device',
  identifier: 'device',
  safeHarbor: 'M',
  title: 'Identifier or serial number of a medical device',
  finds:
    'Unique device identifiers of the three issuers (GS1, HIBCC, ICCBBA) and serial numbers below a label that names the device or ' +
    'implant of a patient; below plain device and serial labels only beside other identifiers of a person.',
  misses:
    'Identifiers without a label: barcodes of products fill catalogs and are of nobody until a person has the device. Serial numbers ' +
    'with fewer than four digits, and hardware addresses of networks.',
  labels: {
    strong: phrases(
      'unique device identifier, unique device identification, udi carrier, patient udi, patient device, patient device id, ' +
        'patient device serial, patient device serial number, implant serial, implant serial number, implant serial no, ' +
        'implanted device serial number, implant udi, pacemaker serial, pacemaker serial number, icd serial number, pump serial number, ' +
        'implanted device id, medical device serial number',
    ),
    weak: phrases(
      'udi, udi carrier hrf, carrier hrf, udi di, udi human readable, device identifier, device udi, device serial number, ' +
        'device serial no, device serial, device id, serial number, serial no, serial num, serial #, implant id, implant lot, ' +
        'medical device id, imei',
    ),
    whole: phrases('udi, imei, serial number, serial no, serial num, serial #, device id'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'usb, pci, disk, drive, host, cpu, bios, board, certificate, cert, ssl, tls, zone, soa, port, tty, cuda, gpu, block, network, push, firebase',
      ),
    ],
  },
  shape: `(?:${GS1}|${HIBCC}|${ICCBBA}|${SERIAL})`,
  inline: `(?:${GS1}|${HIBCC}|${SERIAL})`,
  check,
  synthetic: (value) => value.length < 26 && !/^[(+=\]]/.test(value) && isFillerNumber(value),
  direct: false,
  severity: { labelled: 'low' },
  mask: '[device]',

  examples: () => [
    {
      path: 'notes.txt',
      text: `Unique device identifier: ${glue('(01)', '00844', '588003', '288', '(17)', '270', '131', '(21)', '70', '41', '93')}\n`,
      reason: 'GS1 as printed, with a check digit',
    },
    {
      path: 'notes.txt',
      text: `Pacemaker serial number: ${glue('PJN', '70', '41', '93', 'S')}\n`,
      reason: 'the serial of an implant',
    },
    {
      path: 'a.json',
      text: `{"patientUdi":"${glue('+H417', 'KL0938', '2651', '/$$', '70', '41', '93')}"}`,
      reason: 'HIBCC in JSON',
    },
    {
      path: 'a.csv',
      text: `mrn,device_serial\n${glue('73', '02', '95')},${glue('KX-', '70', '41', '93')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'a.csv',
      text: `ssn,udi\n${glue('524-', '41-', '7312')},${glue('=/', 'W4170', '9382', '65=,', '00', '41', '93')}\n`,
      reason: 'ICCBBA beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `implant serial: ${glue('12', '34', '56', '78')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    {
      path: 'notes.txt',
      text: `catalog ${glue('(01)', '00844', '588003', '288')}\n`,
      reason: 'a barcode of a product',
    },
    {
      path: 'notes.txt',
      text: `Unique device identifier: ${glue('(01)', '00844', '588003', '281')}\n`,
      reason: 'a wrong check digit',
    },
    {
      path: 'notes.txt',
      text: `Serial number: ${glue('KX-', '70', '41', '93')}\n`,
      reason: 'the serial number of anything',
    },
    {
      path: 'a.csv',
      text: `ssn,usb_serial_number\n,${glue('KX-', '70', '41', '93')}\n`,
      reason: 'a device of a computer',
    },
    {
      path: 'zone.db',
      text: `example IN SOA ns root ( ${glue('20', '24', '03', '14')} ; serial\n`,
      reason: 'the serial of a DNS zone',
    },
    { path: 'a.ts', text: 'const patientDevice = devices.get(deviceId);\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'patient device: {{device}} ${DEVICE} %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: `pacemaker serial number ${glue('41', '7')}\n`, reason: 'too short' },
    { path: 'notes.txt', text: `implant serial ${glue('20', '24', '-11', '-05')}\n`, reason: 'a date' },
  ],
  references: [
    '21 CFR 830 (UDI); FDA, UDI formats by FDA-accredited issuing agency',
    'GS1 General Specifications (AI 01, 10, 11, 17, 21)',
    'ANSI/HIBC 2.6; ICCBBA ST-001',
    'HL7 FHIR R4, Device.udiCarrier',
    '45 CFR 164.514(b)(2)(i)(M)',
  ],
};
