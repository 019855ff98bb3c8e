import { limits } from '../limits.ts';
import type { OnAside, OnProblem } from '../unpack/chunks.ts';
import type { SourceObject } from './source.ts';
import { noBytes } from './source.ts';

/** Keeps the text beside a compressed archive (a file's name, a comment) for a last member, whose header has it. */
export class AsideMember {
  readonly #onProblem: OnProblem;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(onProblem: OnProblem) {
    this.#onProblem = onProblem;
  }

  readonly write: OnAside = (bytes) => {
    const room = limits.tarRecordBytes - this.#bytes;
    this.#bytes += bytes.length;
    if (room > 0) this.#pieces.push(Buffer.from(bytes.subarray(0, room)));
  };

  async *after(objects: AsyncIterable<SourceObject>): AsyncGenerator<SourceObject, void, undefined> {
    yield* objects;
    const over = this.#bytes - limits.tarRecordBytes;
    if (over > 0) {
      this.#onProblem({ reason: 'record-limit', detail: 'text beside the compressed archive', bytes: over });
    }
    const text = Buffer.concat(this.#pieces).toString();
    if (text === '') return;
    const name = '(beside the compressed archive)';
    yield { name, size: 0, bytes: noBytes, linkTarget: '', metadata: [['header', text]] };
  }
}
