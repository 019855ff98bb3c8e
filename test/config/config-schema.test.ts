import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { detectors } from '../../detectors/index.ts';
import { limitRows } from '../../src/config/limit-keys.ts';
import { readConfig } from '../../src/config/phiscan-yaml.ts';
import { identifiers } from '../../src/config/safe-harbor.ts';
import { configTemplate } from '../../src/config/template.ts';
import { checkNames } from '../../src/detect/named-checks.ts';
import { SEVERITIES } from '../../src/finding.ts';
import { FORMATS } from '../../src/report/format.ts';

const root = join(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'docs/phiscan.schema.json'), 'utf8')) as object;
const { configSchema } = (await import(join(root, 'scripts/config-schema.js'))) as {
  readonly configSchema: (known: object) => object;
};
const isValid = new Ajv({ allowUnionTypes: true }).compile(schema);

const detector = `
  - id: kelp-mrn
    title: Kelp Valley medical record number
    identifier: mrn
    labels: { strong: [kelp chart] }
    shape: 'KV-[0-9]{8}'
    examples: ['Kelp chart: KV-${'0'.repeat(8)}']
`;

it('docs/phiscan.schema.json is what npm run docs writes', () => {
  const ids = detectors.map(({ id }) => id);
  const known = {
    identifiers,
    detectors: ids,
    checks: checkNames,
    formats: FORMATS,
    severities: SEVERITIES,
    limits: limitRows,
  };
  expect(schema).toEqual(configSchema(known));
});

describe('what the reader takes, an editor takes', () => {
  it.each([
    ['nothing', ''],
    ['no keys', '{}'],
    ['a threshold', 'fail-on: none'],
    ['a confidence', 'min-confidence: 0.85'],
    ['a whole confidence', 'min-confidence: 1'],
    ['gaps', 'allow-incomplete: true'],
    ['severities', 'severities: { mrn: info, patient-record: high, date: low, npi: medium }'],
    ['a severity of an own detector', `severities: { kelp-mrn: info }\ndetectors:${detector}`],
    ['no paths', 'paths: {}'],
    ['paths', "paths: { exclude: ['*.log', a/**], accept: [{ path: 'a/*.jar!b', reason: invented }] }"],
    ['a path that is a number', 'paths: { exclude: [2024] }'],
    ['limits', 'limits: { nested-depth: 0, nested-entries: 5, nested-bytes: 8GiB, nested-ratio: 9, nested-time: 90s }'],
    ['sizes as numbers', 'limits: { held-bytes: 1048576, pdf-bytes: 0.5MB }'],
    ['a size in quotes', "limits: { held-bytes: '1048576' }"],
    ['platforms', 'platforms: [linux/amd64, linux/arm64/v8]'],
    ['outputs', "outputs: [{ format: json, file: a.json }, { format: table, file: '-' }]"],
    ['a baseline', 'baseline: ci/accepted.yaml'],
    ['a detector', `detectors:${detector}`],
    [
      'a detector with more',
      `detectors:${detector}    severity: { labelled: high }\n    direct: false\n    check: number\n`,
    ],
    ['no detectors', 'detectors: []'],
  ])('%s', (_reason, text) => {
    expect(readConfig(text, FORMATS).faults).toEqual([]);
    expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true);
  });
});

