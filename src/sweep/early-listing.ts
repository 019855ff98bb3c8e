import type { EntryGap } from '../finding.ts';
import { inParallel } from '../parallel.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from '../registry/registry-listing.ts';
import { remoteLimits } from '../remote-limits.ts';

/**
 * A listing that is walked from the moment it is made, while the rest of the program is loaded: a registry takes its time to
 * answer, and a sweep of which all is remembered does little else. It asks what would be asked anyway, once; what fails is
 * thrown where it is listed.
 */
export class EarlyListing implements RegistryListing {
  readonly #listing: RegistryListing;
  readonly #source: AsyncIterator<ListedRepository>;
  readonly #images = new Map<string, Begun<ListedImage>>();
  readonly #named: ListedRepository[] = [];
  #failure: { readonly error: unknown } | undefined;
  #isWanted = false;

  /** `isInScope`: of whose images the sweep will ask. */
  constructor(listing: RegistryListing, isInScope: (repository: string) => boolean) {
    this.#listing = listing;
    this.#source = listing.repositories()[Symbol.asyncIterator]();
    void inParallel(this.#early(), remoteLimits.repositoriesAtOnce, async ({ name }) => {
      if (!isInScope(name)) return;
      const images = new Begun(listing.images(name));
      this.#images.set(name, images);
      await images.settled;
    });
  }

  get isComplete(): boolean | undefined {
    return this.#listing.isComplete;
  }

  get gaps(): readonly EntryGap[] {
    return this.#listing.gaps;
  }

  async *repositories(): AsyncGenerator<ListedRepository, void, undefined> {
    this.#isWanted = true;
    for (;;) {
      yield* this.#named.splice(0);
      const next = await this.#source.next();
      // The one that was asked for early, if any, came before.
      yield* this.#named.splice(0);
      if (this.#failure !== undefined) throw this.#failure.error;
      if (next.done === true) return;
      yield next.value;
    }
  }

  images(repository: string): AsyncIterable<ListedImage> {
    const begun = this.#images.get(repository);
    this.#images.delete(repository);
    return begun ?? this.#listing.images(repository);
  }

  texts(repository?: string): AsyncIterable<ListedText> {
    return this.#listing.texts(repository);
  }

  /** Until the sweep lists them itself. Never throws. */
  async *#early(): AsyncGenerator<ListedRepository, void, undefined> {
    try {
      while (!this.#isWanted) {
        const next = await this.#source.next();
        if (next.done === true) return;
        this.#named.push(next.value);
        yield next.value;
      }
    } catch (error) {
      this.#failure = { error };
    }
  }
}

/** What is asked for its first before anybody iterates it, which is once. */
class Begun<Each> implements AsyncIterable<Each> {
  /** When the first is there, or the end, or a failure. */
  readonly settled: Promise<void>;
  readonly #iterator: AsyncIterator<Each>;
  readonly #first: Promise<IteratorResult<Each>>;

  constructor(source: AsyncIterable<Each>) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#first = this.#iterator.next();
    this.settled = this.#first.then(
      () => undefined,
      () => undefined,
    );
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Each, void, undefined> {
    try {
      for (let next = await this.#first; next.done !== true; next = await this.#iterator.next()) yield next.value;
    } finally {
      await this.#iterator.return?.();
    }
  }
}
