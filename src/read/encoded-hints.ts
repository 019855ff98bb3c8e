/**
 * What labels look like in base64, and short ones percent-encoded: without these no hint would bring a reader to an encoded
 * text. In base64 each word has three forms, by where it begins among the groups of three bytes; five characters and more
 * do not turn up by chance.
 */
export function encodedHints(): readonly string[] {
  return [...new Set([...WORDS.flatMap(formsOf), GZIP, PERCENT])];
}

const WORDS: readonly string[] = [
  ...['"ssn"', '"mrn"', '"dob"', 'ssn=', 'mrn=', 'ssn,', 'mrn,', 'ssn:', 'mrn:', 'SSN:', 'MRN:', 'DOB:', ',dob,'],
  ...['patient', 'Patient', 'PATIENT', 'birth', 'Birth', 'social_sec', 'Social Sec', 'medical_rec', 'Medical Rec'],
  ...['member_id', 'memberId', 'Member ID', 'subscriber', 'PID|1|'],
];
/** RFC 1952: the magic number, deflate, and no flags or a name. */
const GZIP = 'H4sI[AC][A-P]';

/** Behind a quote, `&`, `?` or blank, and before a quote or `=`. */
const PERCENT = '%(?:2[026]|3[fF])(?i:ssn|mrn|dob)%(?:22|3[dD])';

function formsOf(word: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + word).toString('base64');
    const first = Math.ceil((8 * before) / 6);
    const last = Math.floor((8 * (before + word.length)) / 6);
    return encoded.slice(first, last).replaceAll('+', '\\+');
  });
}
