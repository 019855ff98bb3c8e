import { hasCommonName } from './common-names.ts';
import { isNoName } from './no-names.ts';
import { splitLabel } from './words.ts';

/** Keys and names of columns that are remembered; a document whose keys never come again must not fill the memory. */
const REMEMBERED = 10_000;
/** As many digits as the shortest number of a person has. */
const NUMBER = /\d{4}|\d.*[-/. _].*\d/;
/** An e-mail address whose signs became underscores. */
const ADDRESS = /[A-Za-z]{2}_?\d{0,4}_[A-Za-z][\w-]*_(?:com|net|org|edu|gov)(?:_|$)/i;
/** `Anna_Example`: programs write the words of a key alike, but rarely so. */
const TWO_NAMES = /(?:^|_)([A-Z][a-z]{2,})_([A-Z][a-z]{2,})(?=_|$)/;

const known = new Map<string, boolean>();

/** Whether a key, an element's name or a column's name may itself be a number or the name of a person: `CHD1234567`,
 * `james_smith`. A rare name looks like any word and is not told. */
export function isTelling(name: string): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const telling =
    NUMBER.test(name) || ADDRESS.test(name) || isFullName(name) || hasCommonName(splitLabel(name).join(' '));
  if (known.size >= REMEMBERED) known.clear();
  known.set(name, telling);
  return telling;
}

function isFullName(name: string): boolean {
  const words = TWO_NAMES.exec(name)?.slice(1);
  return words !== undefined && !words.some(isNoName);
}

/** Whether a key between a label and its value is one that programs write: `value` in `{ssn: {value: …}}`. Any other may be
 * the person whose value it is. */
export function isCaption(name: string): boolean {
  return splitLabel(name).every((word) => isNoName(word) || word.length < 3);
}
