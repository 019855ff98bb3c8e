import type { LabelSpan, Vocabulary } from '../../src/detect/vocabulary.ts';

const WORDS = [
  'social security number',
  'date of birth',
  'birth date',
  'born on',
  'patient name',
  'home phone',
  'member id',
];
const SHORT = ['ssn', 'mrn', 'dob', 'patient', 'name', 'phone', 'email', 'address', 'family', 'given'];

/** Words in snake, kebab, camel and spaced form, as whole words of an identifier. */
const PATTERN = new RegExp([...WORDS, ...SHORT].map((word) => word.replaceAll(' ', '[ _.-]?')).join('|'), 'gi');

/** A small vocabulary, so that readers are tested without detectors. */
export const vocabulary: Vocabulary = {
  find: (line) => {
    const spans: LabelSpan[] = [];
    for (const match of line.matchAll(PATTERN)) {
      const start = match.index;
      const end = start + match[0].length;
      const opens = !/[A-Za-z]/.test(line.charAt(start - 1)) || /[a-z][A-Z]/.test(line.slice(start - 1, start + 1));
      const closes = !/[A-Za-z]/.test(line.charAt(end)) || /[a-z][A-Z]/.test(line.slice(end - 1, end + 1));
      if (opens && closes) spans.push({ start, end });
    }
    return spans;
  },
};
