import { printable } from './printable.ts';

/** `sha256:3f2a9c1b7d04`: enough to tell images apart, as docker prints it. */
export function shortDigest(digest: string): string {
  return printable(digest.replace(/^([a-z0-9]+:[0-9a-f]{12})[0-9a-f]+$/, '$1'));
}
