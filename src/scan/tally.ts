import type { Engine } from '../engine/engine.ts';
import type { EntryFinding, EntryGap } from '../finding.ts';
import { limits } from '../limits.ts';
import type { Problem } from '../unpack/chunks.ts';

/** A finding with the entry of the layer that it is in: needed to tell whether that file is visible. */
export interface FoundInEntry {
  readonly finding: EntryFinding;
  /** The path in the layer as stored. It may hold a value, so it ends where findings are attributed. */
  readonly entryPath: string;
}

/** Counts, findings and gaps of one blob, bounded. */
export class Tally {
  readonly engine: Engine;
  readonly found: FoundInEntry[] = [];
  readonly gaps: EntryGap[] = [];
  bytes = 0;
  entries = 0;
  #foundOver = 0;
  #gapsOver = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  add(findings: readonly EntryFinding[], entryPath: string): void {
    for (const finding of findings) {
      if (this.found.length < limits.layerFindings) this.found.push({ finding, entryPath });
      else this.#foundOver += 1;
    }
  }

  problem(problem: Problem, path: string): void {
    this.gap({ ...problem, path: this.engine.maskText(path) });
  }

  /** `gap.path` has its values masked already. */
  gap(gap: EntryGap): void {
    if (this.gaps.length < limits.layerGaps) this.gaps.push(gap);
    else this.#gapsOver += 1;
  }

  /** Call once, at the end: what went over the bounds becomes one gap each. */
  close(): void {
    if (this.#foundOver > 0) this.gaps.push(overLimit(`${this.#foundOver} more findings are not listed`));
    if (this.#gapsOver > 0) this.gaps.push(overLimit(`${this.#gapsOver} more gaps are not listed`));
  }
}

function overLimit(detail: string): EntryGap {
  return { reason: 'finding-limit', path: '', detail };
}
