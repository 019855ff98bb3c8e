/**
 * Ages of 90 and more as notes write them: `93-year-old woman`, `93 y.o.`, `93yo F`, `aged 95`, `Age/Sex: 93 F`. 45 CFR
 * 164.514(b)(2)(i)(C) names them beside the dates.
 */
export interface OldAge {
  /** Character indexes of the number. */
  readonly start: number;
  readonly end: number;
  /** The same text says that it is a patient's. */
  readonly ofPatient: boolean;
}

/** A cheap look that most lines fail. */
const MAYBE = /(?:9\d|1[01]\d|120)[ -]?y|\baged?[^a-z]/i;
const NUMBER = '(9\\d|1[01]\\d|120)';
/** What no age begins behind: `1993`, `v9.93`, `$93`, `#93`. */
const ALONE = '(?<![\\w.,/:$#-])';
/** `93-year-old`; then the sentence must tell that it is a person. */
const WORDS: RegExp = new RegExp(`${ALONE}${NUMBER}[ -]?(?:years?|yrs?)\\.?[ -]?old\\b`, 'gi');
/** Clinicians' short forms, which nobody else uses. */
const SHORT: RegExp = new RegExp(
  `${ALONE}${NUMBER}[ -]?(?:y\\.? ?/? ?o\\.?(?:ld)?|yrs?\\.? ?o\\.?)(?![\\w.-]*\\w)`,
  'gi',
);
const LABELLED: RegExp = new RegExp(
  `(?<![\\w-])age[d]?(?: ?/ ?(?:sex|gender))?(?: of| is| was)?\\s{0,8}[:=]?\\s{0,8}${NUMBER}(?![\\w%]|[.,:/-]\\d)`,
  'gi',
);
const PATIENT = /\b(?:patient|pt|pat|decedent|mr|mrs|ms|miss)\b/i;
/** A person, with words between: `right-handed African American woman`. A company, a house or a tree may be as old. */
const PERSON =
  /^(?:[\s,]{1,3}[A-Za-z/-]{1,20}){0,5}?[\s,]{1,3}(?:wom[ae]n|m[ae]n|males?|females?|gentlem[ae]n|lad(?:y|ies)|patient|pt|person|resident|veteran|widow(?:er)?|mother|father|grand(?:mother|father)|nun|priest|m|f)\b/i;
/** Who is told about: `The patient is a`, `Ms. R is a`, `She was a`. */
const SUBJECT = /\b(?:patient|pt|mrs?|ms|miss|s?he)\b[^;!?]{0,80}\b(?:is|was|,)\s{1,2}(?:an?|the)?\s{0,2}$/i;
/** What may be as old, and is no person. */
const THING =
  /^[\s,]{1,3}(?:[A-Za-z-]{1,20}\s){0,3}?(?:compan|firm|brand|house|building|tree|institut|hospital|clinic|law|tradition|organi[sz]ation|system|software|project|bridge|church|school|universit|business)/i;

/** The ages of a text, left to right. Most texts have none. */
export function oldAges(text: string): readonly OldAge[] {
  // Most lines have neither digit, which is the cheapest look of all.
  if ((!text.includes('9') && !text.includes('1')) || !MAYBE.test(text)) return NONE;
  const ages = new Map<number, OldAge>();
  let isOfPatient: boolean | undefined;
  for (const pattern of [WORDS, SHORT, LABELLED]) {
    for (const { 0: whole, 1: number = '', index } of text.matchAll(pattern)) {
      const start = index + whole.indexOf(number);
      if (pattern === WORDS && !isPerson(text, start, index + whole.length)) continue;
      isOfPatient ??= PATIENT.test(text);
      ages.set(start, { start, end: start + number.length, ofPatient: isOfPatient && pattern !== LABELLED });
    }
  }
  return [...ages.values()].sort((a, b) => a.start - b.start);
}

function isPerson(text: string, start: number, end: number): boolean {
  const after = text.slice(end, end + REACH);
  if (THING.test(after)) return false;
  return PERSON.test(after) || SUBJECT.test(text.slice(Math.max(0, start - REACH), start));
}

const NONE: readonly OldAge[] = [];
const REACH = 120;
