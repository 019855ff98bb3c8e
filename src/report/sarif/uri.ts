/** References of RFC 3986 that GitHub takes for files of the repository: relative, with `/`, and nothing but its characters. */

/** Of a path in the repository; never empty. */
export function fileUri(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.map(encoded).join('/') || 'unnamed';
}

/** A segment; a colon in the first one would be a scheme, and half of a surrogate pair has no encoding. */
function encoded(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
