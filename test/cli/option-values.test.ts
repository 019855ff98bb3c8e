import { describe, expect, test } from 'vitest';
import {
  parseCluster,
  parseConfidence,
  parseConfig,
  parseEndpoint,
  parseFailOn,
  parseFamily,
  parsePlainFormat,
  parseInterval,
  parseJobs,
  parseMaxMessages,
  parseMaxRevisions,
  parseOneRegion,
  parseOutput,
  parsePlatform,
  parseProfile,
  parseQueueUrl,
  parseRegion,
  parseSince,
} from '../../src/cli/options/option-values.ts';
import { patient } from '../support/patients.ts';

type Parse = (text: string) => unknown;

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events';
const ARN = 'arn:aws:ecs:us-east-1:123456789012:cluster/prod';
const { ssn } = patient(61);

/** The option; then what is right, with its value where that is another one; then what is wrong. */
const options: readonly [string, Parse, readonly (readonly [string, unknown?])[], readonly string[]][] = [
  ['--format', parsePlainFormat, [['json'], ['table']], ['', 'JSON', 'xml', 'toString']],
  ['--fail-on', parseFailOn, [['none'], ['critical']], ['', 'High', 'never']],
  [
    '--min-confidence',
    parseConfidence,
    [
      ['0', 0],
      ['1', 1],
      ['0.85', 0.85],
      ['.5', 0.5],
      ['1.0', 1],
    ],
    ['', '1.1', '-0.1', '1e-1', '0x1', 'NaN', ' 0.5', '0,5', '2'],
  ],
  [
    '--jobs',
    parseJobs,
    [
      ['1', 1],
      ['256', 256],
      ['08', 8],
    ],
    ['', '0', '257', '-1', '1.5', '1e2', '0x10'],
  ],
  [
    '--platform',
    (text) => parsePlatform(text)[0],
    [['linux/amd64'], ['linux/arm64/v8'], ['windows/amd64/10.0.17763']],
    ['', 'linux', 'linux/', 'Linux/amd64', 'linux/arm64/v8/x', 'linux amd64', 'linux/amd64\n'],
  ],
  ['--output', parseOutput, [['-'], ['report.json']], ['']],
  ['--config', parseConfig, [['phiscan.yaml']], ['']],
  ['--profile', parseProfile, [['prod admin']], ['']],
  [
    '--region',
    parseOneRegion,
    [['us-east-1'], ['us-gov-west-1']],
    ['', 'us-east-1a!', 'US-EAST-1', '-1', 'r'.repeat(64)],
  ],
  [
    '--queue-url',
    parseQueueUrl,
    [[QUEUE], [`${QUEUE}.fifo`], ['http://127.0.0.1:5000/123456789012/q']],
    [
      '',
      'ecs-events',
      `${QUEUE}/`,
      'ftp://h/1/q',
      'https://me@h/1/q',
      'https://:pw@h/1/q',
      'https://h',
      `${QUEUE}%20x`,
    ],
  ],
  [
    '--endpoint-url',
    parseEndpoint,
    [['http://127.0.0.1:5000'], ['https://vpce.example/']],
    ['', '127.0.0.1:5000', 'file:///x', 'http://me:pw@h', 'http://me@h'],
  ],
  [
    '--interval',
    parseInterval,
    [
      ['10s', 10_000],
      ['90s', 90_000],
      ['20m', 1_200_000],
      ['30m', 1_800_000],
      ['1800s', 1_800_000],
    ],
    ['', '9s', '31m', '1801s', '1h', '20', '20 m', '-20m', '1.5m', '0020000s', '20M'],
  ],
  [
    '--max-messages',
    parseMaxMessages,
    [
      ['1', 1],
      ['999999999', 999_999_999],
    ],
    ['', '0', '-1', '1.5', '1e3', '1000000000'],
  ],
  [
    '--max-revisions',
    parseMaxRevisions,
    [
      ['1', 1],
      ['9999999', 9_999_999],
    ],
    ['', '0', '-1', '2.0', '10000000'],
  ],
  [
    '--since',
    parseSince,
    [
      ['2026-01-02', Date.UTC(2026, 0, 2)],
      ['2026-01-02T08:00Z', Date.UTC(2026, 0, 2, 8)],
      ['2026-01-02T08:00:00.5+02:00', Date.UTC(2026, 0, 2, 6) + 500],
    ],
    [
      '',
      '2999-01-01',
      '2026-13-01',
      '2026-02-30',
      '2025-02-29T08:00Z',
      '2026-02-30T25:00Z',
      '2026-01-02T08:00',
      '7',
      '7w',
      '-7d',
      '01/02/2026',
      'yesterday',
    ],
  ],
];

describe.each(options)('%s', (option, parse, right, wrong) => {
  test.each(right.map(([text, value = text]) => ({ text, value })))('takes $text', ({ text, value }) => {
    expect(parse(text)).toBe(value);
  });

  test.each(wrong)('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'usage' }) as Error);
    expect(() => parse(text)).toThrow(/^wrong value \((.*)\)\. (?:Did you mean \w+\? )?Give /);
    expect(() => parse(text)).toThrow(`(${option})`);
  });

  // Names of files and profiles may be anything.
  if (wrong.length === 1) return;
  test('does not repeat what slipped out of another argument', () => {
    expect(() => parse(`${ssn} `)).toThrow(`wrong value (${option}). Give `);
    expect(() => parse(`${ssn} `)).not.toThrow(ssn);
  });
});

test.each([
  ['hgih', 'high'],
  ['High', 'high'],
])('who writes --fail-on %s is asked whether they mean %s', (text, meant) => {
  expect(() => parseFailOn(text)).toThrow(`Did you mean ${meant}?`);
});

test('an age is counted back from now', () => {
  const hour = 3_600_000;
  for (const [text, age] of [
    ['36h', 36 * hour],
    ['7d', 7 * 24 * hour],
    ['0h', 0],
  ] as const) {
    expect(Math.abs(Date.now() - age - parseSince(text))).toBeLessThan(1000);
  }
});

test.each<
  [string, (text: string, before?: readonly string[]) => readonly string[], readonly string[], readonly string[]]
>([
  ['--region', parseRegion, ['us-east-1', 'eu-west-1'], ['', 'Europe']],
  ['--cluster', parseCluster, ['prod', ARN], ['', 'prod cluster', 'c'.repeat(2049)]],
  ['--family', parseFamily, ['web', 'api_v2'], ['', 'web:3', 'f'.repeat(256)]],
])('%s may be named several times, and the wrong one is refused', (option, parse, right, wrong) => {
  expect(right.reduce<readonly string[]>((before, text) => parse(text, before), [])).toEqual(right);
  for (const text of wrong) expect(() => parse(text, right)).toThrow(`wrong value (${option}). Give `);
});
