import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFakeAddress, isFakeZip } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { isNoName } from '../src/detect/no-names.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

const HOUSE = '[0-9]{1,6}[A-Za-z]?(?:-[0-9]{1,4})?(?: 1/2)?';
const DIRECTION = '(?:[NSEW]|NE|NW|SE|SW|(?i:north|south|east|west))\\.?';
/** Latin with its accents. */
const LETTER = 'A-Za-z\u00c0-\u024f';
const WORD = `[${LETTER}0-9][${LETTER}0-9.'\u2019-]*`;
/** USPS Publication 28, appendix C1, those that are not also frequent words. */
const SUFFIX =
  '(?i:street|str?|avenue|ave?|boulevard|blvd|road|rd|drive|dr|lane|ln|court|ct|circle|cir|place|pl|square|sq|terrace|terr?|' +
  'trail|trl|way|parkway|pkwy|highway|hwy|turnpike|tpke|alley|aly|crescent|cres|loop|plaza|plz|point|ridge|rdg|run|path|pike|pass|' +
  'crossing|xing|cove|cv|creek|crk|hills?|heights|hts|hollow|landing|lndg|manor|mnr|meadows?|mount|park|row|view|vista|walk|bend|' +
  'branch|bridge|brook|canyon|causeway|center|ctr|corner|commons?|estates?|expressway|expy|falls|fields?|forest|freeway|fwy|gardens?|' +
  'glen|green|grove|harbor|haven|island|junction|jct|knoll|lake|lodge|mews|mill|orchard|oval|overlook|ranch|rapids|route|rte|shore|' +
  'springs?|station|stream|summit|trace|valley|village|vlg)\\.?';
const UNIT =
  '(?:,? (?:(?i:apt|apartment|unit|suite|ste|floor|fl|room|rm|bldg|building|lot|trlr)\\.? ?#?|# ?)[0-9A-Za-z-]{1,6})?';
const STREET = `${HOUSE}(?: ${WORD}){1,5} ${SUFFIX}(?: ${DIRECTION})?${UNIT}`;
/** `4100 Broadway`, `212 Avenue C`, `88 Highway 7 N`. */
const STREET_WITHOUT_SUFFIX = `${HOUSE} (?:(?i:broadway|bowery|avenue [a-z]|(?:state |county )?(?:highway|hwy|route|rte|road) [0-9]{1,4}))(?: ${DIRECTION})?${UNIT}`;
const POST_BOX = '(?i:(?:p\\.? ?o\\.? ?box|post office box|rr ?[0-9]{1,3} box|hc ?[0-9]{1,3} box) #?[0-9]{1,7})';

/** USPS Publication 28, appendix B: states, territories and the military. */
const STATE =
  '(?:A[AEKLPRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])';
const ZIP = '[0-9]{5}(?:-[0-9]{4})?';
const CITY = `[${LETTER}][${LETTER}.'\u2019-]+(?: [${LETTER}.'\u2019-]+){0,3}`;
const CITY_STATE_ZIP = `${CITY},? ${STATE},? ${ZIP}`;
/** HL7's XAD: street, other, city, state, ZIP, country, type. */
const COMPONENTS = `(?:${STREET}|${POST_BOX})(?:\\^[${LETTER}0-9 .'#-]*){1,8}`;

const DELIVERY = `(?:${STREET}|${STREET_WITHOUT_SUFFIX}|${POST_BOX})`;
const WHOLE = `${COMPONENTS}|${DELIVERY}(?:(?:, ?|\\r?\\n| )${CITY_STATE_ZIP})?|${CITY_STATE_ZIP}`;

