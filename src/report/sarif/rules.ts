/** What SARIF calls rules and notifications: kinds of findings, and reasons of gaps. */
import type { Finding, Gap, GapReason, Severity } from '../../finding.ts';
import { identifierHeading, identifierTitle } from '../identifier-words.ts';
import { printable } from '../printable.ts';
import { gapRemedy, gapSentence } from '../words.ts';

export type Level = 'error' | 'warning' | 'note';

/** SARIF 2.1.0, section 3.49. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: Level };
  readonly properties: {
    readonly tags: readonly string[];
    readonly precision: 'high' | 'medium';
    /** Of GitHub, "SARIF support for code scanning": above 9 critical, from 7 high, from 4 medium, above 0 low. */
    readonly 'security-severity': string;
  };
}

const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.5',
};

export function levelOf(severity: Severity): Level {
  return severity === 'critical' || severity === 'high' ? 'error' : severity === 'medium' ? 'warning' : 'note';
}

/** GitHub takes the severity of an alert from its rule, so that a kind of finding has a rule for each severity. */
export function ruleId({ detector, severity }: Pick<Finding, 'detector' | 'severity'>): string {
  return `${printable(detector)}-${severity}`;
}

export function ruleOf(finding: Finding): Rule {
  const { identifier, severity, safeHarbor } = finding;
  const title = identifierTitle(identifier);
  const law = safeHarbor === '' ? '' : ` (45 CFR 164.514(b)(2)(i)(${printable(safeHarbor)}))`;
  const short = `${identifierHeading(identifier)}, ${severity}`;
  const full =
    identifier === 'patient-record'
      ? 'Several identifiers of one person stand together in what is pushed or kept outside of the places that may hold PHI.'
      : `A ${title}${law} stands in what is pushed or kept outside of the places that may hold PHI.`;
  const help =
    'Take it out of what builds or configures this: keep files out of the build, pass values at run time, and rebuild before you push. ' +
    'Deleting a file in a later layer does not take it out of the image. The report never holds the value.';
  return {
    id: ruleId(finding),
    name: pascal(ruleId(finding)),
    shortDescription: { text: short },
    fullDescription: { text: full },
    help: {
      text: help,
      markdown: `${help}\n\n\`phiscan detectors explain ${printable(finding.detector)}\` says more.`,
    },
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      tags: ['security', 'privacy', 'phi', 'hipaa', printable(identifier)],
      precision: severity === 'low' || severity === 'info' ? 'medium' : 'high',
      'security-severity': SECURITY_SEVERITY[severity],
    },
  };
}

export function gapRuleId({ reason }: Pick<Gap, 'reason'>): string {
  return `not-read-${reason}`;
}

/** What was not read is an alert, too: a list without it would look clean. */
export function gapRuleOf(reason: GapReason): Rule {
  const text = gapSentence(reason);
  const help = gapRemedy(reason);
  return {
    id: gapRuleId({ reason }),
    name: pascal(gapRuleId({ reason })),
    shortDescription: { text: `Not read: ${reason}` },
    fullDescription: { text },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: 'warning' },
    properties: {
      tags: ['security', 'privacy', 'coverage'],
      precision: 'high',
      'security-severity': SECURITY_SEVERITY.medium,
    },
  };
}

/** SARIF 2.1.0, section 3.49.3: a descriptor that a notification names. */
export function notificationOf(reason: GapReason): object {
  return { id: reason, shortDescription: { text: gapSentence(reason) } };
}

function pascal(id: string): string {
  return id.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, first: string) => first.toUpperCase());
}
