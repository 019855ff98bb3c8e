import type { OnProblem } from './chunks.ts';
import type { TarBody } from './tar-body.ts';
import { BLOCK_BYTES, type TarInput } from './tar-input.ts';
import { type Segment, segmentsFit, type SparseFile, SparseTextMap } from './tar-sparse.ts';

/** Zeros of a hole that are handed out, so that what stands before and after it does not touch. */
const HOLE_BYTES = 4096;
const ZEROS = Buffer.alloc(64 * 1024);

/**
 * A sparse file: its stored runs at their places, and zeros between them. Stored runs follow each other without padding,
 * as in libarchive and Go; GNU tar pads each to a block, which differs only for maps that it never writes.
 */
export class SparseBody implements TarBody {
  readonly #input: TarInput;
  readonly #size: number;
  readonly #onProblem: OnProblem;
  /** Stored bytes not read yet. */
  #left: number;
  /** While the map is read from the stored bytes. */
  #text: SparseTextMap | undefined;
  #segments: readonly Segment[] = [];
  #index = 0;
  /** Logical offset of the next run. */
  #next = 0;
  #holeShown = 0;
  offset = 0;

  constructor(input: TarInput, storedSize: number, file: SparseFile, onProblem: OnProblem) {
    this.#input = input;
    this.#left = storedSize;
    this.#size = file.size;
    this.#onProblem = onProblem;
    if (file.segments) this.#useSegments(file.segments);
    else this.#text = new SparseTextMap();
  }

  run(wholeHoles: boolean): Buffer | null | undefined {
    while (this.#text) {
      const block = this.#left < BLOCK_BYTES ? null : this.#input.take(BLOCK_BYTES);
      if (block === undefined) return undefined;
      const unmapped = this.#readMap(this.#text, block);
      if (unmapped) return this.#handOut(unmapped);
    }
    for (let segment = this.#segments[this.#index]; segment; segment = this.#segments[this.#index]) {
      if (this.#next < segment.offset) {
        const hole = this.#hole(segment.offset - this.#next, wholeHoles);
        if (hole) return this.#handOut(hole);
        this.#next = segment.offset;
      }
      this.#holeShown = 0;
      const mapped = segment.offset + segment.length - this.#next;
      if (mapped > 0) return this.#storedRun(mapped);
      this.#index++;
    }
    // Stored bytes that the map does not name follow the file's end: a reader that extracts never shows them.
    return this.#storedRun(this.#left);
  }

  skip(): boolean {
    if (this.#left > 0) this.#left = this.#input.skipBody(this.#left);
    return this.#left === 0;
  }

  #storedRun(length: number): Buffer | null | undefined {
    if (this.#left === 0) return null;
    const run = this.#input.run(Math.min(length, this.#left));
    if (run === null) {
      this.#input.reportCut(this.#left);
      this.#left = 0;
      this.#segments = [];
    } else if (run) {
      this.#left -= run.length;
      this.#handOut(run);
    }
    return run;
  }

  #handOut(run: Buffer): Buffer {
    this.offset = this.#next;
    this.#next += run.length;
    return run;
  }

  #hole(length: number, whole: boolean): Buffer | undefined {
    const shown = Math.min(length, whole ? ZEROS.length : HOLE_BYTES - this.#holeShown);
    if (shown <= 0) return undefined;
    this.#holeShown += shown;
    return ZEROS.subarray(0, shown);
  }

  /** Returns what was taken for a map when it is none: these bytes are the file's own. */
  #readMap(text: SparseTextMap, block: Buffer | null): Buffer | undefined {
    if (block) this.#left -= block.length;
    const segments = block ? text.add(block) : false;
    if (segments === undefined) return undefined;
    this.#text = undefined;
    if (segments && this.#useSegments(segments)) return undefined;
    if (!segments) this.#reportMap();
    return text.bytes.length > 0 ? text.bytes : undefined;
  }

  #useSegments(segments: readonly Segment[]): boolean {
    const fit = segmentsFit(segments, this.#size, this.#left);
    if (fit) this.#segments = [...segments, { offset: this.#size, length: 0 }];
    else this.#reportMap();
    return fit;
  }

  #reportMap(): void {
    this.#onProblem({
      reason: 'corrupt',
      detail: 'the map of a sparse file is wrong: its stored bytes are read as they are',
    });
  }
}
