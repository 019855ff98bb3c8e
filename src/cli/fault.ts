import { faultKind, faultPlaces, ScanError } from '../errors.ts';
import { maskDigits, shown, type Mask } from './echo.ts';

/**
 * What is said of an error: `WHAT (WHERE). WHAT TO DO`. A ScanError's message is written by phiscan and holds no content,
 * but names of the command line, which are masked; any other message may quote what was being parsed, so it is never
 * printed, only the error's kind and its place.
 */
export function describeFault(error: unknown, mask: Mask = maskDigits): string {
  if (error instanceof ScanError && error.code !== 'internal') return shown(error.message, mask);
  const cause = error instanceof ScanError && error.cause !== undefined ? error.cause : error;
  const place = faultPlaces(cause)[0];
  const where = `${faultKind(cause)}${place === undefined ? '' : ` at ${place}`}`;
  return `a fault of phiscan itself (${where}). Please report this line; PHISCAN_DEBUG=1 adds the stack frames`;
}

/** With PHISCAN_DEBUG: the places that an error passed through, and of its causes; no messages. */
export function debugLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  let cause: unknown = error;
  // A chain of causes that bites its own tail ends at eight.
  for (let depth = 0; depth < 8 && cause instanceof Error; depth += 1) {
    lines.push(`${depth === 0 ? 'fault' : 'caused by'}: ${faultKind(cause)}`);
    for (const place of faultPlaces(cause)) lines.push(`    at ${place}`);
    cause = cause.cause;
  }
  return lines;
}
