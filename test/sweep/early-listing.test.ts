import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ListedImage, ListedRepository, RegistryListing } from '../../src/registry/registry-listing.ts';
import { EarlyListing } from '../../src/sweep/early-listing.ts';

interface Told {
  readonly name: string;
  readonly images: number;
  /** Of each answer, in milliseconds. */
  readonly delay: number;
  /** The images cannot be listed. */
  readonly fails?: boolean;
}

/** Tells what it is told, and counts what it is asked for. */
class CountedListing implements RegistryListing {
  readonly isComplete = false;
  readonly gaps = [];
  readonly asked: string[] = [];
  readonly #told: readonly Told[];
  readonly #end: Error | undefined;

  constructor(told: readonly Told[], end?: Error) {
    this.#told = told;
    this.#end = end;
  }

  async *repositories(): AsyncGenerator<ListedRepository, void, undefined> {
    this.asked.push('catalog');
    for (const { name, delay } of this.#told) {
      await wait(delay);
      yield { name };
    }
    if (this.#end !== undefined) throw this.#end;
  }

  async *images(repository: string): AsyncGenerator<ListedImage, void, undefined> {
    this.asked.push(repository);
    const { images = 0, delay = 0, fails = false } = this.#told.find(({ name }) => name === repository) ?? {};
    await wait(delay);
    if (fails) throw new Error(`no ${repository}`);
    for (let index = 0; index < images; index++) {
      yield { repository, digest: String(index), tags: [], state: 'active' };
    }
  }

  async *texts(): AsyncGenerator<never, void, undefined> {}
}

/** Names of repositories with the number of their images; -1 where these failed. */
async function walked(listing: RegistryListing): Promise<readonly (readonly [string, number])[]> {
  const found: [string, number][] = [];
  for await (const { name } of listing.repositories()) {
    let images = 0;
    try {
      for await (const image of listing.images(name)) images += image.repository === name ? 1 : NaN;
    } catch {
      images = -1;
    }
    found.push([name, images]);
  }
  return found;
}

const everything = (): boolean => true;

describe('a listing that is walked early', () => {
  it('asks before it is asked, in parallel, and nobody for what is out of scope', async () => {
    const told = ['a', 'b', 'skipped', 'c'].map((name) => ({ name, images: 2, delay: 0 }));
    const listing = new CountedListing(told);
    const early = new EarlyListing(listing, (name) => name !== 'skipped');
    await vi.waitFor(() => {
      expect(listing.asked).toEqual(['catalog', 'a', 'b', 'c']);
    });
    expect(await walked(early)).toEqual(told.map(({ name, images }) => [name, images]));
    // By the walk, which asks for all of them.
    expect(listing.asked).toEqual(['catalog', 'a', 'b', 'c', 'skipped']);
  });

  it('tells what the listing tells, each asked for once, whenever the walk begins', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 12 });
    const one = fc.record({
      images: fc.nat({ max: 3 }),
      delay: fc.nat({ max: 3 }),
      fails: fc.boolean(),
      isInScope: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.array(one, { minLength: 12, maxLength: 12 }),
        fc.nat({ max: 12 }),
        async (all, ways, late) => {
          const told = all.map((name, index) => ({
            name,
            ...(ways[index] ?? { images: 0, delay: 0, isInScope: true }),
          }));
          const listing = new CountedListing(told);
          const early = new EarlyListing(
            listing,
            (name) => told.find((each) => each.name === name)?.isInScope === true,
          );
          await wait(late);
          expect(await walked(early)).toEqual(await walked(new CountedListing(told)));
          expect([...listing.asked].sort()).toEqual(['catalog', ...all].sort());
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([0, 30])('throws what the listing throws, behind what it told before (%i ms late)', async (late) => {
    const told = ['a', 'b'].map((name) => ({ name, images: 1, delay: 3 }));
    const early = new EarlyListing(new CountedListing(told, new Error('broken off')), everything);
    await wait(late);
    const names: string[] = [];
    const walk = async (): Promise<void> => {
      for await (const { name } of early.repositories()) names.push(name);
    };
    await expect(walk()).rejects.toThrow('broken off');
    expect(names).toEqual(['a', 'b']);
  });

  it('that nobody walks harms nobody', async () => {
    const told = [{ name: 'a', images: 1, delay: 0, fails: true }];
    const listing = new CountedListing(told, new Error('broken off'));
    expect(new EarlyListing(listing, everything).gaps).toBe(listing.gaps);
    await vi.waitFor(() => {
      expect(listing.asked).toEqual(['catalog', 'a']);
    });
    await wait(10);
  });
});
