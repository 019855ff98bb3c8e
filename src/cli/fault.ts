import { ScanError } from '../errors.ts';
import { printable } from '../report/printable.ts';

/**
 * What is said of an error: `WHAT (WHERE). WHAT TO DO`. A ScanError's message is written by phiscan and holds no content;
 * any other message may quote what was being parsed, so it is never printed, only the error's kind and its place.
 */
export function describeFault(error: unknown): string {
  if (error instanceof ScanError && error.code !== 'internal') return printable(error.message);
  const cause = error instanceof ScanError && error.cause !== undefined ? error.cause : error;
  const place = frames(cause)[0];
  const where = `${kind(cause)}${place === undefined ? '' : ` at ${place}`}`;
  return `a fault of phiscan itself (${where}). Please report this line; PHISCAN_DEBUG=1 adds the stack frames`;
}

/** With PHISCAN_DEBUG: the places that an error passed through, and of its causes; no messages. */
export function debugLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  let cause: unknown = error;
  // A chain of causes that bites its own tail ends at eight.
  for (let depth = 0; depth < 8 && cause instanceof Error; depth += 1) {
    lines.push(`${depth === 0 ? 'fault' : 'caused by'}: ${kind(cause)}`);
    for (const place of frames(cause)) lines.push(`    at ${place}`);
    cause = cause.cause;
  }
  return lines;
}

function kind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = 'code' in error ? error.code : undefined;
  const name = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? `${name} ${code}` : name;
}

/** File, line and column of each frame. The stack begins with the message, which may look like frames: it is cut off first. */
function frames(error: unknown): readonly string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const header = error.message === '' ? error.name : `${error.name}: ${error.message}`;
  if (!error.stack.startsWith(`${header}\n`)) return [];
  const places: string[] = [];
  for (const line of error.stack.slice(header.length + 1).split('\n')) {
    const place = /^ {4}at .*?([\w./@+-]+:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place !== undefined) places.push(place.replace(/^\/\/(?=\/)/, ''));
  }
  return places;
}
