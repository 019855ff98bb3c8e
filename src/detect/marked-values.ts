/** Which values stand on lines that are marked, and what that makes of their findings. */
import type { EntryFinding } from '../finding.ts';
import { limits } from '../limits.ts';
import type { Support } from './groups.ts';
import type { PlacedMatch } from './judge.ts';
import type { LineMark, LineMarks } from './line-marks.ts';

/** Of a value, or of the values of one record. */
export interface MarkVerdict {
  /** All lines are marked, and say why. */
  readonly isAccepted: boolean;
  readonly marks: readonly LineMark[];
}

export const UNMARKED: MarkVerdict = { isAccepted: false, marks: [] };

type Count = (verdict: MarkVerdict) => void;

/** Reasons of one finding that are told; a table of a thousand marked rows has one each. */
const MOST_REASONS = 3;
/** Values that have been counted and are still in the list of those that are held. */
const MOST_RELEASED = 64;

/**
 * Holds values until their lines have ended, since the mark may stand behind the value; they are counted in the order in which
 * they came. No more is held than one line has.
 */
export class MarkedValues {
  readonly #marks: LineMarks;
  readonly #held: { readonly members: readonly PlacedMatch[]; readonly count: Count }[] = [];
  #next = 0;

  constructor(marks: LineMarks) {
    this.#marks = marks;
  }

  add(members: readonly PlacedMatch[], count: Count): void {
    this.#release();
    if (this.#held.length === 0 && this.#isKnown(members)) count(this.#verdict(members));
    else this.#held.push({ members, count });
  }

  /** After the end of the marks. */
  end(): void {
    this.#release();
  }

  #release(): void {
    for (let held = this.#held[this.#next]; held !== undefined; held = this.#held[this.#next]) {
      if (!this.#isKnown(held.members)) break;
      this.#next += 1;
      held.count(this.#verdict(held.members));
    }
    if (this.#next < this.#held.length && this.#next < MOST_RELEASED) return;
    this.#held.splice(0, this.#next);
    this.#next = 0;
  }

  #isKnown(members: readonly PlacedMatch[]): boolean {
    return members.every(({ at }) => this.#marks.isKnown(at));
  }

  #verdict(members: readonly PlacedMatch[]): MarkVerdict {
    const marks = members.map(({ at }) => this.#marks.markAt(at)).filter((mark) => mark !== undefined);
    if (marks.length === 0) return UNMARKED;
    return { marks, isAccepted: marks.length === members.length && marks.every(({ reason }) => reason !== '') };
  }
}

/** Remembers what marks say of a value that is counted. */
export function noteMarks(tally: Support, { isAccepted, marks }: MarkVerdict): void {
  for (const { reason } of marks) {
    if (reason === '') tally.unsaid = true;
    else if (isAccepted && tally.reasons.size < MOST_REASONS) tally.reasons.add(reason);
  }
}

/** `clean` masks values: whoever wrote the mark may have written one behind it. */
export function acceptanceOf(
  { reasons, unsaid }: Support,
  clean: (text: string) => string,
): Pick<EntryFinding, 'accepted' | 'lapsed'> {
  if (reasons.size > 0) {
    // Cut behind the mask, which does not know half a value.
    const reason = [...reasons].map(clean).join('; ').slice(0, limits.answerCharacters).trimEnd();
    return { accepted: { by: 'inline', reason } };
  }
  return unsaid ? { lapsed: { why: 'no-reason', by: 'inline', reason: '' } } : {};
}
