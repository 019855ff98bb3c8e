/** The keys of phiscan.yaml beside `detectors`. */
import { detectors as builtIn } from '../../detectors/index.ts';
import { type FailOn, SEVERITIES, type Severity } from '../finding.ts';
import type { YamlNode } from '../read/yaml-document.ts';
import { type Complain, Fields } from './fields.ts';
import { globMatcher } from './glob.ts';
import { type GivenLimits, readLimits } from './limit-keys.ts';
import type { Placed } from './placed.ts';
import { identifiers } from './safe-harbor.ts';
import type { AcceptedPath, OutputFile } from './settings.ts';

export const SETTING_KEYS: readonly string[] = [
  ...['severities', 'fail-on', 'min-confidence', 'allow-incomplete', 'paths', 'limits', 'platforms', 'outputs'],
  'baseline',
];

/** What a phiscan.yaml says; undefined and empty where it says nothing. */
export interface FileSettings {
  readonly severities: readonly Placed<{ readonly of: string; readonly severity: Severity }>[];
  readonly failOn: Placed<FailOn> | undefined;
  readonly minConfidence: Placed<number> | undefined;
  readonly allowIncomplete: Placed<boolean> | undefined;
  readonly exclude: readonly Placed<string>[];
  readonly accept: readonly Placed<AcceptedPath>[];
  readonly limits: GivenLimits;
  readonly platforms: readonly Placed<string>[];
  readonly outputs: readonly Placed<OutputFile>[];
  readonly baseline: Placed<string> | undefined;
}

export const noFileSettings: FileSettings = {
  severities: [],
  failOn: undefined,
  minConfidence: undefined,
  allowIncomplete: undefined,
  exclude: [],
  accept: [],
  limits: {},
  platforms: [],
  outputs: [],
  baseline: undefined,
};

/** `ownIds`: of the detectors in the same file. `formats`: of reports. */
export function readSettings(
  fields: Fields,
  ownIds: readonly string[],
  formats: readonly string[],
  complain: Complain,
): FileSettings {
  const paths = fields.mapping('paths');
  const pathFields = paths && new Fields(paths, ['exclude', 'accept'], complain);
  return {
    severities: readSeverities(fields, ownIds, complain),
    failOn: oneOf(fields, 'fail-on', [...SEVERITIES, 'none'] as const, complain),
    minConfidence: readConfidence(fields, complain),
    allowIncomplete: readTruth(fields, 'allow-incomplete'),
    exclude: pathFields === undefined ? [] : readExcluded(pathFields, complain),
    accept: pathFields === undefined ? [] : readAccepted(pathFields, complain),
    limits: readLimits(fields.mapping('limits'), complain),
    platforms: readPlatforms(fields, complain),
    outputs: readOutputs(fields, formats, complain),
    baseline: readFile(fields, 'baseline'),
  };
}

/** Each finding has an identifier and a detector; a record of a person has the same word for both. */
function readSeverities(fields: Fields, ownIds: readonly string[], complain: Complain): FileSettings['severities'] {
  const mapping = fields.mapping('severities');
  if (mapping === undefined) return [];
  const known = [...new Set([...identifiers, 'patient-record', ...builtIn.map(({ id }) => id), ...ownIds])];
  const wanted = `Use an identifier (${identifiers.join(', ')}, patient-record) or an id of phiscan detectors list`;
  const keys = new Fields(mapping, known, complain, wanted);
  return keys.keys().flatMap((of) => {
    const severity = oneOf(keys, of, SEVERITIES, complain);
    return severity === undefined ? [] : [{ value: { of, severity: severity.value }, at: keys.keyAt(of) }];
  });
}

function readConfidence(fields: Fields, complain: Complain): Placed<number> | undefined {
  const todo = 'Give a number from 0 to 1, for example 0.8';
  const given = fields.number('min-confidence', todo);
  if (given === undefined || (given.value >= 0 && given.value <= 1)) return given;
  complain(given.at, 'min-confidence is not between 0 and 1', todo);
  return undefined;
}

function readTruth(fields: Fields, key: string): Placed<boolean> | undefined {
  const value = fields.truth(key);
  return value === undefined ? undefined : { value, at: fields.placeOf(key) };
}

const GLOB = "Write it as in 'test/**/*.csv' or opt/app.jar!data/*.csv";

function readExcluded(paths: Fields, complain: Complain): readonly Placed<string>[] {
  return paths.texts('exclude').flatMap(({ text, at }) => {
    if (globMatcher(text) !== undefined) return [{ value: text, at }];
    complain(at, 'an element of exclude is no glob', GLOB);
    return [];
  });
}

function readAccepted(paths: Fields, complain: Complain): readonly Placed<AcceptedPath>[] {
  return paths.list('accept').flatMap((node) => {
    const parts = mappingOf(node, ['path', 'reason'], 'Begin it with "- path: test/**", and a reason', complain);
    const path = parts?.required('path', GLOB);
    const reason = parts?.required('reason', 'Say why findings there are right to be there');
    if (path === undefined || reason === undefined) return [];
    if (globMatcher(path.text) !== undefined)
      return [{ value: { path: path.text, reason: reason.text }, at: node.start }];
    complain(path.at, 'path is no glob', GLOB);
    return [];
  });
}

/** As the OCI image index writes them. */
const PLATFORM = /^[a-z0-9]{1,32}\/[a-z0-9_]{1,32}(?:\/[a-z0-9.]{1,32})?$/;

function isPlatform(text: string): boolean {
  return PLATFORM.test(text);
}

function readPlatforms(fields: Fields, complain: Complain): readonly Placed<string>[] {
  return fields.texts('platforms').flatMap(({ text, at }) => {
    if (isPlatform(text)) return [{ value: text, at }];
    complain(at, 'an element of platforms is no platform', 'Give OS/ARCH or OS/ARCH/VARIANT, as in linux/arm64');
    return [];
  });
}

function readOutputs(fields: Fields, formats: readonly string[], complain: Complain): readonly Placed<OutputFile>[] {
  return fields.list('outputs').flatMap((node) => {
    const parts = mappingOf(node, ['format', 'file'], 'Begin it with "- format: json", and a file', complain);
    if (parts === undefined) return [];
    if (!parts.has('format')) complain(parts.at, 'no format', `Give one of: ${formats.join(', ')}`);
    const format = oneOf(parts, 'format', formats, complain);
    const file = parts.required('file', 'Give the name of a file, or - for standard output');
    if (format === undefined || file === undefined) return [];
    return [{ value: { format: format.value, file: file.text }, at: node.start }];
  });
}

function readFile(fields: Fields, key: string): Placed<string> | undefined {
  const given = fields.text(key);
  return given && { value: given.text, at: given.at };
}

function mappingOf(node: YamlNode, keys: readonly string[], todo: string, complain: Complain): Fields | undefined {
  if (node.kind === 'mapping') return new Fields(node, keys, complain);
  complain(node.start, 'an element has no keys', todo);
  return undefined;
}

function oneOf<const Value extends string>(
  fields: Fields,
  key: string,
  values: readonly Value[],
  complain: Complain,
): Placed<Value> | undefined {
  const given = fields.text(key);
  if (given === undefined) return undefined;
  const value = values.find((each) => each === given.text);
  if (value !== undefined) return { value, at: given.at };
  complain(given.at, `${key} is none of its values`, `Give one of: ${values.join(', ')}`);
  return undefined;
}
