import Ajv, { type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/finding.ts';
import { renderSarif } from '../../src/report/sarif/sarif.ts';
import type { ViewOptions } from '../../src/report/view.ts';
import { finding, gap, layer, location, report, target } from '../support/reports.ts';
import { viewOf } from '../support/views.ts';
import { scenarios } from './scenarios.ts';

interface Descriptor {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string };
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity': string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<string, number>>;
    };
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
  readonly properties: { readonly findings?: number; readonly places?: number };
}
interface Run {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Descriptor[] } };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
  }[];
  readonly results: readonly Result[];
}

/** The schema is of draft 4, of which it has nothing that later drafts read in another way but its own name. */
function schemaOfSarif(): ValidateFunction {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  return new Ajv.default({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(
    schema,
  );
}

const isValid = schemaOfSarif();

/** Every log of these tests is valid, and has what GitHub asks for. */
function runsOf(shown: Report, parts: Partial<ViewOptions> = {}): readonly Run[] {
  const text = renderSarif(shown, viewOf(shown, parts));
  const log = JSON.parse(text) as { readonly $schema: string; readonly version: string; readonly runs: readonly Run[] };
  expect(isValid(log), JSON.stringify(isValid.errors?.slice(0, 3))).toBe(true);
  expect([log.version, /sarif-schema-2\.1\.0\.json$/.test(log.$schema)]).toEqual(['2.1.0', true]);
  expect(log.runs.length).toBeGreaterThan(0);
  expect(log.runs.length).toBeLessThanOrEqual(20);
  const ids = log.runs.map(({ automationDetails }) => automationDetails.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { tool, results } of log.runs) {
    expect(results.length).toBeLessThanOrEqual(5000);
    for (const rule of tool.driver.rules) checkRule(rule);
    for (const result of results) checkResult(result, tool.driver.rules);
    const prints = results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    expect(new Set(prints).size).toBe(prints.length);
  }
  return log.runs;
}

/** GitHub Docs, "SARIF support for code scanning", "reportingDescriptor object". */
function checkRule({ id, name, shortDescription, fullDescription, help, properties }: Descriptor): void {
  expect(id).not.toBe('');
  expect(name.length).toBeLessThanOrEqual(255);
  for (const { text } of [shortDescription, fullDescription]) {
    expect(text).not.toBe('');
    expect(text.length).toBeLessThanOrEqual(1024);
  }
  expect(help.text).not.toBe('');
  expect(properties.tags.length).toBeLessThanOrEqual(10);
  expect(Number(properties['security-severity'])).toBeGreaterThan(0);
  expect(Number(properties['security-severity'])).toBeLessThanOrEqual(10);
}

/** "result object", "location object", "physicalLocation object": and what GitHub has refused. */
function checkResult({ ruleId, ruleIndex, message, locations, level }: Result, rules: readonly Descriptor[]): void {
  expect(rules[ruleIndex]?.id).toBe(ruleId);
  expect(['error', 'warning', 'note']).toContain(level);
  expect(message.text).not.toMatch(/\]\(/);
  expect(locations).toHaveLength(1);
  const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
  // RFC 3986, "relative-ref", "path-noscheme", of which nothing climbs.
  expect(artifactLocation?.uri).toMatch(/^(?:[\w.~-]|%[0-9A-F]{2})+(?:\/(?:[\w.~-]|%[0-9A-F]{2})+)*$/);
  expect(artifactLocation?.uri.split('/')).not.toContain('..');
  expect(region?.['startLine']).toBeGreaterThanOrEqual(1);
}

function onlyResults(shown: Report, parts: Partial<ViewOptions> = {}): readonly Result[] {
  const [run, ...others] = runsOf(shown, parts);
  expect(others).toEqual([]);
  return run?.results ?? [];
}

function physical({ locations }: Result): unknown {
  const { artifactLocation, region } = locations[0]?.physicalLocation ?? {};
  return [artifactLocation?.uri, region];
}

describe('SARIF', () => {
  it.each(Object.entries(scenarios))('of %s is valid, and as GitHub asks', (_name, shown) => {
    runsOf(shown);
    runsOf(shown, { dockerfile: 'Dockerfile' });
  });

  it('its schema refuses what is wrong', () => {
    const log = JSON.parse(renderSarif(report(), viewOf(report()))) as { runs: Record<string, unknown>[] };
    expect(isValid(log)).toBe(true);
    expect(isValid({ ...log, version: '2.0.0' })).toBe(false);
    expect(isValid({ ...log, runs: [{ ...log.runs[0], results: [{ ruleId: 'x' }] }] })).toBe(false);
  });

  it('is valid for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            '..',
            '/',
            './',
            ':',
            '%',
            ' ',
            '\\',
            '\ud800',
            '](',
            '{0}',
            '?',
            '#',
            'C:',
            'docker://',
            '!',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, text, text, fc.constantFrom('files', 'docker-archive'), (path, other, reference, source) => {
        const place = location({ target: reference, path, layer: layer(0, other), field: other, pointer: path });
        const findings = [finding({ location: place, mask: other, detector: other })];
        runsOf(
          report({
            targets: [target({ reference, source })],
            findings,
            gaps: [gap({ detail: path, location: place })],
          }),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('places', () => {
  const layered = layer(1, 'COPY seed /srv');
  const instruction = { file: 'Dockerfile', line: 7, endLine: 9 };

  it.each<[string, Partial<Finding['location']>, Partial<ViewOptions>, string, Readonly<Record<string, number>>]>([
    ['of an image: its name and the path', { layer: layered }, {}, 'app/srv/app/notes.txt', { startLine: 1 }],
    [
      'the Dockerfile that is named',
      { layer: layered },
      { dockerfile: 'x/Dockerfile' },
      'services/api/x/Dockerfile',
      { startLine: 1 },
    ],
    [
      'the instruction',
      { layer: { ...layered, instruction } },
      {},
      'services/api/Dockerfile',
      { startLine: 7, endLine: 9 },
    ],
    [
      'the instruction, in the file that is named',
      { layer: { ...layered, instruction } },
      { dockerfile: '../../docker/Dockerfile' },
      'docker/Dockerfile',
      { startLine: 7, endLine: 9 },
    ],
    [
      'an instruction of a file with another name',
      { layer: { ...layered, instruction: { ...instruction, file: 'b/Other' } } },
      { dockerfile: 'x/Dockerfile' },
      'services/api/b/Other',
      { startLine: 7, endLine: 9 },
    ],
    ['a text of the configuration', { kind: 'config', path: '' }, {}, 'app/config', { startLine: 1 }],
    [
      'a Dockerfile outside of the repository',
      { layer: layered },
      { dockerfile: '/x/Dockerfile' },
      'app/srv/app/notes.txt',
      { startLine: 1 },
    ],
    [
      'no Dockerfile for ECS',
      { kind: 'ecs', path: 'service/a b' },
      { dockerfile: 'Dockerfile' },
      'app/service/a%20b',
      { startLine: 1 },
    ],
  ])('%s', (_reason, place, view, uri, region) => {
    const shown = report({ findings: [finding({ location: location(place) })] });
    expect(onlyResults(shown, view).map(physical)).toEqual([[uri, region]]);
  });

  it('of files are those of the repository, with line and column, and say where within an archive', () => {
    const results = onlyResults(scenarios['repository'] as Report);
    expect(results.map(physical)).toEqual([
      ['deploy/task.json', { startLine: 3 }],
      ['services/api/seed/patients.csv', { startLine: 2, startColumn: 14 }],
      // Outside of the repository: a name, and no line of a file that is there.
      ['deploy%20seed/elsewhere/x.csv', { startLine: 1 }],
      ['services/api/seed/all%20of%20it.zip', { startLine: 1 }],
    ]);
    const nested = results[3]?.locations[0]?.logicalLocations[0]?.fullyQualifiedName;
    expect(nested).toBe('deploy seed/./seed/all of it.zip!a/b.csv');
  });
});

describe('results', () => {
  it('of accepted findings are suppressed with their reason, and then all results say whether they are', () => {
    const suppressions = onlyResults(scenarios['repository'] as Report).map((result) => result.suppressions);
    expect(suppressions.map((list) => list?.map(({ kind }) => kind))).toEqual([['external'], [], ['inSource'], []]);
    expect(suppressions[0]?.[0]?.justification).toBe(
      'accepted by the baseline until 2027-01-31; data team: made up for the tests',
    );
    expect(onlyResults(report({ findings: [finding()] }))[0]?.suppressions).toBeUndefined();
  });

  it('tell what was not read, as alerts and as notifications', () => {
    const [run] = runsOf(scenarios['incomplete'] as Report);
    const told = run?.results.map(({ ruleId, properties }) => [ruleId, properties.places]);
    expect(told).toEqual([
      ['not-read-depth-limit', 12],
      ['not-read-encrypted', 1],
      ['not-read-missing-blob', 1],
      ['not-read-truncated', 1],
    ]);
    expect(run?.invocations[0]?.toolExecutionNotifications).toHaveLength(15);
    expect(run?.invocations[0]).toMatchObject({ exitCode: 3, executionSuccessful: true });
  });

  it('of a scan that was stopped are those of a run that failed', () => {
    const [run] = runsOf(report({ gaps: [gap({ reason: 'interrupted' })] }));
    expect(run?.invocations[0]?.executionSuccessful).toBe(false);
  });

  it('of one name are one run, without its tag; others have their own', () => {
    const platforms = [target({ platform: 'linux/amd64' }), target({ platform: 'linux/arm64' })];
    const ids = (...targets: Report['targets']): readonly string[] =>
      runsOf(report({ targets })).map((run) => run.automationDetails.id);
    expect(ids(...platforms)).toEqual(['phiscan/app/']);
    expect(
      ids(target({ reference: 'r.example:5000/a/b:1' }), target({ reference: `c@sha256:${'a'.repeat(64)}` })),
    ).toEqual(['phiscan/r.example%3A5000/a/b/', 'phiscan/c/']);
    expect(ids(target({ reference: 'a:1' }), target({ reference: 'a:2' }))).toEqual([
      'phiscan/a%3A1/',
      'phiscan/a%3A2/',
    ]);
    expect(ids(...Array.from({ length: 21 }, (_, index) => target({ reference: `a${index}` })))).toEqual([
      'phiscan/all/',
    ]);
  });

  it.each([
    ['one each, as long as there is room', 4990, 1, 4990],
    ['one for each file', 2, 3000, 2],
    ['one for each layer', 6000, 2, 1],
  ])('%s', (_reason, files, each, expected) => {
    const findings = Array.from({ length: files }, (_, index) =>
      Array.from({ length: each }, (_none, line) =>
        finding({
          fingerprint: `f${index}`,
          location: location({ path: `p/${index}`, layer: layer(1, 'x'), line: line + 1 }),
        }),
      ),
    ).flat();
    const results = onlyResults(report({ findings }));
    expect(results).toHaveLength(expected);
    expect(results.reduce((sum, { properties }) => sum + (properties.findings ?? 1), 0)).toBe(findings.length);
  });

  it('have the same fingerprint in the next build, whatever the tag, the layer and the count are', () => {
    const built = (tag: string, index: number, count: number): readonly string[] =>
      onlyResults(
        report({
          targets: [target({ reference: `app:${tag}` })],
          findings: [1, 2].map(() =>
            finding({ count, location: location({ target: `app:${tag}`, layer: layer(index, 'x') }) }),
          ),
        }),
      ).map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
    expect(built('1', 1, 3)).toEqual(['f1:1', 'f1:2']);
    expect(built('2', 4, 9)).toEqual(built('1', 1, 3));
  });
});
