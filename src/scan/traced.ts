import type { EntryFinding } from '../finding.ts';
import { ownedKeys, type OwnedFiles } from '../image/owned-files.ts';
import { tracePath, type PathTrace } from '../image/visibility.ts';
import type { FoundInEntry } from './tally.ts';

/** What is asked about an entry of a layer when all layers are known. It holds neither the name nor a digest of it. */
interface EntryTrace extends PathTrace {
  /** What package managers would list the file as, as it is; empty where that is not known. */
  readonly keys: readonly number[];
}

/** A finding of a layer or another blob, as it leaves the thread. */
export interface TracedFinding {
  readonly finding: EntryFinding;
  readonly entry: EntryTrace;
}

const NO_KEYS: readonly number[] = [];

/** Findings of one entry follow each other, and share its trace. */
export function traced(found: readonly FoundInEntry[], owned: OwnedFiles | undefined): readonly TracedFinding[] {
  let before: FoundInEntry | undefined;
  let entry: EntryTrace | undefined;
  return found.map((of) => {
    if (entry === undefined || before?.entryPath !== of.entryPath || before.digests !== of.digests) {
      const keys = of.digests === undefined ? NO_KEYS : ownedKeys(of.entryPath, of.digests, owned);
      entry = { ...tracePath(of.entryPath), keys };
    }
    before = of;
    return { finding: of.finding, entry };
  });
}
