/**
 * Values that belong to nobody: published fakes, placeholders, and the marks that generators of test patients leave.
 * A value known here keeps its finding with the outcome `synthetic`; it is never dropped.
 */
import { glue } from './glue.ts';

/** All digits equal. */
export function isRepeated(digits: string): boolean {
  return digits.length > 1 && /^(\d)\1+$/.test(digits);
}

/** Rising or falling by one, 0 after 9: `12345678`, `9876543210`. */
export function isSequential(digits: string): boolean {
  if (digits.length < 4) return false;
  const step = stepAt(digits, 1);
  if (step !== 1 && step !== 9) return false;
  for (let at = 2; at < digits.length; at++) if (stepAt(digits, at) !== step) return false;
  return true;
}

/** From the digit before to this one, 0 to 9. */
function stepAt(digits: string, at: number): number {
  return (digits.charCodeAt(at) - digits.charCodeAt(at - 1) + 10) % 10;
}

/** One or two digits again and again, or a few digits and then zeros: `121212`, `100000`, `000001`. */
export function isPatterned(digits: string): boolean {
  return /^(\d\d?)\1{2,}\d?$/.test(digits) || /^0*[1-9]\d?0{4,}$/.test(digits) || /^0{3,}\d{1,2}$/.test(digits);
}

/** A number that somebody typed to fill a field. */
export function isFillerNumber(value: string): boolean {
  const digits = value.replace(/\D/g, '');
  return isRepeated(digits) || isSequential(digits) || isPatterned(digits) || hasFillerWord(value);
}

/** `TEST`, `DEMO`, `SAMPLE`, ... as a whole word or in front of a number: `TEST0042`. */
function hasFillerWord(value: string): boolean {
  return /(?:^|[^\p{L}])(?:test|zztest|ztest|demo|dummy|sample|example|fake|foo|bar|mock|placeholder|xxx+|abcd*)(?:$|[^\p{L}])/iu.test(
    value,
  );
}

/**
 * Social Security numbers that were printed for the public: the wallet card of 1938, SSA's pamphlet of 1940, and those of
 * textbooks and specifications. Area, group, serial.
 */
const PUBLISHED_SSNS: ReadonlySet<string> = new Set([
  glue('078', '05', '1120'),
  glue('219', '09', '9999'),
  glue('042', '10', '3580'),
  glue('123', '45', '6789'),
  glue('123', '45', '9999'),
  glue('111', '22', '3333'),
  glue('444', '22', '2222'),
  glue('100', '10', '2010'),
]);

/** Nine digits. Synthea draws the area 999; 987-65-4320 to 4329 were given to advertisers. */
export function isFakeSsn(digits: string): boolean {
  if (PUBLISHED_SSNS.has(digits) || isRepeated(digits) || isSequential(digits)) return true;
  return /^999/.test(digits) || digits.startsWith(glue('98765', '432')) || /^(\d)\1\1(\d)\2(\d)\3{3}$/.test(digits);
}

/** The card that CMS prints, with the last digit that its older texts have, and the one of its training slides. */
const PUBLISHED_MBIS: ReadonlySet<string> = new Set([glue('1EG4', 'TE5', 'MK7', '2'), glue('1EG4', 'TE5', 'MK7', '3')]);

/** Eleven characters, upper case. CMS's synthetic beneficiaries have an S, which no real one has, at position 2. */
export function isFakeMbi(mbi: string): boolean {
  return mbi[1] === 'S' || PUBLISHED_MBIS.has(mbi) || /^..[0A]0.[0A]0..00$/.test(mbi);
}

/** Ten digits. 555-0100 to 0199 are set aside for fiction, and there is no area 555. */
export function isFictionPhone(digits: string): boolean {
  return (
    /^(?:...55501|555)/.test(digits) ||
    isRepeated(digits.slice(3)) ||
    isSequential(digits) ||
    isSequential(digits.slice(3))
  );
}

/** RFC 2606, RFC 6761, and domains that people write when they mean no domain. */
export function isExampleDomain(domain: string): boolean {
  return (
    /(?:^|\.)(?:example|invalid|test|localhost|local|lan|internal)$/i.test(domain) ||
    /(?:^|\.)(?:example|test|sample|dummy|fake|acme|foo|bar|foobar|mailinator|yourdomain|yourcompany|yourorg|mydomain|mycompany|company|domain|email|contoso|synthea|synthetichealth)\.[a-z]{2,}$/i.test(
      domain,
    )
  );
}

/** Surnames of nobody, of the example patients of HL7, FHIR and X12 guides, and of the owner in TOML's README. */
const NOBODY =
  /^(?:doe|roe|public|citizen|test|tester|testing|testpatient|zztest|ztest|anonymous|anonymized|anon|everyman|everywoman|demo|dummy|sample|example|fake|phantom|patient|mustermann|bloggs|nobody|nemo|duck|mouse|chalmers|preston-werner|foo|bar|foobar)\d*$/i;

/** Given names that are fake only with nothing else known: `JOHN DOE` is caught by its surname. */
const FILLER_GIVEN =
  /^(?:test|demo|dummy|sample|example|fake|foo|anonymous|testfirst|testlast|firstname|lastname)\d*$/i;

/** Given and family name that are fake together only. */
const FILLER_PAIRS: ReadonlySet<string> = new Set([
  'john smith',
  'jane smith',
  'joe smith',
  'alice smith',
  'bob smith',
  'homer simpson',
  'marge simpson',
  'bart simpson',
  'james bond',
  'james kirk',
  'sherlock holmes',
  'george washington',
  'abraham lincoln',
  'thomas jefferson',
]);

/** The words of a name, in any order. Synthea puts a number behind each name it draws. */
export function isFakeName(words: readonly string[]): boolean {
  const [first = '', last = ''] = [words[0], words.at(-1)];
  // `MX^MX`, `test test`.
  if (words.length > 1 && new Set(words).size === 1) return true;
  const pairs = [`${first} ${last}`, `${last} ${first}`];
  if (pairs.some((pair) => FILLER_PAIRS.has(pair.toLowerCase()))) return true;
  return words.some((word) => NOBODY.test(word) || FILLER_GIVEN.test(word) || /^\p{L}[\p{L}'’-]+\d{1,3}$/u.test(word));
}

/** House numbers and streets of form-filling examples; places that are in no gazetteer. */
export function isFakeAddress(address: string): boolean {
  return (
    /^(?:1|12|123|1234|12345|111|999)\s+(?:main|any|elm|fake|example|test|sample|first|oak|anywhere|some|evergreen)\b/i.test(
      address,
    ) ||
    /\b(?:any\s?town|any\s?city|any\s?street|nowhere|springfield,? usa|sesame|evergreen terrace|test\s?(?:ville|city|town)|sample\s?town)\b/i.test(
      address,
    )
  );
}

/** ZIP codes that fill forms. 12345 is real (a plant in Schenectady), and nearly always a filler. */
export function isFakeZip(digits: string): boolean {
  return isRepeated(digits.slice(0, 5)) || isSequential(digits.slice(0, 5));
}

/** Dates that stand for an unknown birth date, and the one of the README of TOML, which every TOML library repeats. */
const SENTINEL_DATES: ReadonlySet<string> = new Set([
  '19000101',
  '19010101',
  '19700101',
  '19800101',
  '20000101',
  '99991231',
  glue('1979', '0527'),
]);

/** Year, month and day as eight digits. 10-10-2010 and its like are what people type to try a form. */
export function isSentinelDate(digits: string): boolean {
  return SENTINEL_DATES.has(digits) || /^\d\d(\d\d)\1\1$/.test(digits);
}
