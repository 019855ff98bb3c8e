import type { EntryPlace, EvidenceTerm, Identifier, Outcome } from '../finding.ts';
import type { Detector } from './detector.ts';
import type { Match } from './judge.ts';
import { exactPointer, generalPointer } from './pointer.ts';
import { isCaption, isTelling } from './telling.ts';
import { hashBudget, ValueHashes } from './value-hashes.ts';
import type { HashBudget } from './value-hashes.ts';

/** Fields of one detector that are told apart in one entry; further ones are counted together. */
const MAX_FIELDS = 50;
const PLAIN_NAME = /^[A-Za-z_][\w.-]{0,63}$/;

/** What is counted together. Of its two outcomes the real one is reported, when there is one. */
export interface Group {
  readonly pointer: string | undefined;
  readonly field: string | undefined;
  readonly real: Support;
  readonly synthetic: Support;
}

/** Of one detector, or of the records. */
export interface Groups {
  readonly byKey: Map<string, Group>;
  /** For the distinct values of all groups together. */
  readonly budget: HashBudget;
}

export interface Support {
  count: number;
  readonly distinct: ValueHashes;
  place: Omit<EntryPlace, 'path'> | undefined;
  /** Of the first value. */
  offset: number;
  terms: readonly EvidenceTerm[];
  score: number;
  labelled: boolean;
  /** Of the marks on the lines of accepted values, the first few. */
  readonly reasons: Set<string>;
  /** A mark that says no reason stands beside one of the values. */
  unsaid: boolean;
  readonly identifiers: Set<Identifier>;
}

/** The group of a match's detector, place and field. `isExact`: elements of lists are places of their own. */
export function fieldGroup(groups: Map<Detector, Groups>, match: Match, isExact: boolean): Group {
  let ofDetector = groups.get(match.detector);
  if (ofDetector === undefined) groups.set(match.detector, (ofDetector = newGroups()));
  const pointer = pointerOf(match, isExact);
  const name = positionOf(match) ?? (match.strength === 'bare' ? undefined : fieldName(match));
  return groupOf(ofDetector, `${pointer ?? ''}\u0000${name ?? ''}`, { pointer, field: name });
}

/** Where all such values stand. A key between the label and its value may be the person: `{ssn: {okafor: …}}`. */
export function pointerOf(match: Match, isExact: boolean): string | undefined {
  const { pointer } = match.field;
  if (pointer === undefined) return undefined;
  const general = isExact ? exactPointer(pointer) : generalPointer(pointer);
  return isFar(match) ? general.replace(LAST_STEP, (step) => (isCaption(step) ? step : '*')) : general;
}

const LAST_STEP = /[^./[\]*]+$/;

function isFar({ terms }: Match): boolean {
  return terms.some(({ term }) => term === 'far label');
}

/** `patient/name/given` has names of elements as written, and any other position has parts of its format only. */
function positionOf({ field: { position } }: Match): string | undefined {
  if (position === undefined || !position.includes('/')) return position;
  return position
    .split('/')
    .map((step) => (isTelling(step) ? '*' : step))
    .join('/');
}

/**
 * The key or column as written when it is one word and itself the label; a longer one may name a person, so may the key of
 * a value whose label stands farther out, and the detector's own label serves.
 */
function fieldName(match: Match): string | undefined {
  const { field, label } = match;
  const written = field.tie === 'inline' || isFar(match) ? undefined : field.labels[0];
  if (written !== undefined && PLAIN_NAME.test(written) && !isTelling(written)) return written;
  return label === '' ? undefined : label;
}

export function groupOf(groups: Groups, key: string, at: Pick<Group, 'pointer' | 'field'>): Group {
  const known = groups.byKey.get(key);
  if (known !== undefined) return known;
  if (groups.byKey.size >= MAX_FIELDS && key !== '')
    return groupOf(groups, '', { pointer: undefined, field: undefined });
  const group = { ...at, real: emptySupport(groups.budget), synthetic: emptySupport(groups.budget) };
  groups.byKey.set(key, group);
  return group;
}

export function newGroups(): Groups {
  return { byKey: new Map(), budget: hashBudget() };
}

function emptySupport(budget: HashBudget): Support {
  return {
    count: 0,
    distinct: new ValueHashes(budget),
    place: undefined,
    offset: Infinity,
    terms: [],
    score: -Infinity,
    labelled: false,
    reasons: new Set(),
    unsaid: false,
    identifiers: new Set(),
  };
}

/** Keeps the strongest evidence. */
export function support(tally: Support, score: number, terms: () => readonly EvidenceTerm[]): void {
  if (score <= tally.score) return;
  tally.score = score;
  tally.terms = terms();
}

export function outcomeOf(group: Group): [Outcome, Support] {
  return group.real.count > 0 ? ['real', group.real] : ['synthetic', group.synthetic];
}
