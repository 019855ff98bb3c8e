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
  /** The input is not an image, an archive or a layout. */
  | 'not-an-image'
  /** The report could not be written. */
  | 'output'
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
