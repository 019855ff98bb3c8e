import type { CustomDetector } from '../detect/custom-detector.ts';
import { cutMiddle, printable } from '../report/printable.ts';

/** Replaces the values in a text that is going to be printed. */
export type Mask = (text: string) => string;

// A Social Security number in a name that a person typed: separators kept or not, and not a part of a hexadecimal digest.
const numberLike = /(?<![0-9a-f])\d{3}[-. _]?\d{2}[-. _]?\d{4}(?![0-9a-f])/gi;

/** Where the detectors cannot be loaded, nothing that may be a number is printed. */
export function maskDigits(text: string): string {
  return text.replace(/\d/g, '*');
}

/** The detectors' mask: of the run's own detectors and the built-in ones. Loaded late, since `--version` and `--help` need
 * no regex engine. */
export async function loadMask(customDetectors: readonly CustomDetector[]): Promise<Mask> {
  try {
    const { maskOf } = await import('../scan/mask.ts');
    return maskOf(customDetectors);
  } catch {
    // The scan itself, which needs them too, says why.
    return maskDigits;
  }
}

/** Text that may repeat words of the command line, fit to be printed: values masked, on one line, no escape sequences. */
export function shown(text: string, mask: Mask): string {
  return printable(mask(text)).replace(numberLike, '***-**-****');
}

/** The same, for a name that may be of any length. */
export function echo(text: string, mask: Mask): string {
  return cutMiddle(shown(text, mask), 200);
}
