import type { TarMetadata } from '../unpack/tar-entry.ts';
import type { Tally } from './tally.ts';

const BATCH_CHARACTERS = 64 * 1024;

interface Headed {
  readonly linkTarget: string;
  readonly metadata: TarMetadata;
}

interface Named {
  readonly path: string;
  /** What the text is: `name`, `link target`, or the key of a pax record. */
  readonly pointer: string;
  readonly text: string;
  readonly entryPath: string;
}

/**
 * Scans names, link targets and extended attributes. They are gathered and asked for hints together, since a call for
 * each of a million names costs more than the names.
 */
export class NameScan {
  readonly #tally: Tally;
  #batch: Named[] = [];
  #characters = 0;
  /** Of the member before: neighbours share owners and attributes. */
  #metadata: TarMetadata = [];

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  add(path: string, pointer: string, text: string, entryPath: string): void {
    this.#batch.push({ path, pointer, text, entryPath });
    this.#characters += text.length;
    if (this.#characters > BATCH_CHARACTERS) this.flush();
  }

  /** What stands in the header of an archive's member. */
  member(name: string, member: Headed, path: string, entryPath: string): void {
    this.add(path, 'name', name, entryPath);
    if (member.linkTarget !== '') this.add(path, 'link target', member.linkTarget, entryPath);
    if (member.metadata === this.#metadata) return;
    this.#metadata = member.metadata;
    for (const [key, value] of member.metadata) this.add(path, key, `${key}=${value}`, entryPath);
  }

  flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#characters = 0;
    if (batch.length === 0) return;
    const { engine } = this.#tally;
    if (!engine.hints(Buffer.from(batch.map((named) => named.text).join('\n')))) return;
    for (const { path, pointer, text, entryPath } of batch) {
      this.#tally.add(engine.text(path, pointer, text), entryPath);
    }
  }
}
