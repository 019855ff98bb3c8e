import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GapReason, LocationKind, Visibility } from '../../src/finding.ts';
import { findingRemedy, gapRemedy, gapSentence, kindWords, visibilityWords } from '../../src/report/words.ts';

interface Schema {
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schemas = ['report', 'event-line'].map((name) => {
  return JSON.parse(readFileSync(join(import.meta.dirname, `../../docs/${name}.schema.json`), 'utf8')) as Schema;
});

/** What both schemas let a property be. */
function named(definition: string, property: string): readonly string[] {
  const [ofReport = [], ofLine] = schemas.map(({ $defs }) => $defs?.[definition]?.properties?.[property]?.enum);
  expect(ofLine).toEqual(ofReport);
  expect(ofReport.length).toBeGreaterThan(3);
  return ofReport;
}

const reasons = named('gap', 'reason') as readonly GapReason[];
const kinds = named('location', 'kind') as readonly LocationKind[];
const visibilities = named('location', 'visibility') as readonly Visibility[];

/** One sentence, or two: of what people read, not of what programs do. */
const SENTENCE = /^[A-Z][^\n]*[a-z)]\.$/;

describe('each reason of a gap', () => {
  test('has a sentence of its own', () => {
    for (const reason of reasons) expect(gapSentence(reason), reason).toMatch(SENTENCE);
    expect(new Set(reasons.map(gapSentence)).size).toBe(reasons.length);
  });

  test('says what to do', () => {
    for (const reason of reasons) expect(gapRemedy(reason), reason).toMatch(SENTENCE);
  });

  test('names only options and commands that there are', () => {
    const files = ['commands/scan.ts', 'options/shared-options.ts', 'options/sweep-options.ts'];
    const program = files
      .map((name) => readFileSync(join(import.meta.dirname, '../../src/cli', name), 'utf8'))
      .join('');
    const said = reasons.map((reason) => gapRemedy(reason) + gapSentence(reason)).join(' ');
    const options = said.match(/--[a-z-]+/g) ?? [];
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(program).toContain(`'${option}`);
    const commands = [...said.matchAll(/`phiscan ([a-z]+)`/g)].map(([, command = '']) => command);
    expect(commands).toContain('files');
    for (const command of commands) expect(program).toContain(`program.command('${command}')`);
  });
});

test('each kind of place has a heading of its own', () => {
  expect(new Set(kinds.map(kindWords)).size).toBe(kinds.length);
  for (const kind of kinds) expect(kindWords(kind), kind).toMatch(/^[A-Za-z ]+$/);
});

test('a file that a container does not see is told with the layer that hides it', () => {
  const told = visibilities.map((visibility) => visibilityWords(visibility, 3) ?? visibility);
  expect(told).toEqual([
    'visible',
    'overwritten in layer 3, still in the image',
    'deleted in layer 3, still in the image',
    'in the source, used by no image',
  ]);
  expect(visibilityWords('deleted', undefined)).toBe('deleted in a later layer, still in the image');
  // The first layer is one, too.
  expect(visibilityWords('overwritten', 0)).toContain('in layer 0');
});

describe('what to do about a finding', () => {
  const remedyOf = (kind: LocationKind, visibility?: Visibility, detector = 'ssn'): string => {
    return findingRemedy({ detector, location: { kind, target: '', path: '', ...(visibility && { visibility }) } });
  };

  test('is another thing for each kind of place', () => {
    const remedies = kinds.map((kind) => remedyOf(kind));
    for (const remedy of remedies) expect(remedy).toMatch(SENTENCE);
    expect(new Set(remedies).size).toBe(kinds.length);
  });

  test('is not to delete a file that is deleted already', () => {
    expect(remedyOf('file', 'deleted')).toBe(remedyOf('file', 'overwritten'));
    expect(remedyOf('file', 'deleted')).toContain('Deleting a file in a later layer does not take it out');
    expect(remedyOf('file', 'visible')).toContain('.dockerignore');
    expect(remedyOf('file', 'unreferenced')).toBe(remedyOf('file', 'visible'));
  });

  test("is about stop-task's reason wherever code hands an exception's text to it", () => {
    for (const kind of kinds) expect(remedyOf(kind, undefined, 'exit-string')).toContain('stop-task');
  });
});
