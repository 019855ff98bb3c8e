import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { renderEventLine } from '../../src/report/event-line.ts';
import { finding, gap } from '../support/reports.ts';

const docs = join(import.meta.dirname, '../../docs');

interface Schema {
  readonly $defs: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

function schema(file: string): Schema {
  return JSON.parse(readFileSync(join(docs, file), 'utf8')) as Schema;
}

const isValid = new Ajv2020().compile(schema('event-line.schema.json'));
const tool = { name: 'phiscan', version: '0.1.0', ruleset: 'r1' } as const;
const event = {
  id: 'e1',
  type: 'ECS Task State Change',
  time: '2026-11-22T07:00:00Z',
  account: '123456789012',
  region: 'us-east-1',
  resource: 'arn:aws:ecs:us-east-1:123456789012:task/default/3f0c8a',
};

describe('a line of a watch', () => {
  test('is a finding with what to do, valid and in one line', () => {
    const line = renderEventLine({ event, finding: finding(), remedies: { 'exit-string': 'Mend it.' } }, tool);
    expect(line).toMatch(/^\{"schemaVersion":1,.*\}\n$/);
    const parsed = JSON.parse(line) as object;
    expect(isValid(parsed), JSON.stringify(isValid.errors)).toBe(true);
    expect(parsed).toMatchObject({
      tool,
      event,
      finding: { detector: 'ssn' },
      remedies: { 'exit-string': 'Mend it.' },
    });
  });

  test('is a gap', () => {
    const parsed = JSON.parse(renderEventLine({ event, gap: gap() }, tool)) as object;
    expect(isValid(parsed), JSON.stringify(isValid.errors)).toBe(true);
    expect(Object.keys(parsed)).toEqual(['schemaVersion', 'tool', 'event', 'gap']);
  });

  test('holds no key that nobody named, and no character that a terminal obeys', () => {
    const odd = { ...event, id: 'a\u001b[2Jb\nc', body: 'whole' };
    const line = renderEventLine(
      { event: odd, finding: Object.assign(finding(), { value: 'whole' }), remedies: {} },
      tool,
    );
    expect(line).not.toContain('whole');
    expect(line).not.toMatch(/\u001b|\n(?!$)/);
  });

  test('neither both nor none is valid', () => {
    const of = (parts: object): boolean => isValid({ schemaVersion: 1, tool, event, ...parts });
    expect(of({})).toBe(false);
    expect(of({ finding: finding(), gap: gap() })).toBe(false);
  });

  test('has the findings and gaps of a report', () => {
    const own = schema('event-line.schema.json');
    const ofReports = schema('report.schema.json');
    for (const part of ['finding', 'acceptance', 'lapse', 'gap', 'location', 'identifier']) {
      expect(own.$defs[part], part).toEqual(ofReports.$defs[part]);
    }
    for (const part of ['tool', 'remedies']) expect(own.properties[part], part).toEqual(ofReports.properties[part]);
  });
});
