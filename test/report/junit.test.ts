import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SaxesParser } from 'saxes';
import type { Report } from '../../src/finding.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { finding, gap, layer, location, report } from '../support/reports.ts';
import { viewOf } from '../support/views.ts';
import { scenarios } from './scenarios.ts';

/** Reads several files at once: each as [tests, failures, errors, skipped, cases, failed, broken, left out, names]. */
const READER = `
import json, sys
from junitparser import JUnitXml, Failure, Error, Skipped
told = []
for text in json.load(sys.stdin):
    xml = JUnitXml.fromstring(text.encode())
    cases = [case for suite in xml for case in suite]
    kinds = [result for case in cases for result in case.result]
    of = lambda kind: sum(isinstance(result, kind) for result in kinds)
    told.append([xml.tests, xml.failures, xml.errors, xml.skipped, len(cases), of(Failure), of(Error), of(Skipped),
                 sorted(suite.name for suite in xml)])
print(json.dumps(told))
`;

describe('JUnit XML', () => {
  it('is read by another program with the counts that it states', () => {
    const reports = Object.values(scenarios);
    const texts = reports.map((shown) => renderJunit(shown, viewOf(shown)));
    // The system's own: it has the Debian package.
    const answer = execFileSync('/usr/bin/python3', ['-c', READER], { input: JSON.stringify(texts), encoding: 'utf8' });
    const told = JSON.parse(answer) as readonly (readonly [...number[], readonly string[]])[];
    for (const [index, counts] of told.entries()) {
      const { findings, coverage } = reports[index] as Report;
      const [tests, failures, errors, skipped, ...counted] = counts;
      expect(counted.slice(0, 4)).toEqual([tests, failures, errors, skipped]);
      expect(errors).toBe(coverage.gaps.length);
      expect(skipped).toBe(findings.filter(({ accepted }) => accepted !== undefined).length);
      expect(tests).toBeGreaterThanOrEqual(findings.length + coverage.gaps.length);
    }
    expect(told).toHaveLength(Object.keys(scenarios).length);
  });

  it('has the elements and attributes that its readers know, in their order', () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      testsuites: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
      testsuite: ['name', 'tests', 'failures', 'errors', 'skipped'],
      testcase: ['name', 'classname', 'time'],
      failure: ['type', 'message'],
      error: ['type', 'message'],
      skipped: ['message'],
      'system-out': [],
    };
    for (const shown of Object.values(scenarios)) {
      const parser = new SaxesParser();
      parser.on('opentag', ({ name, attributes }) => {
        expect(Object.keys(attributes), name).toEqual(known[name]);
      });
      parser.write(renderJunit(shown, viewOf(shown))).close();
    }
  });

  it('is well formed for any text, and holds it in its place', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(fc.constantFrom('<', '&', '"', "'", ']]>', '<!--', '&#0;', '\u0000', '\ufffe', '\uffff', '\ud800', '\n'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, text, (path, other) => {
        const place = location({ target: other, path, layer: layer(0, other), field: path });
        const findings = [
          finding({ location: place, mask: other }),
          finding({ location: place, accepted: { by: 'inline', reason: other } }),
        ];
        const shown = report({ targets: [], findings, gaps: [gap({ detail: path, location: place })] });
        const parser = new SaxesParser();
        const names: string[] = [];
        parser.on('error', (error) => {
          throw error;
        });
        parser.on('opentag', ({ name }) => names.push(name));
        parser.write(renderJunit(shown, viewOf(shown))).close();
        expect(names.filter((name) => name === 'testcase')).toHaveLength(3);
      }),
    );
  });

  it('errors of gaps that the run takes are skipped tests', () => {
    const shown = report({ gaps: [gap()] });
    expect(renderJunit(shown, viewOf(shown))).toContain('errors="1" skipped="0"');
    expect(renderJunit(shown, viewOf(shown, { exitCode: 0 }))).toContain('errors="0" skipped="1"');
  });

  it('an image without findings is a test that was passed', () => {
    expect(renderJunit(report(), viewOf(report()))).toContain('tests="1" failures="0" errors="0" skipped="0"');
  });
});