describe('what the reader refuses, an editor marks', () => {
  it.each([
    ['a list', '- a', '1:1 the file has no keys'],
    ['a key that there is not', 'fail_on: high', '1:1 unknown key. Did you mean fail-on?'],
    ['an unlike one', 'colour: red', '1:1 unknown key. Use one of: detectors, severities, fail-on'],
    ['a threshold', 'fail-on: severe', '1:10 fail-on is none of its values. Give one of: critical, high'],
    ['no threshold', 'fail-on:', '1:1 fail-on is no text'],
    ['a confidence', 'min-confidence: 80', '1:17 min-confidence is not between 0 and 1'],
    ['a confidence in quotes', "min-confidence: '0.8'", '1:17 min-confidence is no number'],
    ['gaps', 'allow-incomplete: maybe', '1:19 allow-incomplete is neither true nor false'],
    ['a severity', 'severities: { mrn: none }', '1:20 mrn is none of its values'],
    ['severities that are a list', 'severities: [mrn]', '1:13 severities has no keys'],
    ['paths as a list', 'paths: [a]', '1:8 paths has no keys'],
    ['a key of paths', 'paths: { ignore: [a] }', '1:10 unknown key. Use one of: exclude, accept'],
    ['one path', 'paths: { exclude: a }', '1:19 exclude is no list'],
    ['an empty path', "paths: { exclude: [''] }", '1:20 an element of exclude is no text'],
    ['no reason', 'paths: { accept: [{ path: a }] }', '1:19 no reason. Say why'],
    ['no keys of a path', 'paths: { accept: [a/**] }', '1:19 an element has no keys'],
    ['a depth', 'limits: { nested-depth: 65 }', '1:25 nested-depth is out of bounds. Give a whole number from 0 to 64'],
    ['half a depth', 'limits: { nested-depth: 1.5 }', '1:25 nested-depth is out of bounds'],
    ['a depth in quotes', "limits: { nested-depth: '8' }", '1:25 nested-depth is no number'],
    ['a size', 'limits: { nested-bytes: 8 gigs }', '1:25 nested-bytes is out of bounds. Give a size up to 1TiB'],
    ['no size', 'limits: { held-bytes: 0 }', '1:23 held-bytes is out of bounds'],
    ['a time without its unit', 'limits: { nested-time: 60 }', '1:24 nested-time is out of bounds'],
    ['no time', 'limits: { nested-time: 0s }', '1:24 nested-time is out of bounds'],
    ['a limit that there is not', 'limits: { depth: 3 }', '1:11 unknown key'],
    ['a platform', 'platforms: [arm64]', '1:13 an element of platforms is no platform. Give OS/ARCH'],
    ['one platform', 'platforms: linux/amd64', '1:12 platforms is no list'],
    ['a format', 'outputs: [{ format: pdf, file: a }]', '1:21 format is none of its values. Give one of: table'],
    ['no format', 'outputs: [{ file: a }]', '1:11 no format. Give one of: table'],
    ['no file', 'outputs: [{ format: json }]', '1:11 no file'],
    ['a baseline', 'baseline: [a]', '1:11 baseline is a list'],
    ['a detector', `detectors:${detector}    severity: critical\n`, '8:15 no such severity'],
    ['a detector without a shape', `detectors:${detector.replace(/ {4}shape.*\n/, '')}`, '2:5 no shape'],
  ])('%s', (_reason, text, fault) => {
    const [first] = readConfig(text, FORMATS).faults.map(
      ({ line, column, what, todo }) => `${line}:${column} ${what}. ${todo}`,
    );
    expect(first).toContain(fault);
    expect(isValid(parse(text))).toBe(false);
  });
});

describe('what only the reader can know', () => {
  it.each([
    ['a glob', 'paths: { exclude: ["[a"] }', '1:20 an element of exclude is no glob. Write it as in'],
    ['whose severity it is', 'severities: { mrm: low }', '1:15 unknown key. Did you mean mrn?'],
    [
      'a size beyond memory',
      'limits: { held-bytes: 3GiB }',
      '1:23 held-bytes is out of bounds. Give a size up to 2GiB',
    ],
    ['a key twice', 'fail-on: low\nfail-on: high', '2:1 fail-on is given twice'],
  ])('%s', (_reason, text, fault) => {
    const [first] = readConfig(text, FORMATS).faults.map(
      ({ line, column, what, todo }) => `${line}:${column} ${what}. ${todo}`,
    );
    expect(first).toContain(fault);
  });
});

it('no fault repeats what stands in the file', () => {
  const value = ['531', '22', '4896'].join('-');
  const texts = [
    `${value}: 1`,
    `fail-on: ${value}`,
    `severities: { "${value}": low, mrn: "${value}" }`,
    `paths: { exclude: ["[${value}"], accept: [{ path: "[${value}", reason: "${value}" }, "${value}"] }`,
    `limits: { nested-bytes: "${value}", "${value}": 1 }`,
    `platforms: ["${value}"]`,
    `outputs: [{ format: "${value}", file: a }]`,
  ];
  for (const text of texts) {
    const { faults } = readConfig(text, FORMATS);
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults)).not.toContain(value.slice(4));
  }
});

describe('what phiscan init writes', () => {
  const template = configTemplate('./node_modules/phiscan/docs/phiscan.schema.json');
  const uncommented = template.replace(/^#(?=\S| {2})/gm, '');
  /** Each key of the file with what is below it. */
  const blocks = uncommented.split(/\n(?=[a-z])/).slice(1);

  it('is right as it stands, and sets nothing', () => {
    expect(readConfig(template, FORMATS).faults).toEqual([]);
    expect(parse(template)).toBeNull();
  });

  it('has every setting and every limit', () => {
    const { properties } = schema as { readonly properties: { readonly limits: { readonly properties: object } } };
    const settings = parse(uncommented) as { readonly limits: object };
    expect(Object.keys(settings).sort()).toEqual(Object.keys(properties).sort());
    expect(Object.keys(settings.limits)).toEqual(Object.keys(properties.limits.properties));
  });

  it.each([['all of it', uncommented], ...blocks.map((block) => [/^[a-z-]+/.exec(block)?.[0] ?? '', block])])(
    'is right without its #: %s',
    (_key, text) => {
      expect(readConfig(text, FORMATS).faults).toEqual([]);
      expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    },
  );

  it('shows the defaults', () => {
    const { settings } = readConfig(uncommented, FORMATS);
    const values = Object.entries(settings.limits).map(([name, { value }]) => [name, value]);
    expect(Object.fromEntries(values)).toEqual(
      Object.fromEntries(limitRows.map(({ name }) => [name, settings.limits[name]?.value])),
    );
    expect([settings.failOn?.value, settings.minConfidence?.value, settings.allowIncomplete?.value]).toEqual([
      'medium',
      0.5,
      false,
    ]);
  });
});
