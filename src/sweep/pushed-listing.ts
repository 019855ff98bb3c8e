import type { RegistryListing } from '../registry/registry-listing.ts';
import type { Push } from './push-events.ts';

/** A registry of which an event tells one image, and nothing else. */
export function pushedListing({ repository, digest, tag, time }: Push): RegistryListing {
  const pushedAt = new Date(time);
  return {
    isComplete: true,
    gaps: [],
    async *repositories() {
      yield await Promise.resolve({ name: repository });
    },
    async *images() {
      yield await Promise.resolve({
        repository,
        digest,
        tags: tag === '' ? [] : [tag],
        ...(Number.isNaN(pushedAt.getTime()) ? {} : { pushedAt }),
        state: 'active' as const,
      });
    },
    async *texts() {
      // What the repository says of itself is a sweep's.
    },
  };
}
