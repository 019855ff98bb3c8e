import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings, type SettingsRequest } from '../../src/cli/config/settings.ts';
import { adjustableLimits } from '../../src/adjustable-limits.ts';

const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'phiscan-settings-')));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
beforeEach(() => {
  const own = join(folder, `run-${count++}`);
  mkdirSync(own);
  process.chdir(own);
});

describe('a value', () => {
  const yaml =
    'fail-on: low\nmin-confidence: 0.1\nallow-incomplete: true\nplatforms: [linux/s390x]\nbaseline: of-file.yaml\n';
  const env = {
    PHISCAN_FAIL_ON: 'high',
    PHISCAN_MIN_CONFIDENCE: '0.2',
    PHISCAN_ALLOW_INCOMPLETE: 'no',
    PHISCAN_PLATFORM: 'linux/amd64, linux/arm64',
    PHISCAN_BASELINE: 'of-environment.yaml',
  };
  const options: SettingsRequest = {
    failOn: 'critical',
    minConfidence: 0.3,
    allowIncomplete: true,
    platform: ['linux/arm/v7'],
    baseline: 'of-option.yaml',
  };
  const keys = ['fail-on', 'min-confidence', 'allow-incomplete', 'platforms', 'baseline'];

  it.each<[string, boolean, NodeJS.ProcessEnv, SettingsRequest, readonly unknown[], readonly string[]]>([
    ['is the default', false, {}, {}, ['medium', 0.5, false, [], undefined], keys.map(() => 'default')],
    [
      'of phiscan.yaml goes before it',
      true,
      // Set to nothing is not set.
      { PHISCAN_FAIL_ON: '', PHISCAN_PLATFORM: '' },
      {},
      ['low', 0.1, true, ['linux/s390x'], 'of-file.yaml'],
      keys.map((_, index) => `phiscan.yaml:${index + 1}`),
    ],
    [
      'of the environment goes before that',
      true,
      env,
      {},
      ['high', 0.2, false, ['linux/amd64', 'linux/arm64'], 'of-environment.yaml'],
      Object.keys(env),
    ],
    [
      'of the command line goes before all',
      true,
      env,
      options,
      ['critical', 0.3, true, ['linux/arm/v7'], 'of-option.yaml'],
      ['--fail-on', '--min-confidence', '--allow-incomplete', '--platform', '--baseline'],
    ],
  ])('%s', async (_reason, hasFile, variables, request, values, origins) => {
    if (hasFile) writeFileSync('phiscan.yaml', yaml);
    const settings = await loadSettings(request, variables);
    const { failOn, minConfidence, allowIncomplete, platforms, baseline } = settings;
    expect([failOn, minConfidence, allowIncomplete, platforms, baseline]).toEqual(values);
    expect(keys.map((key) => settings.origins.get(key))).toEqual(origins);
  });

  it('may be taken back by the command line', async () => {
    writeFileSync('phiscan.yaml', 'allow-incomplete: true\n');
    const { allowIncomplete, origins } = await loadSettings({ allowIncomplete: false }, {});
    expect([allowIncomplete, origins.get('allow-incomplete')]).toEqual([false, '--no-allow-incomplete']);
  });
});

it('each element of a list has its line, and limits that are not set are the defaults', async () => {
  writeFileSync(
    'phiscan.yaml',
    "paths:\n  exclude:\n    - '*.log'\n    - a/**\n  accept:\n    - path: b\n      reason: why\nlimits:\n  nested-depth: 2\nseverities:\n  mrn: low\n",
  );
  const settings = await loadSettings({}, {});
  expect(settings).toMatchObject({
    file: 'phiscan.yaml',
    exclude: ['*.log', 'a/**'],
    accept: [{ path: 'b', reason: 'why' }],
    limits: { ...adjustableLimits, nestedDepth: 2 },
    severities: { mrn: 'low' },
  });
  const lines = ['paths.exclude.0', 'paths.exclude.1', 'paths.accept.0', 'limits.nested-depth', 'severities.mrn'];
  expect(lines.map((key) => settings.origins.get(key))).toEqual([3, 4, 6, 9, 11].map((line) => `phiscan.yaml:${line}`));
  expect(settings.origins.get('limits.pdf-bytes')).toBe('default');
});

it('files that a phiscan.yaml names are beside it, wherever phiscan runs', async () => {
  mkdirSync('ci');
  writeFileSync(
    'ci/own.yaml',
    'baseline: accepted.yaml\noutputs: [{ format: json, file: a.json }, { format: table, file: "-" }]\n',
  );
  const settings = await loadSettings({}, { PHISCAN_CONFIG: 'ci/own.yaml' });
  expect(settings).toMatchObject({
    baseline: 'ci/accepted.yaml',
    outputs: [
      { format: 'json', file: 'ci/a.json' },
      { format: 'table', file: '-' },
    ],
  });
  // The option goes before the variable, for the file too.
  const other = loadSettings({ config: 'other.yaml' }, { PHISCAN_CONFIG: 'ci/own.yaml' });
  await expect(other).rejects.toMatchObject({ code: 'not-found' });
});

it('a baseline of the usual name is taken where it is', async () => {
  writeFileSync('phiscan-baseline.yaml', '');
  const { baseline, origins } = await loadSettings({}, {});
  expect([baseline, origins.get('baseline')]).toEqual(['phiscan-baseline.yaml', 'default']);
});

describe('a variable that is wrong', () => {
  it.each([
    ['PHISCAN_FAIL_ON', 'severe', 'one of critical, high'],
    ['PHISCAN_MIN_CONFIDENCE', '80%', 'a number from 0 to 1'],
    ['PHISCAN_ALLOW_INCOMPLETE', 'perhaps', 'true or false'],
    ['PHISCAN_PLATFORM', 'linux/amd64,arm', 'OS/ARCH'],
  ])('%s', async (name, value, todo) => {
    const message = `wrong value (${name}). Give ${todo}`;
    await expect(loadSettings({}, { [name]: value })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
    });
  });
});
