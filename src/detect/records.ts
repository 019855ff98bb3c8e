import type { EntryFindings } from './entry-findings.ts';
import type { PlacedMatch } from './judge.ts';
import { isContactDetail } from './severity.ts';

/** Matches of one record that are weighed together. More than any person has; a longer record is taken in parts. */
const MAX_MEMBERS = 256;
/** A record may go on after those nested in it; it is over when so many further ones have opened. */
const MAX_OPEN = 64;

/** Collects the matches of each record, and decides what each record is. */
export class Records {
  readonly #findings: EntryFindings;
  /** By record, in the order in which they opened. */
  readonly #open = new Map<number | string, PlacedMatch[]>();

  constructor(findings: EntryFindings) {
    this.#findings = findings;
  }

  /** `part`: of a document whose parts have nothing to do with each other, that which the match is in. */
  add(placed: PlacedMatch, part?: string): void {
    const { record: number } = placed.match.field;
    const record = part === undefined ? number : `${String(number)}\0${part}`;
    let members = this.#open.get(record);
    if (members === undefined || members.length >= MAX_MEMBERS) {
      if (members !== undefined) this.#close(record, members);
      this.#open.set(record, (members = []));
      for (const [oldest, itsMembers] of this.#open) {
        if (this.#open.size <= MAX_OPEN) break;
        this.#close(oldest, itsMembers);
      }
    }
    // A reader may give a value as a whole and as text: the better reading of the same value counts.
    let same = members.length - 1;
    for (; same >= 0; same--) {
      const member = members[same];
      if (member?.offset === placed.offset && member.match.value === placed.match.value) break;
    }
    const known = members[same];
    if (known === undefined) members.push(placed);
    else if (placed.match.score > known.match.score) members[same] = placed;
  }

  /** The entry ends here. */
  end(): void {
    for (const [record, members] of this.#open) this.#close(record, members);
  }

  #close(record: number | string, members: readonly PlacedMatch[]): void {
    this.#open.delete(record);
    // A weak label (`name`, `phone`) counts only beside a match that says whose record it is.
    if (!members.some(({ match }) => match.strength !== 'weak')) {
      for (const member of members) if (isContactDetail(member.match.detector)) this.#findings.addContact(member);
      return;
    }
    const personal = members.filter(({ match }) => match.detector.severity.labelled !== 'info');
    const kinds = new Set(personal.map(({ match }) => match.detector.identifier));
    if (kinds.size < 2 || !personal.some(({ match }) => match.detector.direct)) {
      for (const member of members) this.#findings.addMatch(member);
      return;
    }
    this.#findings.addRecord(personal);
    for (const member of members) if (!personal.includes(member)) this.#findings.addMatch(member);
  }
}
