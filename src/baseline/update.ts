/** Makes a baseline of a report, and brings one up to date. */
import { lastingPlaceOf } from '../scan/lasting-place.ts';
import { lapseOf } from './accept.ts';
import { type Answer, type Baseline, type BaselineEntry, byPlace } from './baseline.ts';
import { occurrencesOf, worst } from './occurrences.ts';
import type { ToldFinding } from './told-findings.ts';

/** What is known of a fingerprint, without an answer. */
export type Unanswered = Omit<BaselineEntry, keyof Answer>;

/** One for each fingerprint, by place. What a mark or the configuration accepts needs no entry. */
export function unansweredOf(findings: readonly ToldFinding[], mask: (text: string) => string): readonly Unanswered[] {
  const open = findings.filter(({ accepted }) => accepted === undefined || accepted.by === 'baseline');
  const entries = new Map<string, Unanswered>();
  for (const { fingerprint, findings: own, count, severity, outcome } of occurrencesOf(open)) {
    const [first] = own;
    if (first === undefined) continue;
    const before = entries.get(fingerprint);
    entries.set(fingerprint, {
      fingerprint,
      detector: first.detector,
      place: before?.place ?? placeText(first, mask),
      severity: before === undefined ? severity : worst([severity, before.severity]),
      outcome: before?.outcome === 'real' ? 'real' : outcome,
      count: Math.max(count, before?.count ?? 0),
    });
  }
  return [...entries.values()];
}

/** `srv/app/seed.csv, field ssn`, `config: config.Env[*], field PATIENT`. */
function placeText({ location }: ToldFinding, mask: (text: string) => string): string {
  const { place, pointer, field } = lastingPlaceOf(location);
  const where = pointer === '' ? place : `${place}: ${pointer}`;
  return mask(field === '' ? where : `${where}, field ${field}`);
}

export interface BaselineUpdate {
  readonly baseline: Baseline;
  /** Accepted by the new answer: found for the first time, or not covered by their entry any more. */
  readonly added: readonly BaselineEntry[];
  /** Of the entries before, those that accept fewer values now. */
  readonly lowered: readonly BaselineEntry[];
  /** Of the entries before, those that do not occur any more. */
  readonly dropped: readonly BaselineEntry[];
}

/** What the baseline does not hold of a report: new, or expired, grown or worse. */
export function unheld(found: readonly Unanswered[], before: Baseline, today: string): readonly Unanswered[] {
  const entries = new Map(before.map((entry) => [entry.fingerprint, entry]));
  return found.filter((one) => {
    const entry = entries.get(one.fingerprint);
    return entry === undefined || lapseOf(one, entry, today) !== undefined;
  });
}

/** `answer` is for what the baseline does not hold; it may be left out where it holds all. */
export function updateBaseline(
  before: Baseline,
  found: readonly Unanswered[],
  answer: Answer | undefined,
  today: string,
): BaselineUpdate {
  const entries = new Map(before.map((entry) => [entry.fingerprint, entry]));
  const fresh = new Set(unheld(found, before, today));
  const kept: BaselineEntry[] = [];
  const added: BaselineEntry[] = [];
  const lowered: BaselineEntry[] = [];
  for (const one of found) {
    const entry = entries.get(one.fingerprint);
    if (fresh.has(one)) {
      if (answer !== undefined) added.push({ ...one, ...answer });
    } else if (entry !== undefined) {
      const { reason, owner, expires } = entry;
      // Its severity and outcome are those of today: what gets worse again counts again.
      kept.push({ ...one, reason, owner, expires });
      if (one.count < entry.count) lowered.push(entry);
    }
  }
  const occurring = new Set(found.map(({ fingerprint }) => fingerprint));
  return {
    baseline: [...kept, ...added].sort(byPlace),
    added,
    lowered,
    dropped: before.filter(({ fingerprint }) => !occurring.has(fingerprint)),
  };
}
