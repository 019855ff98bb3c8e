import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EcsScanOptions, scanEcs } from '../../../src/aws/ecs/scan-ecs.ts';
import { readConfig } from '../../../src/config/phiscan-yaml.ts';
import type { Report } from '../../../src/finding.ts';
import { openDatabase } from '../../../src/ledger/database.ts';
import { exportOf } from '../../../src/ledger/inspect.ts';
import { remoteLimits } from '../../../src/remote-limits.ts';
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
  expect(readdirSync(folder)).toEqual(['ledger.db']);
  return join(folder, 'ledger.db');
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
    vi.spyOn(Date, 'now').mockReturnValue(now + remoteLimits.revisionMs + 1000);
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
    const database = await openDatabase(ledgerFile());
    const rows = [...exportOf(database)];
    database.close();
    expect(rows.filter(({ kind }) => kind === 'revision')).toHaveLength(10);
    for (const text of [readFileSync(ledgerFile(), 'latin1'), JSON.stringify(rows)]) {
      expect(text).not.toContain(ssn);
      expect(text).not.toContain('LOG_LEVEL');
    }
    expect(JSON.stringify(rows)).toContain('task-definition/web:10');
    expect(statSync(ledgerFile()).mode & 0o777).toBe(0o600);
    described();
    await sweep();
    // The family whose name holds a value.
    expect(described()).toBe(10);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['is cut', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['is another program’s', () => Buffer.from('{"revisions":[]}\n')],
  ])('that %s is not used, with a warning', async (_, broken) => {
    const first = await sweep();
    writeFileSync(ledgerFile(), broken(readFileSync(ledgerFile())));
    described();
    expect(timeless(await sweep())).toEqual(timeless(first));
    expect(described()).toBe(30);
    expect(warnings).toEqual([expect.stringMatching(/^the ledger is not used: it is (?:damaged|no ledger)/)]);
  });

  test('that cannot be written is a warning', async () => {
    writeFileSync(join(folder, 'taken'), '');
    const { findings } = await sweep({ cacheFolder: join(folder, 'taken') });
    expect(findings.length).toBe(3);
    expect(warnings).toEqual([expect.stringMatching(/^the ledger is not used: E[A-Z]+$/)]);
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
    expect(described()).toBe(0);
    expect(warnings).toEqual([]);
    ledgerFile();
  });
});
