import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Of the code that scans. The build gives every part a name that is a hash of what is in it, and the worker's module names its
 * parts: what it says is another text whenever any of them is another. Empty where there is no build.
 */
export function engineDigest(worker: URL = new URL('../scan/worker.js', import.meta.url)): string {
  try {
    return createHash('sha256').update(readFileSync(worker)).digest('hex');
  } catch {
    return '';
  }
}
