import type { WatchedEvent } from './envelope.ts';
import type { EntryGap } from '../../finding.ts';

/** `read`: all of it was told, so that it may go. `unread`: it is no event, or only in part: it is left to whom it is for. */
export type Outcome = 'read' | 'unread';

/** What a medium hands over at once. */
export interface Delivery {
  /** What the medium calls it, for the places of gaps: `line 12`, `message 3f0c…`. */
  readonly name: string;
  /** The same for a delivery that comes again; undefined where none does. */
  readonly id?: string;
  readonly content:
    | { readonly kind: 'text'; readonly text: string }
    /** Read already, with what could not be read. */
    | { readonly kind: 'events'; readonly events: readonly WatchedEvent[]; readonly gaps: readonly EntryGap[] }
    /** A text that was not kept. */
    | { readonly kind: 'too-long'; readonly bytes: number };
  /** Called once, when everything about it is written and flushed. */
  readonly settle: (outcome: Outcome) => Promise<void>;
}

/** Where events come from. */
export interface EventMedium {
  /** The target of findings, and how it is read: both for reports, not masked. */
  readonly reference: string;
  /** One after the other; the next one is asked for when the last one is settled. Ends with its signal at the latest. Throws
   * ScanError when the medium cannot be read at all. */
  readonly deliveries: AsyncIterable<Delivery>;
}
