import type { EntryGap } from '../finding.ts';

export interface ListedRepository {
  /** `library/app`, without the host. */
  readonly name: string;
}

/** One manifest or index of a repository. */
export interface ListedImage {
  readonly repository: string;
  readonly digest: string;
  /** Empty: it is untagged. */
  readonly tags: readonly string[];
  /** As the registry gives it. */
  readonly mediaType?: string;
  /** As the registry counts them: of an index, often those of its largest image. */
  readonly storedBytes?: number;
  readonly pushedAt?: Date;
  /** `archived`: its layers cannot be had before it is restored. `activating`: that is under way. */
  readonly state: 'active' | 'archived' | 'activating';
}

/** A text of the registry itself or of one repository, as a document that is scanned like any other entry. */
export interface ListedText {
  /** Names the entry: `repository-policy`. */
  readonly name: string;
  /** An id of src/aws/surfaces/surface-table.ts, for all of the document. */
  readonly surface?: string;
  /** As the registry sent it. */
  readonly json: unknown;
}

/** What a sweep walks through. */
export interface RegistryListing {
  /** True: `images` gives all manifests, those too that no tag names and those that are about others. Otherwise a sweep asks
   * for the referrers of each. */
  readonly isComplete?: boolean | undefined;
  repositories(): AsyncIterable<ListedRepository>;
  /** Each digest once; those without a tag where the registry tells them. */
  images(repository: string): AsyncIterable<ListedImage>;
  /** Of one repository, or of the registry itself: descriptions, policies, tags, catalog texts. */
  texts(repository?: string): AsyncIterable<ListedText>;
  /** Calls that were denied, throttled to the end or not answered, each naming the call. Grows while the listing is walked. */
  readonly gaps: readonly EntryGap[];
}
