import { SEVERITIES } from '../finding.ts';
import type { EntryFinding, EntryPlace, EvidenceTerm, Identifier, Outcome, Severity } from '../finding.ts';
import type { Detector } from './detector.ts';
import { confidenceOf, evidence, weights } from './evidence.ts';
import { fieldGroup, groupOf, newGroups, outcomeOf, pointerOf, support } from './groups.ts';
import type { Group, Groups, Support } from './groups.ts';
import { demoted, pathTerm } from './own-examples.ts';
import { commonPointer, joinPointers } from './pointer.ts';
import type { PlacedMatch } from './judge.ts';
import type { LineMarks } from './line-marks.ts';
import { acceptanceOf, MarkedValues, type MarkVerdict, noteMarks, UNMARKED } from './marked-values.ts';
import { scrub } from './scrub.ts';
import { isDirectNumber, recordSeverity, severityOf } from './severity.ts';
import { normalized, ValueHashes } from './value-hashes.ts';

/** Where an entry's findings are. */
export interface EntryName {
  readonly path: string;
  /** Of a text inside a document; its findings have no line and offset. */
  readonly pointer?: string;
  /** False in binaries, where newlines mean nothing. */
  readonly lines: boolean;
  /** Its places have surfaces, and elements of lists are told apart. */
  readonly document?: 'ecs' | 'definition' | 'configuration';
}

const RECORD_MASK = '[patient record]';

/** The findings of one entry as they grow: memory does not depend on the number of values. */
export class EntryFindings {
  readonly #name: EntryName;
  /** Pointers keep their places in lists. */
  readonly #isExact: boolean;
  readonly #maskText: (text: string) => string;
  /** What the path says against the findings. */
  readonly #pathTerm: ReturnType<typeof pathTerm>;
  readonly #counting: Counted = newCounted();
  /** Of lines that are marked. */
  readonly #accepted: Counted = newCounted();
  readonly #marked: MarkedValues | undefined;
  readonly #seen = new ValueHashes();

  constructor(name: EntryName, maskText: (text: string) => string, marks?: LineMarks) {
    this.#marked = marks && new MarkedValues(marks);
    this.#name = name;
    this.#isExact = name.document !== undefined;
    this.#maskText = maskText;
    this.#pathTerm = pathTerm(name.path);
  }

