import type { Finding, Location } from '../../finding.ts';
import { ruleId } from './rules.ts';

/** Findings that are one result: the first stands for all. */
export interface FindingGroup {
  readonly first: Finding;
  readonly findings: readonly Finding[];
}

/** What findings of one result have in common, from all to nothing but their rule. */
const KEYS: readonly ((location: Location, index: number) => readonly unknown[])[] = [
  (_location, index) => [index],
  ({ layer, kind, path }) => [kind, layer?.index, path],
  ({ layer, kind }) => [kind, layer?.index],
  () => [],
];

/**
 * At most `most` results, in the order of the findings: each finding is one, as long as that is enough; else those of one rule and
 * file, of one rule and layer, of one rule. Accepted findings are never one with others.
 */
export function findingGroups(findings: readonly Finding[], most: number): readonly FindingGroup[] {
  for (const key of KEYS) {
    const groups = grouped(findings, key);
    if (groups.length <= most || key === KEYS.at(-1)) return groups;
  }
  return [];
}

function grouped(findings: readonly Finding[], keyOf: (typeof KEYS)[number]): readonly FindingGroup[] {
  const groups = new Map<string, { first: Finding; findings: Finding[] }>();
  for (const [index, finding] of findings.entries()) {
    const { location, accepted } = finding;
    const key = JSON.stringify([ruleId(finding), accepted ?? '', ...keyOf(location, index)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: finding, findings: [finding] });
    else group.findings.push(finding);
  }
  return [...groups.values()];
}
