/** Characters without a tag that take as long as a tag. */
const CHARACTERS = 4;

/** The work that a document may make, in tags and characters: time goes with it, and not with the bytes alone. */
export class XmlSteps {
  #left: number;
  #stop: number | undefined;

  constructor(most: number) {
    this.#left = most;
  }

  take(tags: number, characters: number): void {
    this.#left -= tags + Math.ceil(characters / CHARACTERS);
  }

  /** Whether the reading of a text ends at this index. */
  stopsAt(index: number): boolean {
    if (this.#left > 0) return false;
    this.#stop = index;
    return true;
  }

  /** Where the reading of a text has ended early, asked once for each text. */
  takeStop(): number | undefined {
    const stop = this.#stop;
    this.#stop = undefined;
    return stop;
  }
}
