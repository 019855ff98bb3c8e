import type { Engine } from '../engine/engine.ts';
import type { EntryFinding, EntryGap } from '../finding.ts';
import type { FileDigests } from '../image/owned-files.ts';
import { type AdjustableLimits, adjustableLimits } from '../adjustable-limits.ts';
import { limits } from '../limits.ts';
import type { Problem } from '../unpack/chunks.ts';

/** A finding with the entry of the layer that it is in: needed to tell whether that file is visible. */
export interface FoundInEntry {
  readonly finding: EntryFinding;
  /** The path in the layer as stored. It may hold a value, so it ends where findings are attributed. */
  readonly entryPath: string;
  /** Of the layer's entry, where they are known: package managers are asked for them. */
  readonly digests?: FileDigests;
}

/** Counts, findings and gaps of one blob, bounded. */
export class Tally {
  readonly engine: Engine;
  /** How far containers are opened. */
  readonly limits: AdjustableLimits;
  readonly found: FoundInEntry[] = [];
  readonly gaps: EntryGap[] = [];
  bytes = 0;
  entries = 0;
  /** Of all texts that are kept. */
  #characters = 0;
  #foundOver = 0;
  #gapsOver = 0;
  readonly #cut = new Set<string>();

  constructor(engine: Engine, adjusted: AdjustableLimits = adjustableLimits) {
    this.engine = engine;
    this.limits = adjusted;
  }

  add(findings: readonly EntryFinding[], entryPath: string): void {
    for (const unread of this.engine.takeUnread()) this.problem(unread, entryPath);
    for (const finding of findings) {
      const { path, pointer = '', field = '' } = finding.place;
      const room = this.found.length < limits.layerFindings;
      if (room && this.#fits(entryPath, path, pointer, field)) this.found.push({ finding, entryPath });
      else this.#foundOver += 1;
    }
  }

  /** Gives the findings of an entry, those after the first `before`, the digests of its bytes. */
  sign(before: number, entryPath: string, digests: FileDigests | undefined): void {
    if (digests === undefined) return;
    for (let index = before; index < this.found.length; index++) {
      const found = this.found[index];
      if (found?.entryPath === entryPath) this.found[index] = { ...found, digests };
    }
  }

  /** Like `problem`, of bytes that others read on: that they find them cut short is no gap of its own. */
  cause(problem: Problem, path: string): void {
    this.problem(problem, path);
    this.cut(path);
  }

  /** What is at the path ends early, for which there is a gap already. */
  cut(path: string): void {
    if (this.gaps.length < limits.layerGaps) this.#cut.add(path);
  }

  problem(problem: Problem, path: string): void {
    if (problem.reason === 'truncated' && this.#cut.has(path)) return;
    // Before anything is masked: a million broken members must not cost a million masks.
    if (this.gaps.length >= limits.layerGaps) {
      this.#gapsOver += 1;
      return;
    }
    const { detail } = problem;
    const masked = detail === undefined ? undefined : this.engine.maskText(detail);
    this.gap({
      ...problem,
      ...(masked === undefined ? {} : { detail: masked }),
      path: this.engine.maskText(path.slice(0, limits.pathCharacters)),
    });
  }

  /** `gap.path` has its values masked already. */
  gap(gap: EntryGap): void {
    const room = this.gaps.length < limits.layerGaps;
    if (room && this.#fits(gap.path, gap.detail ?? '')) this.gaps.push(gap);
    else this.#gapsOver += 1;
  }

  #fits(...texts: readonly string[]): boolean {
    const characters = texts.reduce((sum, text) => sum + text.length, this.#characters);
    if (characters > limits.layerCharacters) return false;
    this.#characters = characters;
    return true;
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
