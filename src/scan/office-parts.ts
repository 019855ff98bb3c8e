import { limits } from '../limits.ts';
import { isOfficeMark, isOfficePart } from '../read/office/office.ts';
import type { Budget } from './budget.ts';
import { hold, type Held } from './hold.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { Place } from './place.ts';
import type { Tally } from './tally.ts';

/** A part that is held until the whole zip is known. */
interface HeldPart {
  readonly bytes: Buffer;
  readonly place: Place;
}

/** The parts of a zip that may be an office document: its sheets, strings and texts are read together at the end. */
export class OfficeParts {
  readonly #budget: Budget;
  readonly #parts = new Map<string, HeldPart>();
  #bytes = 0;
  #isOffice = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Call for each member, in order; true for one that is to be held. A name that comes twice is read twice as it is. */
  wants(member: string): boolean {
    this.#isOffice ||= isOfficeMark(member);
    return isOfficePart(member) && !this.#parts.has(member);
  }

  /** Takes a member's content; what does not fit comes back, and is an entry like any other. */
  async take(member: string, chunks: Chunks, place: Place): Promise<Chunks | undefined> {
    const room = Math.min(limits.officeBytes - this.#bytes, this.#budget.room);
    const held: Held = await hold(chunks, place.size, room);
    if (!held.fits) return held.all;
    this.#parts.set(member, { bytes: held.whole, place });
    this.#bytes += held.whole.length;
    this.#budget.hold(held.whole.length);
    return undefined;
  }

  /** Call once, at the end; `asEntry` gets the parts where the zip is no document after all. */
  finish(tally: Tally, path: string, entryPath: string, asEntry: (part: HeldPart) => void): void {
    if (this.#isOffice) {
      const parts = new Map([...this.#parts].map(([member, { bytes }]) => [member, bytes]));
      tally.add(tally.engine.office(path, parts), entryPath);
    } else {
      for (const part of this.#parts.values()) asEntry(part);
    }
    this.#budget.hold(-this.#bytes);
  }
}
