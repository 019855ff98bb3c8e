import { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import Ajv from 'ajv/dist/2020.js';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { startFakeEcr, type FakeEcr } from '../support/fake-ecr.ts';
import { buildImage, type ImageSpec } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import { motoMissing, startMoto, type Moto } from '../support/moto.ts';
import { patient } from '../support/patients.ts';
import { registryMissing } from '../support/registry-server.ts';
import { phiscan } from '../support/scans.ts';

const skipped = motoMissing() ?? registryMissing();
const one = patient(911);
const two = patient(912);
const layer = (name: string, content: string): ImageSpec['layers'][number] => ({ entries: [{ path: name, content }] });
const base = layer('usr/share/base.txt', 'nothing\n');
const seed = layer(
  'srv/seed.csv',
  `name,ssn,mrn\n${one.name},${one.ssn},${one.mrn}\n${two.name},${two.ssn},${two.mrn}\n`,
);
const schema = (name: string): ReturnType<InstanceType<typeof Ajv.default>['compile']> => {
  const file = join(import.meta.dirname, `../../docs/${name}.schema.json`);
  return new Ajv.default({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  );
};

describe.skipIf(skipped !== undefined)(`phiscan sweep ecr${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let ecr: FakeEcr;
  let hub: Moto;
  let folder = '';
  let seeded = '';
  let archived = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-sweep-ecr-'));
    [ecr, hub] = await Promise.all([startFakeEcr(), startMoto()]);
    const push = async (to: string, ...layers: ImageSpec['layers']): Promise<string> =>
      ecr.push(ociLayout([await buildImage({ layers, names: [to] })]), to, [
        { Key: 'contact', Value: `mrn ${one.mrn}` },
      ]);
    await push('team/clean:1', base);
    seeded = await push('team/seeded:1', base, seed);
    await push('other/seeded:7', base, seed);
    archived = await push('team/old:1', base, layer('etc/old', 'old\n'));
    ecr.archived.add(archived);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([ecr.stop(), hub.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const sweep = (args: readonly string[], stdin?: string): ReturnType<typeof phiscan> => {
    const env = {
      ...ecr.aws.env,
      AWS_ENDPOINT_URL_SECURITYHUB: hub.endpoint,
      PHISCAN_CACHE_DIR: join(folder, 'cache'),
    };
    return phiscan(['sweep', 'ecr', ...args], { env, ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin) }) });
  };

  function without(text: string): void {
    for (const value of [one.ssn, two.ssn, one.mrn, two.mrn, ecr.signature]) expect(text).not.toContain(value);
  }

  test('reads each layer once; archived images are gaps, texts are scanned, and no value comes out', async () => {
    const { code, stdout, stderr } = await sweep([
      '--format',
      'json',
      '--asff',
      join(folder, 'findings.json'),
      '--securityhub',
    ]);
    expect(code, stderr).toBe(1);
    const report = JSON.parse(stdout) as Report;
    expect(schema('report')(report)).toBe(true);
    expect(report.sweep?.totals).toMatchObject({ images: 4, layers: 2, readLayers: 2 });
    const rows = report.sweep?.rows.filter(({ digest }) => digest !== '') ?? [];
    expect(rows.map(({ repository, outcome }) => `${repository} ${outcome}`)).toEqual([
      'other/seeded findings',
      'team/clean clean',
      'team/old incomplete',
      'team/seeded findings',
    ]);
    expect(rows.every(({ account, region }) => account === '123456789012' && region === 'us-east-1')).toBe(true);
    expect(report.coverage.gaps.map(({ reason }) => reason)).toEqual(['archived']);
    expect(report.findings.some(({ location }) => location.kind === 'ecr')).toBe(true);
    without(stdout + stderr);
    expect(stderr).toMatch(/Security Hub of 123456789012 us-east-1: \d+ findings imported\n/);
  }, 60_000);

  test('its findings are those of Security Hub, each with its counts, and none with a value', async () => {
    const text = readFileSync(join(folder, 'findings.json'), 'utf8');
    without(text);
    const findings = JSON.parse(text) as { Id: string; Resources: { Type: string; DataClassification: unknown }[] }[];
    expect(findings.length).toBeGreaterThan(2);
    expect(new Set(findings.map(({ Id }) => Id)).size).toBe(findings.length);
    const image = findings.find(({ Id }) => Id.includes(`team/seeded/${seeded}`));
    expect(image?.Resources[0]).toMatchObject({
      Type: 'AwsEcrContainerImage',
      Details: {
        AwsEcrContainerImage: { RegistryId: '123456789012', RepositoryName: 'team/seeded', ImageTags: ['1'] },
      },
      DataClassification: { Result: { Status: { Code: 'COMPLETE' }, SensitiveData: [{ TotalCount: 2 }] } },
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new SecurityHubClient({ endpoint: hub.endpoint, region: 'us-east-1', credentials });
    const { Findings: kept = [] } = await client.send(new GetFindingsCommand({ MaxResults: 100 }));
    client.destroy();
    expect(kept.map(({ Id }) => Id).sort()).toEqual(findings.map(({ Id }) => Id).sort());
    without(JSON.stringify(kept));
  });

  test('is swept again without a layer or a manifest', async () => {
    const since = ecr.aws.calls.length;
    const layers = ecr.layerAnswers.length;
    const { stdout } = await sweep(['--format', 'jsonl']);
    const asked = ecr.aws.calls.slice(since).map(({ operation }) => operation);
    expect(asked.filter((name) => /BatchGetImage|GetDownloadUrlForLayer/.test(name))).toEqual([]);
    expect(ecr.layerAnswers.length).toBe(layers);
    const valid = schema('sweep-line');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    for (const line of lines) expect(valid(line), JSON.stringify(valid.errors)).toBe(true);
    expect(lines.at(-1)).toMatchObject({ summary: { outcomes: { clean: 1, findings: 2, incomplete: 1 } } });
    without(stdout);
  });

  test('a plan is printed as a table, as a document and as jobs for a queue', async () => {
    const valid = schema('sweep-plan');
    const args = ['--dry-run', '--no-ledger'];
    const plan = JSON.parse((await sweep([...args, '--format', 'json'])).stdout) as object;
    expect(valid(plan), JSON.stringify(valid.errors)).toBe(true);
    expect(plan).toMatchObject({ plans: [{ total: { layers: 2 }, jobs: [{}, {}] }] });
    const lines = (await sweep([...args, '--format', 'jsonl'])).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(valid(JSON.parse(line)), JSON.stringify(valid.errors)).toBe(true);
    const table = (await sweep(args)).stdout;
    expect(table).toContain('123456789012  us-east-1  123456789012.dkr.ecr.us-east-1');
    expect(table).toContain('to read: 2 layers');
  });

  test('as a table it has 80 columns, and tells a finding of a shared layer once', async () => {
    const { stdout } = await sweep([]);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout.match(/srv\/seed\.csv/g)).toHaveLength(1);
    expect(stdout).toContain('in 2 images');
    expect(stdout).toContain('swept 4 images');
    expect(stdout).toMatch(/archived/);
    without(stdout);
  });

  test('events of pushes scan what was pushed; others are skipped, and broken lines lose none', async () => {
    const event = (detail: object, type = 'ECR Image Action'): string =>
      JSON.stringify({
        version: '0',
        id: 'e',
        source: 'aws.ecr',
        'detail-type': type,
        account: '123456789012',
        region: 'us-east-1',
        time: '2026-11-22T08:00:00Z',
        resources: [],
        detail,
      });
    const push = {
      result: 'SUCCESS',
      'action-type': 'PUSH',
      'repository-name': 'team/seeded',
      'image-digest': seeded,
      'image-tag': '1',
    };
    const lines = [
      '{"broken',
      event({ ...push, 'action-type': 'DELETE' }),
      event(push),
      event({}, 'ECR Image Scan'),
      event({ ...push, 'image-digest': `sha256:${'0'.repeat(64)}` }),
      event(push),
    ];
    const { code, stdout, stderr } = await sweep(['--events', '-', '--format', 'jsonl'], `${lines.join('\n')}\n`);
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('3 pushes, 2 other events skipped');
    const told = stdout
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            place?: { repository: string; digest: string };
            outcome?: string;
            gaps?: { reason: string }[];
          },
      );
    const images = told.filter(({ place }) => place !== undefined && place.digest !== '');
    expect(images.map(({ place, outcome }) => [place?.repository, outcome])).toEqual([
      ['team/seeded', 'findings'],
      ['team/seeded', 'incomplete'],
      ['team/seeded', 'findings'],
    ]);
    expect(told[0]?.gaps?.map(({ reason }) => reason)).toEqual(['corrupt']);
    without(stdout + stderr);
  }, 60_000);

  test('an event of another account is told, and does not stop the others', async () => {
    const detail = {
      result: 'SUCCESS',
      'action-type': 'PUSH',
      'repository-name': 'team/seeded',
      'image-digest': seeded,
    };
    const event = {
      id: 'e',
      source: 'aws.ecr',
      'detail-type': 'ECR Image Action',
      account: '999999999999',
      region: 'us-east-1',
      detail,
    };
    const { code, stderr } = await sweep(['--events', '-', '--format', 'jsonl'], `${JSON.stringify(event)}\n`);
    expect(code).toBe(2);
    expect(stderr).toContain('--role-arn');
  });

  test.each([
    ['a role', ['--role-arn', 'arn:aws:iam::123:role/x']],
    ['a repository', ['--repository', '../x']],
    ['a size', ['--max-bytes', 'much']],
    ['a deadline that has passed', ['--deadline', '2020-01-01T00:00:00Z']],
    ['a format', ['--format', 'xml']],
    ['a source of events', ['--events', 'queue']],
  ])('%s that is none is a wrong use', async (_what, args) => {
    expect((await sweep(args)).code).toBe(2);
  });
});
