import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EcsScanOptions, scanEcs } from '../../../src/aws/ecs/scan-ecs.ts';
import { readConfig } from '../../../src/config/phiscan-yaml.ts';
import type { Report } from '../../../src/finding.ts';
import { limits } from '../../../src/limits.ts';
import { startFakeAws, type AwsAnswers, type FakeAws } from '../../support/fake-aws.ts';
import { patient } from '../../support/patients.ts';
import { account, budgetsOf, familiesOf } from './account.ts';

const { ssn } = patient(43);
const definitions = (families: readonly string[], count: number): AwsAnswers => familiesOf(families, count, ssn);
let aws: FakeAws;
let folder: string;
let warnings: string[];

beforeEach(async () => {
  aws = await startFakeAws({ ...account, ...definitions(['web'], 30) });
  folder = mkdtempSync(join(tmpdir(), 'phiscan-ledger-'));
  warnings = [];
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

function sweep(options: Partial<EcsScanOptions> = {}): Promise<Report> {
  const scope = { clusters: [], families: [], maxRevisions: undefined, since: undefined };
  const budgets = budgetsOf({ burst: 1000, perSecond: 1000 });
  return scanEcs({
    ...scope,
    minConfidence: 0.5,
    budgets,
    cacheFolder: folder,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
}

/** How many revisions were asked for since the last time. */
function described(): number {
  const count = aws.calls.filter(({ operation }) => operation === 'DescribeTaskDefinition').length;
  const since = count - told;
  told = count;
  return since;
}
let told = 0;
beforeEach(() => {
  told = 0;
});

function ledgerFile(): string {
  const [name = '', ...others] = readdirSync(join(folder, 'ecs'));
  expect(others).toEqual([]);
  return join(folder, 'ecs', name);
}

function timeless({ summary, ...report }: Report): object {
  return { ...report, summary: { ...summary, durationMs: 0 } };
}

describe('a revision that was read', () => {
  test('is not asked for again, and the report is the same', async () => {
    const first = await sweep();
    expect(described()).toBe(30);
    const second = await sweep();
    expect(described()).toBe(0);
    expect(first.findings.length).toBe(3);
    expect(timeless(second)).toEqual(timeless(first));
    expect(warnings).toEqual([]);
  });

  test('is asked for when it is new', async () => {
    await sweep();
    aws.answer(definitions(['web'], 32));
    described();
    const { findings } = await sweep();
    expect(described()).toBe(2);
    expect(findings.length).toBe(3);
  });

  test('is left out where it is older than --since, without being asked for', async () => {
    await sweep();
    described();
    const { findings } = await sweep({ since: Date.UTC(2026, 5, 1) });
    expect(described()).toBe(0);
    expect(findings).toEqual([]);
  });

  test('is asked for again after a week, since its tags may have changed', async () => {
    await sweep();
    described();
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + limits.ledgerMs + 1000);
    await sweep();
    expect(described()).toBe(30);
  });

  test('is asked for again with other detectors', async () => {
    await sweep();
    described();
    const yaml = [
      'detectors:',
      '  - id: study-key',
      '    title: Key of a study',
      '    identifier: other-id',
      '    labels: { strong: [study key] }',
      "    shape: 'SK[0-9]{6}'",
      "    examples: ['study key: SK000000']",
    ];
    const { customDetectors } = readConfig(yaml.join('\n'));
    expect(customDetectors).toHaveLength(1);
    await sweep({ customDetectors });
    expect(described()).toBe(30);
  });

  test('is asked for again without a cache folder, and nothing is written', async () => {
    await sweep({ cacheFolder: undefined });
    await sweep({ cacheFolder: undefined });
    expect(described()).toBe(60);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the file', () => {
  test('holds no value, and no name that holds one', async () => {
    aws.answer(definitions(['web', `patient-ssn-${ssn}`], 10));
    await sweep();
    const text = readFileSync(ledgerFile(), 'utf8');
    expect(text).toContain('task-definition/web:10');
    expect(text).not.toContain(ssn);
    expect(text).not.toContain('LOG_LEVEL');
    expect(statSync(ledgerFile()).mode & 0o777).toBe(0o600);
    described();
    await sweep();
    // The family whose name holds a value.
    expect(described()).toBe(10);
  });

  test.each([
    ['is cut', (text: string) => text.slice(0, -200)],
    ['is changed', (text: string) => text.replace('"bytes":', '"bytes" :')],
    ['is another program’s', () => '{"revisions":[]}\n'],
    ['is empty', () => ''],
  ])('that %s is not used, with a warning, and is written anew', async (_, broken) => {
    const first = await sweep();
    writeFileSync(ledgerFile(), broken(readFileSync(ledgerFile(), 'utf8')));
    described();
    expect(timeless(await sweep())).toEqual(timeless(first));
    expect(described()).toBe(30);
    expect(new Set(warnings)).toEqual(new Set(['what was remembered is broken: all is asked again']));
    await sweep();
    expect(described()).toBe(0);
  });

  test('that cannot be written is a warning', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const { findings } = await sweep({ cacheFolder: join(folder, 'taken') });
    expect(findings.length).toBe(3);
    expect(warnings.at(-1)).toBe('what was read could not be remembered (Error ENOTDIR)');
  });

  test('of two at once keeps what both have read', async () => {
    aws.answer(definitions(['web', 'worker'], 20));
    const families: AwsAnswers = {
      ListTaskDefinitions: (call) => {
        const of = definitions([call.input['familyPrefix'] === 'worker' ? 'worker' : 'web'], 20)['ListTaskDefinitions'];
        return of?.(call);
      },
    };
    aws.answer(families);
    await Promise.all([sweep({ families: ['web'] }), sweep({ families: ['worker'] })]);
    described();
    await sweep({ families: ['web', 'worker'] });
    // Whoever writes last has read what the other wrote, unless both read first: then one of them is asked again.
    expect(described()).toBeLessThanOrEqual(20);
    expect(warnings).toEqual([]);
    expect(readdirSync(join(folder, 'ecs'))).toHaveLength(1);
  });

  test('of another version goes when nothing in it is fresh', async () => {
    mkdirSync(join(folder, 'ecs'));
    const old = join(folder, 'ecs', `us-east-1-${'0'.repeat(16)}.json`);
    const others = join(folder, 'ecs', 'notes.json');
    for (const file of [old, others]) {
      writeFileSync(file, 'x');
      utimesSync(file, 1000, 1000);
    }
    await sweep();
    expect(readdirSync(join(folder, 'ecs'))).not.toContain(`us-east-1-${'0'.repeat(16)}.json`);
    expect(readdirSync(join(folder, 'ecs'))).toContain('notes.json');
  });
});
