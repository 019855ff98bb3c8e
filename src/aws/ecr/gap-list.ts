import type { EntryGap } from '../../finding.ts';
import { limits } from '../../limits.ts';
import type { Problem } from '../../unpack/chunks.ts';

/** Gaps of a listing, bounded: what goes over is counted in one. */
export class GapList {
  readonly #maskText: (text: string) => string;
  readonly #gaps: EntryGap[] = [];
  #over = 0;

  constructor(maskText: (text: string) => string) {
    this.#maskText = maskText;
  }

  get all(): readonly EntryGap[] {
    if (this.#over === 0) return this.#gaps;
    return [...this.#gaps, { reason: 'finding-limit', path: '', detail: `${this.#over} more gaps are not listed` }];
  }

  readonly add = (problem: Problem, path: string): void => {
    if (this.#gaps.length >= limits.layerGaps) this.#over += 1;
    else this.#gaps.push({ ...problem, path: this.#maskText(path.slice(0, limits.pathCharacters)) });
  };
}
