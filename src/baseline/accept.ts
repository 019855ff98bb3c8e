import type { Finding, Lapse, LapseReason, Report } from '../finding.ts';
import type { EventLine } from '../event-line.ts';
import { countsOf } from '../finding-counts.ts';
import { type Baseline, type BaselineEntry, isExpired } from './baseline.ts';
import { isWorse, type Occurrence, occurrencesOf } from './occurrences.ts';

/** The report with the findings of the baseline accepted; those that count again say why. `today`: `2026-11-22`. */
export function acceptReport(report: Report, baseline: Baseline, today: string): Report {
  const findings = acceptFindings(report.findings, baseline, today);
  if (findings === report.findings) return report;
  return { ...report, findings, summary: { ...report.summary, ...countsOf(findings) } };
}

/** In their order. What a mark or the configuration has accepted stays as it is, and is in no count of the baseline. */
function acceptFindings(findings: readonly Finding[], baseline: Baseline, today: string): readonly Finding[] {
  const entries = new Map(baseline.map((entry) => [entry.fingerprint, entry]));
  const judged = new Map<Finding, Finding>();
  const open = findings.filter(({ fingerprint, accepted }) => accepted === undefined && entries.has(fingerprint));
  for (const occurrence of occurrencesOf(open)) {
    const entry = entries.get(occurrence.fingerprint);
    if (entry === undefined) continue;
    const why = lapseOf(occurrence, entry, today);
    for (const finding of occurrence.findings) judged.set(finding, withVerdict(finding, entry, why));
  }
  return judged.size === 0 ? findings : findings.map((finding) => judged.get(finding) ?? finding);
}

/** The lines of one delivery: what one event tells is compared by itself. */
export function acceptLines(lines: readonly EventLine[], baseline: Baseline, today: string): readonly EventLine[] {
  const byEvent = new Map<EventLine['event'], Finding[]>();
  for (const line of lines) {
    if (!('finding' in line)) continue;
    const own = byEvent.get(line.event);
    if (own === undefined) byEvent.set(line.event, [line.finding]);
    else own.push(line.finding);
  }
  const judged = new Map<Finding, Finding>();
  for (const own of byEvent.values()) {
    const verdicts = acceptFindings(own, baseline, today);
    for (const [index, finding] of own.entries()) judged.set(finding, verdicts[index] ?? finding);
  }
  return lines.map((line) =>
    'finding' in line ? { ...line, finding: judged.get(line.finding) ?? line.finding } : line,
  );
}

/** Why the entry does not hold for the findings; undefined where it does. */
export function lapseOf(
  { count, severity, outcome }: Pick<Occurrence, 'count' | 'severity' | 'outcome'>,
  entry: BaselineEntry,
  today: string,
): LapseReason | undefined {
  if (isExpired(entry, today)) return 'expired';
  if (isWorse(severity, entry.severity) || (outcome === 'real' && entry.outcome === 'synthetic')) return 'worse';
  return count > entry.count ? 'grown' : undefined;
}

function withVerdict(finding: Finding, entry: BaselineEntry, why: LapseReason | undefined): Finding {
  const { accepted: _accepted, lapsed: _lapsed, ...found } = finding;
  const { reason, owner, expires, count } = entry;
  const acceptance = { by: 'baseline', reason, owner, expires } as const;
  if (why === undefined) return { ...found, accepted: acceptance };
  const lapsed: Lapse = { why, ...acceptance, count };
  return { ...found, lapsed };
}
