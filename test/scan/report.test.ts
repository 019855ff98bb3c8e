import { expect, test } from 'vitest';
import type { Finding } from '../../src/finding.ts';
import { makeReport } from '../../src/scan/report.ts';

function inName(path: string, count = 1, confidence = 0.9): Finding {
  return {
    fingerprint: path,
    detector: 'ssn',
    identifier: 'ssn',
    safeHarbor: 'G',
    severity: 'high',
    confidence,
    outcome: 'real',
    count,
    mask: '***-**-****',
    evidence: [],
    location: { kind: 'file', target: 'x', path, pointer: 'name' },
  };
}

function reported(findings: readonly Finding[]): readonly string[] {
  const part = { targets: [], findings, gaps: [], bytes: 0, entries: 0 };
  const options = { ruleset: '', minConfidence: 0.5, durationMs: 0 };
  return makeReport([part], options).findings.map(({ location }) => location.path);
}

test.each([
  [
    'a value in the name of a folder is told once',
    [inName('a/***'), inName('a/***/b'), inName('a/***/b/c')],
    ['a/***'],
  ],
  ['folders of a tar end with a slash', [inName('***/'), inName('***/b')], ['***/']],
  [
    'a file with a value of its own is told beside its folder',
    [inName('***'), inName('***/***', 2)],
    ['***', '***/***'],
  ],
  ['a folder without an entry is told by what is in it', [inName('***/a'), inName('***/b')], ['***/a', '***/b']],
  ['what is below the confidence is left out', [inName('a', 1, 0.4), inName('b')], ['b']],
])('%s', (_reason, findings, paths) => {
  expect(reported([...findings].reverse())).toEqual(paths);
});
