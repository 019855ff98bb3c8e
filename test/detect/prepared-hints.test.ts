import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { packedLabels } from '../../src/detect/label-table.ts';
import { Labels } from '../../src/detect/labels.ts';
import { packedHints, preparedHints } from '../../src/detect/prepared-hints.ts';
import { markersOf } from '../../src/engine/engine.ts';

describe('the hints that the build prepares', () => {
  const built = (name: string): string => new URL(`../../dist/src/detect/${name}`, import.meta.url).href;
  const packed = packedHints(detectors, markersOf());

  test('are those of the detectors and readers', () => {
    expect(readFileSync(new URL(built('built-in.js')), 'utf8')).toContain(
      `export const BUILT_IN_HINTS = ${JSON.stringify(packed)};\n`,
    );
  });

  test('are in the bundle that both programs load', () => {
    const [key = ''] = packed?.split('\n') ?? [];
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const chunks = new URL('../../dist/src/chunks/', import.meta.url);
    const holders = readdirSync(chunks).filter((name) => name.endsWith('.js') && textOf(chunks, name).includes(key));
    expect(holders).toHaveLength(1);
  });

  test('are made anew for other detectors', async () => {
    const { packedHints: ofBuild } = (await import(built('prepared-hints.js'))) as {
      packedHints: typeof packedHints;
    };
    expect(ofBuild(detectors, markersOf())).toBe(packed);
    const fewer = detectors.slice(1);
    expect(ofBuild(fewer, markersOf())).toBe(packedHints(fewer, markersOf()));
    expect(preparedHints(fewer, markersOf()).ready).toBe(false);
  });
});

function textOf(folder: URL, name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

test('the labels that the build prepares are those of the detectors, and stand in the bundle', () => {
  const packed = packedLabels(detectors);
  const built = readFileSync(new URL('../../dist/src/detect/built-in.js', import.meta.url), 'utf8');
  expect(built).toContain(`export const BUILT_IN_LABELS = ${JSON.stringify(packed)};\n`);
});

test('the labels that the build prepares mean the same beside those of own detectors', async () => {
  const { Labels: Built } = (await import(new URL('../../dist/src/detect/labels.js', import.meta.url).href)) as {
    Labels: typeof Labels;
  };
  const [model] = detectors;
  if (model === undefined) throw new Error('no detectors');
  const labels = { strong: ['kelp chart', 'patient chart'], weak: ['name'], not: ['draft'] };
  const all = [{ ...model, id: 'kelp-mrn', labels }, ...detectors];
  const [made, built] = [new Labels(all), new Built(all)];
  const texts = detectors.flatMap((detector) => [...detector.examples(), ...detector.counterExamples()]);
  const lines = texts.flatMap(({ text }) => text.split('\n'));
  const own = ['kelp chart: 1', 'KelpCharts=1', 'patient chart number 1', 'draft kelp chart: 1', 'mrn name: 1'];
  for (const line of [...own, ...lines]) {
    expect(built.find(line)).toEqual(made.find(line));
    const words = made.find(line).map(({ start, end }) => line.slice(start, end));
    expect(built.candidates(words)).toEqual(made.candidates([...words]));
    expect(built.candidates([line])).toEqual(made.candidates([line]));
  }
});
