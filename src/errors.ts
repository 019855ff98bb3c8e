/** Thrown when a scan cannot go on. Everything smaller is a gap in the report. */

export type ScanErrorCode =
  /** The command line or the configuration is wrong. */
  | 'usage'
  /** No such file, image or tag. */
  | 'not-found'
  /** The file or socket may not be read. */
  | 'denied'
  /** No Docker engine answers. */
  | 'no-daemon'
  /** No registry answers, or what answers is none. */
  | 'unreachable'
  /** The input is not an image, an archive or a layout. */
  | 'not-an-image'
  /** The report could not be written. */
  | 'output'
  /** `docker push` failed, or would have sent another image than the one that was scanned. */
  | 'push'
  /** A fault of phiscan itself. */
  | 'internal';

/** The message says what failed, where, and what to do; it never holds content of what is scanned. */
export class ScanError extends Error {
  readonly code: ScanErrorCode;

  constructor(code: ScanErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ScanError';
    this.code = code;
  }
}

/** An error's class and code, both of which programs choose and no input. */
export function faultKind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = 'code' in error ? error.code : undefined;
  const name = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? `${name} ${code}` : name;
}

/** File, line and column of each frame of an error's stack, the innermost first. The stack begins with the message, which may look like frames: it is cut off first. */
export function faultPlaces(error: unknown): readonly string[] {
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
