import type { ExcludedPaths } from '../finding.ts';
import { globMatcher } from './glob.ts';

/** What the key `paths.exclude` leaves out of one scan, counted. */
export class Exclusion {
  readonly #rules: { readonly pattern: string; readonly matches: (path: string) => boolean; entries: number }[];

  constructor(globs: readonly string[]) {
    this.#rules = globs.flatMap((pattern) => {
      const matches = globMatcher(pattern);
      return matches === undefined ? [] : [{ pattern, matches, entries: 0 }];
    });
  }

  /** Call once for each path: it counts for the first glob that matches. */
  excludes(path: string): boolean {
    const rule = this.#rules.find(({ matches }) => matches(path));
    if (rule === undefined) return false;
    rule.entries += 1;
    return true;
  }

  /** Of the globs that left something out, in the order of the file. */
  counts(mask: (text: string) => string): readonly ExcludedPaths[] {
    return this.#rules
      .filter(({ entries }) => entries > 0)
      .map(({ pattern, entries }) => ({ pattern: mask(pattern), entries }));
  }
}
