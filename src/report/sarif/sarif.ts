/**
 * SARIF 2.1.0 (OASIS), within what GitHub takes (GitHub Docs, "SARIF support for code scanning"): one run for each image name or
 * path, results at files of the repository, no value.
 */
import type { Finding, Gap, GapReason, Report } from '../../finding.ts';
import { gapsByReason } from '../gaps-by-reason.ts';
import { type ExitCode, exitCodes } from '../gate.ts';
import { ordered } from '../order.ts';
import { printable, printableJson } from '../printable.ts';
import { RepositoryPlaces } from '../repository-place.ts';
import { gapWords } from '../sentences.ts';
import type { ViewOptions } from '../view.ts';
import { gapSentence } from '../words.ts';
import { findingGroups } from './groups.ts';
import { imageName, Results } from './results.ts';
import { gapRuleOf, notificationOf, type Rule, ruleOf } from './rules.ts';
import { fileUri } from './uri.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** GitHub refuses files with more runs. */
const MOST_RUNS = 20;
/** GitHub shows no more results of a run. */
const MOST_RESULTS = 5000;
/** Gaps told one by one; each reason is a result all the same. */
const MOST_NOTIFICATIONS = 1000;

export function renderSarif(unordered: Report, options: ViewOptions): string {
  const report = ordered(unordered);
  const parts = partsOf(report);
  // Rules and their order are the same in all runs.
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: parts.map(({ name, part }) => runOf(part, name, options)),
  };
  return `${printableJson(JSON.stringify(log, undefined, 2))}\n`;
}

interface Part {
  readonly name: string;
  readonly part: Report;
}

/** One for each name, so that alerts of one image do not close those of another; one for all, where there are too many. */
function partsOf(report: Report): readonly Part[] {
  const { targets, findings, coverage } = report;
  const located = [...findings, ...coverage.gaps].map(({ location }) => location.target);
  const references = [...new Set([...targets.map(({ reference }) => reference), ...located])];
  const names = new Map(references.map((reference) => [reference, nameAmong(reference, references)]));
  const parts = [...new Set(names.values())].map((name): Part => {
    const isOwn = (target: string): boolean => names.get(target) === name;
    return {
      name,
      part: {
        ...report,
        targets: targets.filter(({ reference }) => isOwn(reference)),
        findings: findings.filter(({ location }) => isOwn(location.target)),
        coverage: { ...coverage, gaps: coverage.gaps.filter(({ location }) => isOwn(location.target)) },
      },
    };
  });
  return parts.length > 0 && parts.length <= MOST_RUNS ? parts : [{ name: 'all', part: report }];
}

/** The name of an image without its tag, where it is the only one of that name. */
function nameAmong(reference: string, references: readonly string[]): string {
  const name = imageName(reference);
  return references.some((other) => other !== reference && imageName(other) === name) ? reference : name;
}

function runOf(report: Report, name: string, options: ViewOptions): object {
  const { tool, findings, coverage } = report;
  const reasons = gapsByReason(coverage.gaps);
  const groups = findingGroups(findings, MOST_RESULTS - reasons.size);
  const rules = rulesOf(findings, reasons.keys());
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]));
  const places = new RepositoryPlaces(report, options);
  const results = new Results(report, { places, ruleIndex });
  return {
    tool: {
      driver: {
        name: tool.name,
        fullName: `phiscan ${tool.version}`,
        version: tool.version,
        semanticVersion: tool.version,
        rules,
        notifications: [...reasons.keys()].map(notificationOf),
      },
    },
    automationDetails: { id: `phiscan/${fileUri(name)}/` },
    invocations: [invocationOf(report, options)],
    results: [
      ...groups.map((group) => results.ofFindings(group)),
      ...[...reasons.values()].map((gaps) => results.ofGaps(gaps)),
    ],
    // Lines and columns are those of JavaScript's strings.
    columnKind: 'utf16CodeUnits',
    properties: {
      ruleset: tool.ruleset,
      targets: report.targets.map(({ reference, source, digest, platform }) => ({
        reference,
        source,
        digest,
        platform,
      })),
    },
  };
}

function rulesOf(findings: readonly Finding[], reasons: Iterable<GapReason>): readonly Rule[] {
  const rules = new Map<string, Rule>();
  for (const rule of [...findings.map(ruleOf), ...[...reasons].map(gapRuleOf)])
    rules.set(rule.id, rules.get(rule.id) ?? rule);
  return [...rules.values()];
}

const EXIT_WORDS: Readonly<Record<ExitCode, string>> = {
  [exitCodes.clean]: 'nothing at or above the threshold',
  [exitCodes.findings]: 'findings',
  [exitCodes.error]: 'error',
  [exitCodes.incomplete]: 'incomplete',
};

function invocationOf({ coverage: { gaps } }: Report, { exitCode }: ViewOptions): object {
  const broken = gaps.some(({ reason }) => reason === 'interrupted' || reason === 'internal');
  const told = gaps.slice(0, MOST_NOTIFICATIONS).map(notice);
  const more = gaps.length - told.length;
  if (more > 0) told.push({ level: 'warning', message: { text: `${more} more places were not read.` } });
  return {
    executionSuccessful: exitCode !== exitCodes.error && !broken,
    exitCode,
    exitCodeDescription: EXIT_WORDS[exitCode],
    toolExecutionNotifications: told,
  };
}

function notice(gap: Gap): object {
  const { reason, location } = gap;
  const text = `${gapSentence(reason)} In ${gapWords(gap)}, of ${printable(location.target)}.`;
  return { level: 'warning', descriptor: { id: reason }, message: { text: text.replace(/[{}]/g, '$&$&') } };
}