  addMatch(placed: PlacedMatch): void {
    this.#judged([placed], (counted, verdict) => {
      this.#count(counted.matches, placed, verdict);
    });
  }

  /** Contact details below a weak label: reported only when the entry has a match of its own right. */
  addContact(placed: PlacedMatch): void {
    this.#judged([placed], (counted, verdict) => {
      this.#count(counted.contacts, placed, verdict);
    });
  }

  addRecord(members: readonly PlacedMatch[]): void {
    this.#judged(members, (counted, verdict) => {
      this.#countRecord(counted.records, members, verdict);
    });
  }

  #judged(members: readonly PlacedMatch[], count: (counted: Counted, verdict: MarkVerdict) => void): void {
    if (this.#marked === undefined) count(this.#counting, UNMARKED);
    else
      this.#marked.add(members, (verdict) => {
        count(verdict.isAccepted ? this.#accepted : this.#counting, verdict);
      });
  }

  #count(groups: Map<Detector, Groups>, placed: PlacedMatch, verdict: MarkVerdict): void {
    const { match } = placed;
    if (!this.#seen.isFull) this.#seen.add(normalized(match.value));
    const { detector } = match;
    const group = fieldGroup(groups, match, this.#isExact);
    const tally = match.synthetic ? group.synthetic : group.real;
    tally.distinct.add((detector.normalize ?? normalized)(match.value));
    tally.count = Math.max(1, tally.distinct.size);
    tally.labelled ||= match.strength !== 'bare';
    support(tally, match.score, () => match.terms);
    noteMarks(tally, verdict);
    this.#locate(tally, placed, group);
  }

  #countRecord(records: Groups, members: readonly PlacedMatch[], verdict: MarkVerdict): void {
    let pointer: string | undefined;
    const kinds = new Set<Identifier>();
    for (const { match } of members) {
      kinds.add(match.detector.identifier);
      if (!this.#seen.isFull) this.#seen.add(normalized(match.value));
      const general = pointerOf(match, this.#isExact);
      // Of places without one, there is none in common.
      pointer = pointer === undefined ? (general ?? '') : commonPointer(pointer, general ?? '');
    }
    const group = groupOf(records, pointer ?? '', {
      pointer: pointer === '' ? undefined : pointer,
      field: undefined,
    });
    const tally = isSyntheticRecord(members) ? group.synthetic : group.real;
    tally.count++;
    for (const kind of kinds) tally.identifiers.add(kind);
    const best = members.reduce((best, member) => (leads(member, best) ? member : best)).match;
    const others = Math.min(2, kinds.size - 1);
    support(tally, best.score + others * weights['same record'], () => [
      ...best.terms,
      ...Array<EvidenceTerm>(others).fill(evidence('same record')),
    ]);
    noteMarks(tally, verdict);
    const first = members.reduce((first, member) => (member.offset < first.offset ? member : first));
    this.#locate(tally, first, group);
  }

  /** Nested records close late, so the first to be counted need not be the first in the entry. */
  #locate(tally: Support, placed: PlacedMatch, group: Group): void {
    if (placed.offset >= tally.offset) return;
    tally.offset = placed.offset;
    tally.place = this.#place(placed, group);
  }

  #place({ match, offset }: PlacedMatch, group: Group): Omit<EntryPlace, 'path'> {
    const pointer = joinPointers(this.#name.pointer, group.pointer);
    const { field } = match;
    return {
      ...(pointer === undefined ? {} : { pointer }),
      ...(group.field === undefined ? {} : { field: group.field }),
      ...(field.row === undefined ? {} : { record: field.row }),
      ...(this.#name.pointer === undefined && this.#name.lines
        ? { line: field.line, column: field.column + (field.span === 'fixed' ? 0 : match.start) }
        : {}),
      ...(this.#name.pointer === undefined ? { offset } : {}),
    };
  }

  /** Sorted: worst first, then by place. No text in them holds a value. */
  finish(): readonly EntryFinding[] {
    this.#marked?.end();
    const sides = [this.#counting, this.#accepted];
    const findings = sides.flatMap(({ records }) =>
      [...records.byKey.values()].map((group) => this.#recordFinding(group)),
    );
    for (const { matches } of sides) findings.push(...this.#matchFindings(matches));
    if (findings.length > 0) for (const { contacts } of sides) findings.push(...this.#matchFindings(contacts));
    return findings.sort(byRank);
  }

  #matchFindings(matches: ReadonlyMap<Detector, Groups>): readonly EntryFinding[] {
    return [...matches].flatMap(([detector, { byKey }]) =>
      [...byKey.values()].map((group) => this.#matchFinding(detector, group)),
    );
  }

  #recordFinding(group: Group): EntryFinding {
    const [outcome, tally] = outcomeOf(group);
    const identifiers = new Set([...group.real.identifiers, ...group.synthetic.identifiers]);
    return {
      detector: 'patient-record',
      identifier: 'patient-record',
      safeHarbor: '',
      mask: RECORD_MASK,
      identifiers: [...identifiers].sort(),
      ...this.#weighed(recordSeverity(outcome), tally),
      ...this.#common(outcome, tally),
    };
  }

  #matchFinding(detector: Detector, group: Group): EntryFinding {
    const [outcome, tally] = outcomeOf(group);
    const distinct = isDirectNumber(detector) ? tally.distinct.size : 0;
    return {
      detector: detector.id,
      identifier: detector.identifier,
      safeHarbor: detector.safeHarbor,
      mask: detector.mask,
      ...this.#weighed(severityOf(detector, { outcome, labelled: tally.labelled, distinct }), tally),
      ...this.#common(outcome, tally),
    };
  }

  /** With what the path says, which the entry's findings have in common. */
  #weighed(severity: Severity, { score, terms }: Support): Pick<EntryFinding, 'severity' | 'confidence' | 'evidence'> {
    const term = this.#pathTerm;
    const lowered = demoted(severity, term);
    if (term === undefined || lowered === severity) {
      return { severity, confidence: confidenceOf(score), evidence: terms };
    }
    return {
      severity: lowered,
      confidence: confidenceOf(score + weights[term]),
      evidence: [...terms, evidence(term)],
    };
  }

  #common(outcome: Outcome, support: Support): Omit<EntryFinding, keyof Told> {
    const { count, place } = support;
    const { pointer, field, ...numbers } = place ?? {};
    const clean = (text: string): string => scrub(this.#maskText(text), this.#seen);
    const { document } = this.#name;
    return {
      ...(document === undefined ? {} : { document }),
      outcome,
      count,
      place: {
        path: clean(this.#name.path),
        ...(pointer === undefined ? {} : { pointer: clean(pointer) }),
        ...(field === undefined ? {} : { field: clean(field) }),
        ...numbers,
      },
      ...acceptanceOf(support, clean),
    };
  }
}

/** What findings are made of, beside what they have in common. */
type Told = Pick<
  EntryFinding,
  'detector' | 'identifier' | 'safeHarbor' | 'mask' | 'identifiers' | 'severity' | 'confidence' | 'evidence'
>;

/** Values that are counted together, and told apart from others. */
interface Counted {
  readonly matches: Map<Detector, Groups>;
  readonly contacts: Map<Detector, Groups>;
  readonly records: Groups;
}

function newCounted(): Counted {
  return { matches: new Map(), contacts: new Map(), records: newGroups() };
}

/**
 * A record whose own numbers and names are invented is invented: a date or an address cannot show it, and a name below a
 * weak label stands in every example beside a well-known fake.
 */
function isSyntheticRecord(members: readonly PlacedMatch[]): boolean {
  const telling = members.filter(({ match }) => match.detector.direct && match.strength !== 'weak');
  const decisive = telling.length > 0 ? telling : members.filter(({ match }) => match.detector.direct);
  return decisive.every(({ match }) => match.synthetic);
}

function leads({ match }: PlacedMatch, { match: best }: PlacedMatch): boolean {
  if (match.detector.direct !== best.detector.direct) return match.detector.direct;
  return match.score > best.score;
}

function byRank(a: EntryFinding, b: EntryFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.place.offset ?? 0) - (b.place.offset ?? 0) ||
    compare(a.detector, b.detector) ||
    compare(a.place.pointer ?? '', b.place.pointer ?? '') ||
    compare(a.place.field ?? '', b.place.field ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
