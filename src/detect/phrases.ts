/** The phrases of a list that is written with commas: lower-case words with single spaces between them. */
export function phrases(list: string): readonly string[] {
  return list
    .split(',')
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
}

/** Words that, in a label of any detector, mean a description of the value and not the value. */
export const DESCRIPTIONS: readonly string[] = phrases(
  'regex, regexp, pattern, format, template, mask, hash, hashed, type, length, len, count, index, idx, version, validator, valid, ' +
    'required, error, message, placeholder, label, caption, tooltip, title, description, header, column, checkbox, flag, known',
);