/** Of a city, town or county, without its state. */
const CITY_NAME = `[A-Z\u00c0-\u00de][${LETTER}.'\u2019-]{2,30}(?: [${LETTER}.'\u2019-]{2,30}){0,3}`;
const CITY_ONLY = /^[^0-9,^#]+$/;
const CITY_LABEL = /\b(?:city|town|county|parish|municipality|birth ?place|place of birth)\b/;

/** The first three digits of a ZIP may stay, but for areas of fewer than 20,000 people (census of 2000). */
const SMALL_ZIP_PREFIXES: ReadonlySet<string> = new Set(
  '036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893'.split(' '),
);
const ZIP_PREFIX_ONLY = /^\d{3}(?:[xX*]{2})?$/;
const STATE_OR_COUNTRY = new RegExp(`^(?:${STATE}|USA?|U\\.S\\.A?\\.?|United States(?: of America)?|[A-Z]{2,3})$`);
/** Whatever stands where a format puts an address. */
const PLACED = `[0-9A-Za-z#\u00c0-\ud7a3][^\r\n]{2,200}`;

const ZIP_ONLY = /^\d{5}(?:-?\d{4})?$/;

/** Addresses of organisations that licences and manuals print. */
const ORGANISATION =
  /^(?:51 Franklin|59 Temple|675 Mass|31 Milk|1 Microsoft|One Microsoft|1600 Amphitheatre|1 Infinite Loop|1 Apple Park|410 Terry|171 Second St|444 Castro|149 New Montgomery|1 Letterman|500 Oracle|4150 Network|100 Independence|7500 Security B|200 Independence|6401 Security B|548 Market)/i;

/** USPS: from Holtsville NY to Ketchikan AK. */
function isZip(digits: string): boolean {
  const five = Number(digits.slice(0, 5));
  return five >= 501 && five <= 99_950;
}

function check(value: string, label: string, placed = false): CheckResult {
  // A state and a country may stay, by the rule.
  if (placed) return STATE_OR_COUNTRY.test(value) ? 'fail' : 'none';
  if (ZIP_PREFIX_ONLY.test(value)) {
    return /zip/.test(label) && SMALL_ZIP_PREFIXES.has(value.slice(0, 3)) ? 'none' : 'fail';
  }
  if (CITY_ONLY.test(value)) return CITY_LABEL.test(label) && !isNoName(value) ? 'none' : 'fail';
  if (ZIP_ONLY.test(value)) return /zip|post/.test(label) && (isZip(value) || isFakeZip(value)) ? 'none' : 'fail';
  return ORGANISATION.test(value) ? 'fail' : 'none';
}

export const address: Detector = {
  id: 'address',
  identifier: 'address',
  safeHarbor: 'B',
  title: 'Postal address',
  finds:
    'US street lines (number, name and a suffix of the Postal Service), post boxes and city-state-ZIP below a label that names the ' +
    'address of a patient, member or guarantor; below a plain `address`, `street`, `city` or `zip` only beside other identifiers of a ' +
    'person. Of a ZIP cut to three digits only those of the 17 areas with fewer than 20,000 people.',
  misses:
    'Addresses without a label, streets without a number or a known suffix (other than at the places of a format), a city in small letters or running text, and addresses of other countries ' +
    'than the United States.',
  labels: {
    strong: phrases(
      'patient address, patient addr, patient street, patient street address, patient home address, ' +
        'patient mailing address, patient city, patient county, patient address line, patient zip, patient zip code, patient postal code, ' +
        'pat address, pat addr, pat zip, pt address, member address, member street, member zip, ' +
        'member zip code, subscriber address, insured address, guarantor address, bene mlg addr, ' +
        'bene zip cd, bene zip',
    ),
    weak: phrases(
      'address, address line, address line 1, address line 2, address 1, address 2, addr, addr 1, addr 2, ' +
        'addr line 1, line 1, street, street 1, home street, mailing street, street address, street line, home address, mailing address, ' +
        'residence, residential address, zip, zip code, zip 5, postal code, postcode, postal, ' +
        'city state zip, zip 3, zip code 3, city, city name, town, county, county name, home city, residence city, birth place, place of birth',
    ),
    whole: phrases('line 1, postal, zip, residence, street, city, town, county'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'email, mail, mac, ip, ipv4, ipv6, url, web, memory, bind, listen, remote, host, server, wallet, ' +
          'contract, provider, physician, facility, hospital, clinic, company, employer, payer, file, archive',
      ),
    ],
  },
  shape: `(?:${WHOLE}|[0-9]{5}(?:-?[0-9]{4})?|[0-9]{3}|${CITY_NAME})`,
  placed: PLACED,
  inline: `(?:${WHOLE}|${ZIP})`,
  check,
  synthetic: (value) => (ZIP_ONLY.test(value) ? isFakeZip(value) : isFakeAddress(value)),
  normalize: (value) =>
    value
      .toUpperCase()
      .replace(/[^\p{L}0-9]+/gu, ' ')
      .trim(),
  direct: false,
  severity: { labelled: 'low' },
  mask: '[address]',

  examples: () => [
    { path: 'notes.txt', text: `Patient address: ${glue('4172 ', 'Larkspur ', 'Ave')}\n`, reason: 'a street line' },
    {
      path: 'notes.txt',
      text: `Patient address: ${glue('4172 ', 'N Larkspur ', 'Ave Apt 3B, ', 'Dayton, OH ', '45402')}\n`,
      reason: 'direction, flat, city, state and ZIP',
    },
    { path: 'notes.txt', text: `patient mailing address: ${glue('P.O. ', 'Box ', '3317')}\n`, reason: 'a post box' },
    {
      path: 'notes.txt',
      text: `Patient address: ${glue('Dayton, ', 'OH ', '45402-', '1187')}\n`,
      reason: 'city, state and ZIP+4',
    },
    {
      path: 'a.json',
      text: `{"patient":{"address":"${glue('88 ', 'Old Mill ', 'Road')}"}}`,
      reason: 'the person in the key above',
    },
    {
      path: 'a.csv',
      text: `patient_zip,sex\n${glue('45', '402')},F\n${glue('02', '118')},M\n`,
      reason: 'a ZIP below its column',
    },
    {
      path: 'a.csv',
      text: `mrn,street,zip\n${glue('73', '02', '95')},${glue('88 ', 'Old Mill ', 'Rd')},${glue('45', '402')}\n`,
      reason: 'plain labels beside another identifier',
    },
    {
      path: 'app.env',
      text: `PATIENT_ADDRESS="${glue('4172 ', 'Larkspur ', 'Ave')}"\n`,
      reason: 'an environment variable',
    },
    {
      path: 'notes.txt',
      text: `Guarantor address: ${glue('15-08 ', '23rd ', 'St')}\n`,
      reason: 'a hyphenated house number',
    },
    {
      path: 'notes.txt',
      text: `patient address: ${glue('123 ', 'Main ', 'St')}\n`,
      reason: 'the street of all forms',
      outcome: 'synthetic',
    },
    {
      path: 'a.csv',
      text: `mrn,city\n${glue('73', '02', '95')},${glue('Larks', 'burg')}\n`,
      reason: 'a city beside another identifier',
    },
    {
      path: 'a.csv',
      text: `patient_zip,sex\n${glue('69', '2')},F\n`,
      reason: 'three digits of an area with few people',
    },
    {
      path: 'a.csv',
      text: `patient_zip,sex\n${glue('12', '345')},F\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    {
      path: 'LICENSE',
      text: `write to the Free Software Foundation, Inc., ${glue('51 ', 'Franklin ', 'Street')}, Fifth Floor, Boston, MA\n`,
      reason: 'the address in the GPL',
    },
    {
      path: 'notes.txt',
      text: `patient address ${glue('51 ', 'Franklin ', 'Street')}\n`,
      reason: 'an organisation below a label',
    },
    { path: 'README.md', text: `Visit us: ${glue('4172 ', 'Larkspur ', 'Ave')}\n`, reason: 'no label' },
    { path: 'README.md', text: `Address: ${glue('4172 ', 'Larkspur ', 'Ave')}\n`, reason: 'a plain label alone' },
    {
      path: 'a.json',
      text: `{"port": ${glue('45', '402')}, "zip": "${glue('45', '402')}"}`,
      reason: 'five digits without a person',
    },
    {
      path: 'a.env',
      text: `PATIENT_SERVICE_ADDRESS=${glue('10.0.', '41.7:', '8080')}\n`,
      reason: 'an address of a network',
    },
    { path: 'a.env', text: `PATIENT_ADDRESS=0x${glue('7ffd', '41a8', '0c30')}\n`, reason: 'an address in memory' },
    { path: 'a.csv', text: `patient_zip,sex\n${glue('45', '4')},F\n`, reason: 'three digits may stay, by the rule' },
    { path: 'a.csv', text: 'mrn,city\n,Larksburg\n', reason: 'a city of nobody' },
    { path: 'a.csv', text: `patient_zip,sex\n${glue('00', '100')},F\n`, reason: 'below the first ZIP code' },
    { path: 'notes.txt', text: `patient address ${glue('45', '402')}\n`, reason: 'five digits below another label' },
    { path: 'a.ts', text: 'const patientAddress = new Address(street, city);\n', reason: 'names in code' },
    {
      path: 'a.sql',
      text: 'CREATE TABLE p (patient_address TEXT, patient_zip CHAR(5));\n',
      reason: 'a table definition',
    },
    { path: 'notes.txt', text: 'patient address: {{address}} ${ADDRESS} %s\n', reason: 'template placeholders' },
    {
      path: 'a.csv',
      text: `ssn,ip_address,mac_address\n,${glue('10.0.', '41.7')},${glue('00:1b:', '44:11')}\n`,
      reason: 'other addresses',
    },
  ],
  references: [
    'USPS Publication 28, Postal Addressing Standards, appendices B and C1',
    'HL7 v2.5.1, chapter 2A, data type XAD; PID-11',
    '45 CFR 164.514(b)(2)(i)(B)',
  ],
};
