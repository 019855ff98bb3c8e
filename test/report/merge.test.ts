import { expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { mergedReports } from '../../src/report/merge.ts';

const tool = { name: 'phiscan', version: '0', ruleset: '' } as const;

function reportOf(target: string): Report {
  const location = { kind: 'file', target, path: 'a' } as const;
  return {
    schemaVersion: 1,
    tool,
    targets: [{ reference: target, source: 'a source', digest: '', platform: '', layers: [] }],
    findings: [],
    coverage: { complete: false, bytes: 10, entries: 1, gaps: [{ reason: 'corrupt', location }] },
    summary: { critical: 0, high: 1, medium: 0, low: 0, info: 0, accepted: 0, gaps: 1, durationMs: 1 },
  };
}

test('images of one name in two archives are two targets, and each gap says which', () => {
  const parts = ['old.tar', 'new.tar'].map((reference) => ({ reference, report: reportOf('app:1.0') }));
  const { targets, coverage, summary } = mergedReports(parts, tool, 5);
  expect(targets.map(({ reference }) => reference)).toEqual(['app:1.0 (old.tar)', 'app:1.0 (new.tar)']);
  expect(coverage.gaps.map(({ location }) => location.target)).toEqual(['app:1.0 (old.tar)', 'app:1.0 (new.tar)']);
  expect([coverage.bytes, coverage.entries, coverage.complete, summary.high, summary.gaps]).toEqual([
    20,
    2,
    false,
    2,
    2,
  ]);
});

test('images of different names keep them', () => {
  const parts = ['a:1', 'b:1'].map((name) => ({ reference: 'one.tar', report: reportOf(name) }));
  expect(mergedReports(parts, tool, 5).targets.map(({ reference }) => reference)).toEqual(['a:1', 'b:1']);
});
