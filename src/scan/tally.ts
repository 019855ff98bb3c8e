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
  /** Of the entry in its blob: it may be scanned by another thread than the one before. */
  readonly order: number;
}

/** What one thread counted of the entries of a blob. Structured-cloneable. */
export interface TallyPart {
  readonly found: readonly FoundInEntry[];
  readonly gaps: readonly { readonly gap: EntryGap; readonly order: number }[];
  readonly foundOver: number;
  readonly gapsOver: number;
}

/** Counts, findings and gaps of one blob, bounded. */
export class Tally {
  readonly engine: Engine;
  /** How far containers are opened. */
  readonly limits: AdjustableLimits;
  readonly found: FoundInEntry[] = [];
  readonly gaps: EntryGap[] = [];
  bytes = 0;
  /** The number of the entry that is scanned: its findings and gaps keep it. */
  entries = 0;
  /** Of all texts that are kept. */
  #characters = 0;
  #foundOver = 0;
  #gapsOver = 0;
  readonly #cut = new Set<string>();
  /** Of each gap. */
  readonly #orders: number[] = [];
  #parts: TallyPart[] = [];

  constructor(engine: Engine, adjusted: AdjustableLimits = adjustableLimits) {
    this.engine = engine;
    this.limits = adjusted;
  }

  add(findings: readonly EntryFinding[], entryPath: string): void {
    for (const unread of this.engine.takeUnread()) this.problem(unread, entryPath);
    for (const finding of findings) {
      const { path, pointer = '', field = '' } = finding.place;
      const room = this.found.length < limits.layerFindings;
      if (room && this.#fits(entryPath, path, pointer, field))
        this.found.push({ finding, entryPath, order: this.entries });
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
    if (room && this.#fits(gap.path, gap.detail ?? '')) {
      this.gaps.push(gap);
      this.#orders.push(this.entries);
    } else {
      this.#gapsOver += 1;
    }
  }

  /** For the thread that has the rest of the blob; nothing is added afterwards. */
  part(): TallyPart {
    const gaps = this.gaps.map((gap, index) => ({ gap, order: this.#orders[index] ?? 0 }));
    return { found: this.found, gaps, foundOver: this.#foundOver, gapsOver: this.#gapsOver };
  }

  /** What another thread counted, in any order: `close` sorts it. No more is held than can be told. */
  merge(part: TallyPart): void {
    this.#parts.push(part);
    const found = this.#parts.reduce((sum, each) => sum + each.found.length, 0);
    const gaps = this.#parts.reduce((sum, each) => sum + each.gaps.length, 0);
    if (this.#parts.length < MOST_PARTS && found <= limits.layerFindings && gaps <= limits.layerGaps) return;
    this.#parts = [joined(this.#parts)];
  }

  /** As one thread would have counted it: in the order of the entries, up to the bounds. */
  #sort(): void {
    // What has the number of an entry and was counted here came after that entry: the names up to the next, a fault behind it.
    const { found, gaps, foundOver, gapsOver } = joined([...this.#parts, this.part()]);
    this.#foundOver = foundOver;
    this.#gapsOver = gapsOver;
    this.#characters = 0;
    this.found.length = this.gaps.length = 0;
    for (const each of found) {
      const { path, pointer = '', field = '' } = each.finding.place;
      if (this.#fits(each.entryPath, path, pointer, field)) this.found.push(each);
      else this.#foundOver += 1;
    }
    for (const { gap } of gaps) {
      if (this.#fits(gap.path, gap.detail ?? '')) this.gaps.push(gap);
      else this.#gapsOver += 1;
    }
  }

  #fits(...texts: readonly string[]): boolean {
    const characters = texts.reduce((sum, text) => sum + text.length, this.#characters);
    if (characters > limits.layerCharacters) return false;
    this.#characters = characters;
    return true;
  }

  /** Call once, at the end: what went over the bounds becomes one gap each. */
  close(): void {
    if (this.#parts.length > 0) this.#sort();
    if (this.#foundOver > 0) this.gaps.push(overLimit(`${this.#foundOver} more findings are not listed`));
    if (this.#gapsOver > 0) this.gaps.push(overLimit(`${this.#gapsOver} more gaps are not listed`));
  }
}

/** Parts that are held before they are joined. */
const MOST_PARTS = 256;

/** The first of all, as many as a tally may hold. */
function joined(parts: readonly TallyPart[]): TallyPart {
  const found = parts.flatMap((part) => part.found).sort((a, b) => a.order - b.order);
  const gaps = parts.flatMap((part) => part.gaps).sort((a, b) => a.order - b.order);
  const foundOver = found.splice(limits.layerFindings).length;
  const gapsOver = gaps.splice(limits.layerGaps).length;
  return {
    found,
    gaps,
    foundOver: parts.reduce((sum, part) => sum + part.foundOver, foundOver),
    gapsOver: parts.reduce((sum, part) => sum + part.gapsOver, gapsOver),
  };
}

function overLimit(detail: string): EntryGap {
  return { reason: 'finding-limit', path: '', detail };
}
