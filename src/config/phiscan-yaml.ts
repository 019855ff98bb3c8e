/** phiscan.yaml, from its text to what a scan takes. */
import { detectors as builtIn } from '../../detectors/index.ts';
import { type CustomDetector, detectorOf } from '../detect/custom-detector.ts';
import { Engine } from '../engine/engine.ts';
import { failedExamples } from '../engine/examples.ts';
import { limits } from '../limits.ts';
import { parseYaml } from '../read/yaml-document.ts';
import { type PlacedDetector, readDetector } from './custom-detectors.ts';
import { type Complain, Fields } from './fields.ts';
import { type FileSettings, noFileSettings, readSettings, SETTING_KEYS } from './file-settings.ts';

/** Line and column from 1, in characters. No field holds any of the text but the id of a detector, which has no room for an
 * identifier: examples, shapes and keys may be one. */
export interface ConfigFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly todo: string;
}

/** What a phiscan.yaml says, each with its line. */
export interface PhiscanConfig {
  readonly customDetectors: readonly CustomDetector[];
  /** Character index of each detector. */
  readonly detectorsAt: readonly number[];
  readonly settings: FileSettings;
  /** From 1, of a character index. */
  readonly lineOf: (at: number) => number;
}

/** Either may be used: with faults, the rest is what is right. */
export interface ReadConfig extends PhiscanConfig {
  /** In the order of the text. */
  readonly faults: readonly ConfigFault[];
}

interface ReadKeys {
  readonly placed: readonly PlacedDetector[];
  readonly settings: FileSettings;
}

const NOTHING: ReadKeys = { placed: [], settings: noFileSettings };

/** Never throws. Examples are run only where all else is right. `formats`: of reports, that outputs may have. */
export function readConfig(text: string, formats: readonly string[] = []): ReadConfig {
  const faults: { readonly at: number; readonly what: string; readonly todo: string }[] = [];
  const complain: Complain = (at, what, todo) => {
    faults.push({ at, what, todo });
  };
  const { placed, settings } =
    text.length > limits.configCharacters ? tooLong(complain) : readDocument(text, formats, complain);
  if (faults.length === 0) runExamples(placed, complain);
  return {
    customDetectors: placed.map(({ custom }) => custom),
    detectorsAt: placed.map(({ at }) => at),
    settings,
    lineOf: (at) => lineAndColumn(text, at).line,
    faults: faults
      .sort((a, b) => a.at - b.at)
      .map(({ at, what, todo }) => ({ ...lineAndColumn(text, at), what, todo })),
  };
}

function tooLong(complain: Complain): ReadKeys {
  complain(0, `the file is longer than ${limits.configCharacters} characters`, 'Shorten its examples');
  return NOTHING;
}

function readDocument(text: string, formats: readonly string[], complain: Complain): ReadKeys {
  const { documents, faults } = parseYaml(text);
  for (const { code, at } of faults)
    complain(at, `not YAML: ${code}`, 'Mend the indentation, the quotes or the brackets');
  if (documents.length > 1)
    complain(documents[1]?.start ?? 0, 'a second document', 'Put everything above the line ---');
  const [root] = documents;
  if (faults.length > 0 || root === undefined) return NOTHING;
  if (root.kind !== 'mapping') {
    complain(root.start, 'the file has no keys', 'Begin it with "detectors:"');
    return NOTHING;
  }
  const fields = new Fields(root, ['detectors', ...SETTING_KEYS], complain);
  const placed = readDetectors(fields, complain);
  const ids = placed.map(({ custom }) => custom.id);
  return { placed, settings: readSettings(fields, ids, formats, complain) };
}

function readDetectors(fields: Fields, complain: Complain): readonly PlacedDetector[] {
  const nodes = fields.list('detectors');
  if (nodes.length > limits.customDetectors) {
    complain(nodes[0]?.start ?? 0, `more than ${limits.customDetectors} detectors`, 'Put their labels together');
    return [];
  }
  const taken = new Set(['patient-record', ...builtIn.map(({ id }) => id)]);
  return nodes.map((node) => readDetector(node, taken, complain)).filter((placed) => placed !== undefined);
}

function runExamples(placed: readonly PlacedDetector[], complain: Complain): void {
  if (placed.length === 0) return;
  const detectors = placed.map(({ custom }) => detectorOf(custom));
  const engine = new Engine([...detectors, ...builtIn]);
  for (const [index, detector] of detectors.entries()) {
    const { examplesAt = [], counterExamplesAt = [], at = 0 } = placed[index] ?? {};
    for (const failure of failedExamples(engine, detector)) {
      const place = (failure.kind === 'example' ? examplesAt : counterExamplesAt)[failure.index] ?? at;
      if (failure.kind === 'counter-example') {
        complain(
          place,
          `a counter-example of ${detector.id} is found`,
          'Narrow the shape or the labels, or name a word under not',
        );
      } else if (failure.got === 'nothing') {
        complain(
          place,
          `an example of ${detector.id} is not found`,
          'Compare it with the labels, the shape and the check',
        );
      } else {
        complain(
          place,
          `an example of ${detector.id} is ${failure.got}, not ${failure.wanted}`,
          'Mend its outcome or its digits',
        );
      }
    }
  }
}

function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
