import { describe, expect, it } from 'vitest';
import { type FailOn, SEVERITIES } from '../../src/finding.ts';
import { exitCode, reaches } from '../../src/report/gate.ts';
import { finding, gap, report } from '../support/reports.ts';

interface Row {
  readonly title: string;
  readonly report: ReturnType<typeof report>;
  readonly failOn?: FailOn;
  readonly allowIncomplete?: boolean;
  readonly unopened?: number;
  readonly code: number;
}

const clean = report();
const medium = report({ findings: [finding({ severity: 'medium' })] });
const low = report({ findings: [finding({ severity: 'low' })] });
const incomplete = report({ gaps: [gap()] });
const stopped = report({ gaps: [gap({ reason: 'interrupted' })] });
const leakAndGap = report({ findings: [finding({ severity: 'critical' })], gaps: [gap()] });

const accepted = finding({ severity: 'critical', accepted: { by: 'baseline', reason: 'from a public set' } });

const rows: readonly Row[] = [
  { title: 'an accepted finding', report: report({ findings: [accepted] }), code: 0 },
  { title: 'an accepted finding beside one that counts', report: report({ findings: [accepted, finding()] }), code: 1 },
  {
    title: 'an accepted finding does not hide a gap',
    report: report({ findings: [accepted], gaps: [gap()] }),
    code: 3,
  },
  { title: 'nothing found, everything read', report: clean, code: 0 },
  { title: 'a finding at the threshold', report: medium, code: 1 },
  { title: 'a finding below the threshold', report: low, code: 0 },
  { title: 'a finding below a lowered threshold', report: low, failOn: 'low', code: 1 },
  { title: 'a finding above the threshold', report: leakAndGap, failOn: 'high', code: 1 },
  { title: 'findings never fail with none', report: medium, failOn: 'none', code: 0 },
  { title: 'a gap', report: incomplete, code: 3 },
  { title: 'an accepted gap', report: incomplete, allowIncomplete: true, code: 0 },
  { title: 'a gap is not excused by none', report: incomplete, failOn: 'none', code: 3 },
  { title: 'findings outweigh gaps', report: leakAndGap, code: 1 },
  {
    title: 'a finding below the threshold does not hide a gap',
    report: report({ findings: [finding({ severity: 'low' })], gaps: [gap()] }),
    code: 3,
  },
  { title: 'a stopped scan is never accepted', report: stopped, allowIncomplete: true, code: 3 },
  { title: 'a reference that was not opened outweighs gaps', report: incomplete, unopened: 1, code: 2 },
  { title: 'it is no gap that may be accepted', report: incomplete, unopened: 1, allowIncomplete: true, code: 2 },
  { title: 'a leak elsewhere outweighs it', report: leakAndGap, unopened: 1, code: 1 },
  {
    title: 'incomplete without a listed gap',
    report: { ...clean, coverage: { ...clean.coverage, complete: false } },
    code: 3,
  },
  {
    title: 'a gap in a report that claims to be complete',
    report: { ...incomplete, coverage: { ...incomplete.coverage, complete: true } },
    code: 3,
  },
];

describe('exitCode', () => {
  it.each(rows)('$title: $code', ({ report, failOn = 'medium', allowIncomplete = false, unopened = 0, code }) => {
    expect(exitCode(report, { failOn, allowIncomplete, unopened })).toBe(code);
  });
});

describe('reaches', () => {
  it('orders severities from worst to least', () => {
    const reached = SEVERITIES.map((threshold) => SEVERITIES.filter((severity) => reaches(severity, threshold)).length);
    expect(reached).toEqual([1, 2, 3, 4, 5]);
  });
});
