import { describe, expect, it } from 'vitest';
import { Verdict } from '../../src/config/verdict.ts';
import type { Finding, Severity } from '../../src/finding.ts';
import { finding, location, report } from '../support/reports.ts';

const same = (text: string): string => text;
const ofPackage = [{ term: 'package file', weight: -2 }];

describe('a severity', () => {
  it.each<[string, Record<string, Severity>, Partial<Finding>, Severity]>([
    ['by identifier', { mrn: 'low' }, { detector: 'kelp-mrn', identifier: 'mrn' }, 'low'],
    [
      'by detector, before its identifier',
      { mrn: 'low', 'kelp-mrn': 'info' },
      { detector: 'kelp-mrn', identifier: 'mrn' },
      'info',
    ],
    ['made worse', { ssn: 'critical' }, {}, 'critical'],
    ['of a record', { 'patient-record': 'low' }, { detector: 'patient-record', identifier: 'patient-record' }, 'low'],
    ['of others, not of this', { mrn: 'low' }, {}, 'high'],
    ['a published fake is not made worse', { ssn: 'critical' }, { outcome: 'synthetic', severity: 'low' }, 'low'],
    ['a published fake may be less', { ssn: 'info' }, { outcome: 'synthetic', severity: 'low' }, 'info'],
    ['what a package brought is not made worse', { ssn: 'high' }, { severity: 'info', evidence: ofPackage }, 'info'],
  ])('%s', (_reason, severities, parts, expected) => {
    const verdict = new Verdict({ severities, accept: [] }, same);
    expect(verdict.finding(finding(parts)).severity).toBe(expected);
  });

  it('is counted as it is now', () => {
    const verdict = new Verdict({ severities: { ssn: 'info' }, accept: [] }, same);
    const { summary } = verdict.report(report({ findings: [finding(), finding({ fingerprint: 'f2' })] }));
    expect(summary).toMatchObject({ high: 0, info: 2, accepted: 0 });
  });
});

describe('an accepted path', () => {
  const accept = [
    { path: 'seed/**', reason: 'invented' },
    { path: '*.jar', reason: 'of the vendor' },
  ];
  const verdict = new Verdict({ severities: {}, accept }, (text) => `<${text}>`);

  it.each([
    ['seed/a.csv', '<invented>'],
    ['opt/app.jar!data/seed.csv', '<of the vendor>'],
    ['db/seed.csv', undefined],
    // The configuration of an image has no path.
    ['', undefined],
  ])('%j: %s', (path, reason) => {
    const { accepted } = verdict.finding(finding({ location: location({ path }) }));
    expect(accepted).toEqual(reason === undefined ? undefined : { by: 'configuration', reason });
  });

  it('leaves the reason that stands on the line', () => {
    const accepted = { by: 'inline', reason: 'a test' } as const;
    expect(verdict.finding(finding({ location: location({ path: 'seed/a.csv' }), accepted })).accepted).toBe(accepted);
  });

  it('is counted apart, and told of in lines too', () => {
    const found = finding({ location: location({ path: 'seed/a.csv' }) });
    expect(verdict.report(report({ findings: [found] })).summary).toMatchObject({ high: 0, accepted: 1 });
    const event = { id: 'e', type: 't', time: '', account: '', region: '', resource: '' };
    expect(verdict.lines([{ event, finding: found, remedies: {} }])).toMatchObject([
      { finding: { accepted: { by: 'configuration' } } },
    ]);
  });
});
