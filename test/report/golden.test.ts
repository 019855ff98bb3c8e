import Ajv from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { renderJson } from '../../src/report/json.ts';
import { noColors } from '../../src/report/palette.ts';
import { columnsOf } from '../../src/report/printable.ts';
import { renderTable, type TableOptions } from '../../src/report/table.ts';
import { finding, gap, layer, location, report, target } from '../support/reports.ts';
import { scenarios } from './scenarios.ts';

const options: TableOptions = { width: 80, palette: noColors, explain: false, failOn: 'medium' };
const names = Object.keys(scenarios);

function scenario(name: string): Report {
  const found = scenarios[name];
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/report.schema.json'), 'utf8')) as object;
const valid = new Ajv.default({ strict: true, allErrors: true }).compile(schema);

describe('finished reports', () => {
  it.each(names)('%s as a table', async (name) => {
    await expect(renderTable(scenario(name), options)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it.each(names)('%s as JSON', async (name) => {
    await expect(renderJson(scenario(name))).toMatchFileSnapshot(`golden/${name}.json`);
  });

  it('leak with its evidence', async () => {
    await expect(renderTable(scenario('leak'), { ...options, explain: true })).toMatchFileSnapshot(
      'golden/leak.explain.txt',
    );
  });

  it('a clean report has three lines', () => {
    expect(renderTable(report(), options).trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('JSON', () => {
  it.each(names)('%s is valid under docs/report.schema.json', (name) => {
    expect(valid(JSON.parse(renderJson(scenario(name)))), JSON.stringify(valid.errors)).toBe(true);
  });

  it.each([
    ['a key that is not in the schema', { ...finding(), value: 'x' }],
    ['a severity that is not in the list', { ...finding(), severity: 'urgent' }],
    ['a confidence above 1', { ...finding(), confidence: 1.5 }],
  ])('the schema refuses %s', (_reason, wrong) => {
    const shape = { ...(JSON.parse(renderJson(report())) as object), findings: [wrong] };
    expect(valid(shape)).toBe(false);
  });

  it('drops a key that is not named, wherever it comes from', () => {
    const smuggled = ['un', 'named'].join('');
    const found = { ...finding({ location: { ...location(), [smuggled]: 'v1' } }), [smuggled]: 'v2' };
    expect(renderJson(report({ findings: [found] }))).not.toContain(smuggled);
  });
});

describe('any order of findings and gaps gives the same bytes', () => {
  const { findings, coverage } = scenario('leak');
  const { gaps } = scenario('incomplete').coverage;
  const whole: Report = { ...scenario('leak'), coverage: { ...coverage, complete: false, gaps } };

  it.each(['table', 'json'])('%s', (format) => {
    function rendered(shown: Report): string {
      return format === 'json' ? renderJson(shown) : renderTable(shown, options);
    }
    const expected = rendered(whole);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...findings], { minLength: findings.length }),
        fc.shuffledSubarray([...gaps], { minLength: gaps.length }),
        (shuffled, shuffledGaps) => {
          const other = { ...whole, findings: shuffled, coverage: { ...whole.coverage, gaps: shuffledGaps } };
          expect(rendered(other)).toBe(expected);
        },
      ),
    );
  });
});

describe('a table of any texts', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.string({ minLength: 60, maxLength: 200 }));

  it('fits 80 columns and holds no control character but its newlines', () => {
    fc.assert(
      fc.property(text, text, text, text, fc.boolean(), (reference, path, detail, label, explain) => {
        const place = location({
          target: reference,
          path,
          layer: layer(0, detail),
          pointer: label,
          field: label,
          visibility: 'overwritten',
        });
        const shown = report({
          targets: [target({ reference, source: detail, platform: label, digest: detail, absentPlatforms: [label] })],
          findings: [finding({ location: place, mask: label, evidence: [{ term: label, weight: -1 }] })],
          gaps: [gap({ detail, location: place })],
        });
        for (const line of renderTable(shown, { ...options, explain }).split('\n')) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(columnsOf(line), line).toBeLessThanOrEqual(80);
        }
      }),
    );
  });
});

describe('long reports', () => {
  const many = Array.from({ length: 205 }, (_, index) =>
    finding({ fingerprint: `f${index}`, location: location({ line: index + 1 }) }),
  );

  it('lists the first and says how many follow', () => {
    expect(renderTable(report({ findings: many }), options)).toContain(
      '  and 5 further findings; --format json lists them\n',
    );
  });

  it('leaves nothing out of JSON', () => {
    const parsed = JSON.parse(renderJson(report({ findings: many }))) as { findings: unknown[] };
    expect(parsed.findings).toHaveLength(205);
  });
});

describe('severity info', () => {
  const found = report({ findings: [finding({ severity: 'info', location: location({ path: 'usr/share/doc/a' }) })] });

  it('is counted and not listed', () => {
    const table = renderTable(found, options);
    expect(table).toContain('1 finding: 1 info\n');
    expect(table).not.toContain('usr/share/doc/a');
  });

  it.each<[string, Partial<TableOptions>]>([
    ['it is what fails', { failOn: 'info' }],
    ['evidence is asked for', { explain: true }],
  ])('is listed when %s', (_reason, changed) => {
    expect(renderTable(found, { ...options, ...changed })).toContain('usr/share/doc/a');
  });
});
