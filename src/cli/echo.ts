import { cutMiddle, printable } from '../report/printable.ts';

// A Social Security number in a name that a person typed: separators kept or not, and not a part of a hexadecimal digest.
const numberLike = /(?<![0-9a-f])\d{3}[-. _]?\d{2}[-. _]?\d{4}(?![0-9a-f])/gi;

/** Words of the command line, fit to be printed: on one line, no escape sequences, numbers like an SSN masked. */
export function echo(text: string): string {
  return cutMiddle(printable(text).replace(numberLike, '***-**-****'), 200);
}
