/** Finished reports in every format but the table and JSON, which golden.test.ts has: `vitest -u` writes the golden files anew. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { type Format, render } from '../../src/report/format.ts';
import { renderJsonl } from '../../src/report/jsonl.ts';
import { viewOf } from '../support/views.ts';
import { scenarios } from './scenarios.ts';

const all = Object.entries(scenarios);

const docs = join(import.meta.dirname, '../../docs');

function schema(file: string): object {
  return JSON.parse(readFileSync(join(docs, file), 'utf8')) as object;
}

describe('JSON Lines', () => {
  const ajv = new Ajv2020({ allErrors: true }).addSchema(schema('report.schema.json'), 'report.schema.json');
  const isValid = ajv.compile(schema('report-line.schema.json'));
  const linesOf = (report: Report): readonly Readonly<Record<string, unknown>>[] =>
    renderJsonl(report)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

  it.each(all)('%s', async (name, report) => {
    await expect(renderJsonl(report)).toMatchFileSnapshot(`golden/${name}.jsonl`);
    const lines = linesOf(report);
    for (const line of lines) expect(isValid(line), JSON.stringify(isValid.errors)).toBe(true);
    const kinds = lines.map((line) => ['target', 'finding', 'gap', 'summary'].filter((kind) => kind in line).join());
    const { targets, findings, coverage } = report;
    expect(kinds).toEqual([
      ...targets.map(() => 'target'),
      ...findings.map(() => 'finding'),
      ...coverage.gaps.map(() => 'gap'),
      'summary',
    ]);
  });

  it.each([
    ['two things', { target: {}, gap: {} }],
    ['nothing', {}],
    ['a key that nobody named', { value: 'x' }],
  ])('the schema refuses a line with %s', (_reason, parts) => {
    const [first] = linesOf(Object.values(scenarios)[0] as Report);
    const { schemaVersion, tool, target } = first ?? {};
    expect(isValid({ schemaVersion, tool, target })).toBe(true);
    expect(isValid({ schemaVersion, tool, ...('value' in parts ? { target } : {}), ...parts })).toBe(false);
  });
});

const golden: readonly (readonly [Format, string])[] = [
  ['sarif', 'sarif'],
  ['github', 'github.txt'],
  ['markdown', 'md'],
  ['junit', 'junit.xml'],
  ['asff', 'asff.json'],
];

describe.each(golden)('%s', (format, ending) => {
  it.each(all)('of %s', async (name, report) => {
    const text = await render(report, format, viewOf(report));
    await expect(text).toMatchFileSnapshot(`golden/${name}.${ending}`);
    // Line feeds of the format itself are the only control characters.
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });

  it('of a leak, with a Dockerfile', async () => {
    const report = scenarios['leak'] as Report;
    const text = await render(report, format, viewOf(report, { dockerfile: 'docker/Dockerfile' }));
    await expect(text).toMatchFileSnapshot(`golden/leak.dockerfile.${ending}`);
  });
});
