/** What the settings say of findings: how bad they are, and which are accepted. After the scan, so that what is remembered of layers
 * holds under any settings. */
import { SEVERITIES, type Finding, type Report, type Severity } from '../finding.ts';
import type { EventLine } from '../event-line.ts';
import { countsOf } from '../finding-counts.ts';
import { globMatcher } from './glob.ts';
import type { SettingValues } from './settings.ts';

/** Findings in what a package brought: not the hospital's own. */
const OF_PACKAGES: ReadonlySet<string> = new Set(['package file', 'package example']);

interface AcceptedFolder {
  readonly matches: (path: string) => boolean;
  readonly reason: string;
}

export class Verdict {
  readonly #severities: Readonly<Record<string, Severity>>;
  readonly #accepted: readonly AcceptedFolder[];

  /** `mask`: reasons come to every report. */
  constructor({ severities, accept }: Pick<SettingValues, 'severities' | 'accept'>, mask: (text: string) => string) {
    this.#severities = severities;
    this.#accepted = accept.flatMap(({ path, reason }) => {
      const matches = globMatcher(path);
      return matches === undefined ? [] : [{ matches, reason: mask(reason) }];
    });
  }

  report(report: Report): Report {
    if (!this.#saysAnything()) return report;
    const findings = report.findings.map((finding) => this.finding(finding));
    return { ...report, findings, summary: { ...report.summary, ...countsOf(findings) } };
  }

  lines(lines: readonly EventLine[]): readonly EventLine[] {
    if (!this.#saysAnything()) return lines;
    return lines.map((line) => ('finding' in line ? { ...line, finding: this.finding(line.finding) } : line));
  }

  finding(finding: Finding): Finding {
    const severity = this.#severityOf(finding);
    const reason = finding.accepted === undefined ? this.#reasonOf(finding.location.path) : undefined;
    if (severity === finding.severity && reason === undefined) return finding;
    if (reason === undefined) return { ...finding, severity };
    const { lapsed: _lapsed, ...found } = finding;
    return { ...found, severity, accepted: { by: 'configuration', reason } };
  }

  #saysAnything(): boolean {
    return this.#accepted.length > 0 || Object.keys(this.#severities).length > 0;
  }

  /** What is no patient's (a published fake, a file of a package) is never made worse. */
  #severityOf({ detector, identifier, severity, outcome, evidence }: Finding): Severity {
    const given = this.#severities[detector] ?? this.#severities[identifier];
    if (given === undefined) return severity;
    const isOthers = outcome === 'synthetic' || evidence.some(({ term }) => OF_PACKAGES.has(term));
    return isOthers && SEVERITIES.indexOf(given) < SEVERITIES.indexOf(severity) ? severity : given;
  }

  #reasonOf(path: string): string | undefined {
    return path === '' ? undefined : this.#accepted.find(({ matches }) => matches(path))?.reason;
  }
}
