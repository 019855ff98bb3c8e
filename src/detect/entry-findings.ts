import { SEVERITIES } from '../finding.ts';
import type { EntryFinding, EntryPlace, Identifier, Outcome } from '../finding.ts';
import type { Detector } from './detector.ts';
import { confidenceOf, evidenceOf, weights } from './evidence.ts';
import type { Term } from './evidence.ts';
import type { Match } from './judge.ts';
import { commonPointer, generalPointer, joinPointers } from './pointer.ts';
import type { PlacedMatch } from './records.ts';
import { scrub } from './scrub.ts';
import { isDirectNumber, recordSeverity, severityOf } from './severity.ts';
import { hashBudget, normalized, ValueHashes } from './value-hashes.ts';
import type { HashBudget } from './value-hashes.ts';

/** Where an entry's findings are. */
export interface EntryName {
  readonly path: string;
  /** Of a text inside a document; its findings have no line and offset. */
  readonly pointer?: string;
  /** False in binaries, where newlines mean nothing. */
  readonly lines: boolean;
}

/** Fields of one detector that are told apart in one entry; further ones are counted together. */
const MAX_FIELDS = 50;
const PLAIN_NAME = /^[A-Za-z_][\w.-]{0,63}$/;
const RECORD_MASK = '[patient record]';

/** What is counted together. Of its two outcomes the real one is reported, when there is one. */
interface Group {
  readonly pointer: string | undefined;
  readonly field: string | undefined;
  readonly real: Tally;
  readonly synthetic: Tally;
}

/** Of one detector, or of the records. */
interface Groups {
  readonly byKey: Map<string, Group>;
  /** For the distinct values of all groups together. */
  readonly budget: HashBudget;
}

interface Tally {
  count: number;
  readonly distinct: ValueHashes;
  place: Omit<EntryPlace, 'path'> | undefined;
  /** Of the first value. */
  offset: number;
  terms: readonly Term[];
  score: number;
  labelled: boolean;
  readonly identifiers: Set<Identifier>;
}

/** The findings of one entry as they grow: memory does not depend on the number of values. */
export class EntryFindings {
  readonly #name: EntryName;
  readonly #maskText: (text: string) => string;
  readonly #matches = new Map<Detector, Groups>();
  readonly #contacts = new Map<Detector, Groups>();
  readonly #records: Groups = newGroups();
  readonly #seen = new ValueHashes();

  constructor(name: EntryName, maskText: (text: string) => string) {
    this.#name = name;
    this.#maskText = maskText;
  }

  addMatch(placed: PlacedMatch): void {
    this.#count(this.#matches, placed);
  }

  /** Contact details below a weak label: reported only when the entry has a match of its own right. */
  addContact(placed: PlacedMatch): void {
    this.#count(this.#contacts, placed);
  }

