import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import RE2 from 're2';
import { describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { Engine } from '../../src/engine/engine.ts';
import { outcomeOf } from '../../src/engine/examples.ts';
import type { EntryFinding } from '../../src/finding.ts';

const engine = new Engine();

function scan(path: string, text: string): readonly EntryFinding[] {
  return engine.scan(path, Buffer.from(text));
}

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (id, detector) => {
  const examples = detector.examples();
  const counterExamples = detector.counterExamples();

  it.each(examples.map((example) => [example.reason, example] as const))('finds: %s', (_, example) => {
    expect(outcomeOf(engine, detector, example)).toBe(example.outcome ?? 'real');
  });

  it.each(counterExamples.map((example) => [example.reason, example] as const))('leaves: %s', (_, example) => {
    expect(outcomeOf(engine, detector, example)).toBeUndefined();
  });

  it('has enough rows, each with a reason of its own', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
    expect(counterExamples.length).toBeGreaterThanOrEqual(8);
    const reasons = [...examples, ...counterExamples].map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(examples.some(({ outcome }) => outcome === 'synthetic')).toBe(detector.synthetic !== undefined);
  });

  it('says what it is, what it finds and misses, and where the format is written down', () => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(readdirSync('detectors')).toContain(`${id}.ts`);
    // What is no identifier of Safe Harbor has no letter of it.
    const isIdentifier = detector.identifier !== 'exit-string';
    expect(detector.safeHarbor).toMatch(isIdentifier ? /^[A-R]$/ : /^$/);
    expect(detector.title).not.toBe('');
    for (const sentence of [detector.finds, detector.misses]) expect(sentence).toMatch(/^[A-Z].{40,}\.$/);
    expect(detector.references.length).toBeGreaterThan(0);
    if (isIdentifier) expect(detector.references.join()).toContain('45 CFR 164.514(b)(2)(i)');
  });

  it('has labels of lower-case words, each once', () => {
    const { strong, weak, whole = [], not } = detector.labels;
    const all = [...strong, ...weak, ...not];
    for (const label of all) expect(label).toMatch(/^(?:[a-z]+|[0-9]+|#)(?: (?:[a-z]+|[0-9]+|#))*[0-9]*$/);
    expect(new Set(all).size).toBe(all.length);
    expect([...strong, ...weak]).toEqual(expect.arrayContaining([...whole]));
  });

  it('has shapes that RE2 takes, without groups that capture or anchors', () => {
    const sources = [detector.shape, detector.inline ?? '', detector.intrinsic ?? ''];
    for (const source of sources) {
      expect(() => new RE2(source, 'u')).not.toThrow();
      expect(source).not.toMatch(/^\^|[^\\]\$$/);
      // One element: the match itself, no group.
      expect(new RE2(`${source}|`, 'u').exec('')).toHaveLength(1);
    }
  });

  it('has a bare severity exactly when a value may stand without a label', () => {
    expect(detector.severity.bare !== undefined).toBe(detector.intrinsic !== undefined);
  });

  it('has a mask that no value could be part of', () => {
    expect(detector.mask).toMatch(/^(?:[*() @-]+|\[[a-z-]+\])$/);
    expect(detector.mask).not.toMatch(/[0-9A-Z]/);
  });
});

it('lists every file of detectors/', () => {
  const files = readdirSync('detectors').filter((file) => file !== 'index.ts');
  expect(detectors.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});

it.each(['detectors', 'src', 'test'])('finds no identifier in the sources of %s/', (folder) => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(0);
  const hits = files.flatMap((file) => {
    const path = join(folder, file);
    return scan(path, readFileSync(path, 'utf8')).map(
      ({ detector, place }) => `${path}:${place.line ?? 0} ${detector}`,
    );
  });
  expect(hits).toEqual([]);
});
