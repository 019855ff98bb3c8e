/** What a sweep prints before it reads anything (docs/sweep-plan.schema.json). */

import type { EntryGap, GapReason, SweptPlace } from './finding.ts';

/** A layer to be read and scanned once, as a queue may hold it (docs/sweep-plan.schema.json). */
export interface PlannedLayer {
  readonly registry: string;
  readonly digest: string;
  /** Stored bytes, as manifests say; null where none does. */
  readonly size: number | null;
  readonly mediaType: string;
  /** Any of which may give it. */
  readonly repositories: readonly string[];
}

/** What a sweep would do, without doing it. Names have their values masked. */
export interface PrintedPlan {
  readonly registry: string;
  readonly account: string;
  readonly region: string;
  readonly repositories: readonly {
    readonly repository: string;
    readonly images: number;
    readonly rememberedImages: number;
    readonly unreadImages: number;
  }[];
  readonly images: readonly (SweptPlace & {
    readonly remembered: boolean;
    readonly layers: readonly string[];
    /** Why nothing of it will be read. */
    readonly unread?: { readonly reason: GapReason; readonly detail?: string };
  })[];
  readonly total: { readonly layers: number; readonly bytes: number };
  readonly remembered: { readonly layers: number; readonly bytes: number };
  /** What will be read, in the order in which it is. */
  readonly jobs: readonly PlannedLayer[];
  readonly leftOut: readonly PlannedLayer[];
  readonly gaps: readonly EntryGap[];
}