  #count(groups: Map<Detector, Groups>, placed: PlacedMatch): void {
    const { match } = placed;
    this.#seen.add(normalized(match.value));
    const { detector } = match;
    const group = fieldGroup(groups, placed);
    const tally = match.synthetic ? group.synthetic : group.real;
    tally.distinct.add((detector.normalize ?? normalized)(match.value));
    tally.count = Math.max(1, tally.distinct.size);
    tally.labelled ||= match.strength !== 'bare';
    support(tally, match.score, () => match.terms);
    this.#locate(tally, placed, group);
  }

  addRecord(members: readonly PlacedMatch[]): void {
    let pointer: string | undefined;
    const kinds = new Set<Identifier>();
    for (const { match } of members) {
      kinds.add(match.detector.identifier);
      this.#seen.add(normalized(match.value));
      const general = match.field.pointer === undefined ? undefined : generalPointer(match.field.pointer);
      pointer = pointer === undefined || general === undefined ? general : commonPointer(pointer, general);
    }
    const group = groupOf(this.#records, pointer ?? '', {
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
      ...Array<Term>(others).fill('same record'),
    ]);
    const first = members.reduce((first, member) => (member.offset < first.offset ? member : first));
    this.#locate(tally, first, group);
  }

  /** Nested records close late, so the first to be counted need not be the first in the entry. */
  #locate(tally: Tally, placed: PlacedMatch, group: Group): void {
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
    const findings: EntryFinding[] = [];
    for (const group of this.#records.byKey.values()) findings.push(this.#recordFinding(group));
    for (const [detector, groups] of this.#matches) {
      for (const group of groups.byKey.values()) findings.push(this.#matchFinding(detector, group));
    }
    if (findings.length > 0) {
      for (const [detector, groups] of this.#contacts) {
        for (const group of groups.byKey.values()) findings.push(this.#matchFinding(detector, group));
      }
    }
    return findings.sort(byRank);
  }

  #recordFinding(group: Group): EntryFinding {
    const [outcome, tally] = outcomeOf(group);
    const identifiers = new Set([...group.real.identifiers, ...group.synthetic.identifiers]);
    return {
      detector: 'patient-record',
      identifier: 'patient-record',
      safeHarbor: '',
      severity: recordSeverity(outcome),
      mask: RECORD_MASK,
      identifiers: [...identifiers].sort(),
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
      severity: severityOf(detector, { outcome, labelled: tally.labelled, distinct }),
      mask: detector.mask,
      ...this.#common(outcome, tally),
    };
  }

  #common(
    outcome: Outcome,
    { count, score, terms, place }: Tally,
  ): Pick<EntryFinding, 'outcome' | 'count' | 'confidence' | 'evidence' | 'place'> {
    const { pointer, field, ...numbers } = place ?? {};
    const clean = (text: string): string => scrub(this.#maskText(text), this.#seen);
    return {
      outcome,
      count,
      confidence: confidenceOf(score),
      evidence: evidenceOf(terms),
      place: {
        path: clean(this.#name.path),
        ...(pointer === undefined ? {} : { pointer: clean(pointer) }),
        ...(field === undefined ? {} : { field: clean(field) }),
        ...numbers,
      },
    };
  }
}

/** The group of a match's detector, place and field. */
function fieldGroup(groups: Map<Detector, Groups>, { match }: PlacedMatch): Group {
  let ofDetector = groups.get(match.detector);
  if (ofDetector === undefined) groups.set(match.detector, (ofDetector = newGroups()));
  const { field } = match;
  const pointer = field.pointer === undefined ? undefined : generalPointer(field.pointer);
  const name = match.strength === 'bare' ? undefined : fieldName(match);
  return groupOf(ofDetector, `${pointer ?? ''}\u0000${name ?? ''}`, { pointer, field: name });
}

/** The key or column as written when it is one word; a longer one may name a person, so the detector's own label serves. */
function fieldName({ field, label }: Match): string {
  const written = field.tie === 'inline' ? undefined : field.labels[0];
  return written !== undefined && PLAIN_NAME.test(written) ? written : label;
}

function groupOf(groups: Groups, key: string, at: Pick<Group, 'pointer' | 'field'>): Group {
  const known = groups.byKey.get(key);
  if (known !== undefined) return known;
  if (groups.byKey.size >= MAX_FIELDS && key !== '')
    return groupOf(groups, '', { pointer: undefined, field: undefined });
  const group = { ...at, real: emptyTally(groups.budget), synthetic: emptyTally(groups.budget) };
  groups.byKey.set(key, group);
  return group;
}

function newGroups(): Groups {
  return { byKey: new Map(), budget: hashBudget() };
}

function emptyTally(budget: HashBudget): Tally {
  return {
    count: 0,
    distinct: new ValueHashes(budget),
    place: undefined,
    offset: Infinity,
    terms: [],
    score: -Infinity,
    labelled: false,
    identifiers: new Set(),
  };
}

/** Keeps the strongest evidence. */
function support(tally: Tally, score: number, terms: () => readonly Term[]): void {
  if (score <= tally.score) return;
  tally.score = score;
  tally.terms = terms();
}

function outcomeOf(group: Group): [Outcome, Tally] {
  return group.real.count > 0 ? ['real', group.real] : ['synthetic', group.synthetic];
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
