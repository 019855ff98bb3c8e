import Ajv from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { HubFinding } from '../../src/aws/securityhub/import.ts';
import type { SweptPart, SweptPlace } from '../../src/finding.ts';
import { type AsffFinding, asffFindings, renderAsff } from '../../src/report/asff.ts';
import { digestOf, finding, gap, layer, location, report, target } from '../support/reports.ts';
import { viewOf } from '../support/views.ts';
import { scenarios } from './scenarios.ts';

const NOW = '2026-11-22T10:00:00.000Z';
const place: SweptPlace = {
  registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
  account: '123456789012',
  region: 'us-east-1',
  repository: 'team/app',
  digest: digestOf('a'),
  tags: ['1.4'],
  pushedAt: '2026-11-01T00:00:00.000Z',
};
const part = (parts: Parameters<typeof report>[0], over: Partial<SweptPlace> = {}): SweptPart => {
  return { place: { ...place, ...over }, report: report(parts), remembered: false };
};

const text = (maxLength: number): object => ({ type: 'string', pattern: '\\S', maxLength });
/** Security Hub User Guide, "ASFF syntax", "Required top-level attributes": the bounds that the SDK's model does not have. */
const bounds = {
  type: 'object',
  additionalProperties: false,
  required: [
    'SchemaVersion',
    'Id',
    'ProductArn',
    'GeneratorId',
    'AwsAccountId',
    'Types',
    'CreatedAt',
    'UpdatedAt',
    'Severity',
    'Title',
    'Description',
    'Resources',
  ],
  properties: {
    SchemaVersion: { const: '2018-10-08' },
    Id: text(512),
    ProductArn: {
      type: 'string',
      pattern: '^arn:aws(-cn|-us-gov)?:securityhub:[a-z0-9-]+:\\d{12}:product/\\d{12}/default$',
    },
    ProductName: text(128),
    GeneratorId: text(512),
    AwsAccountId: { type: 'string', pattern: '^\\d{12}$' },
    Region: text(64),
    Types: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      items: { type: 'string', pattern: '^Sensitive Data Identifications/PII/[A-Za-z]+$' },
    },
    CreatedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    UpdatedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    Severity: {
      type: 'object',
      additionalProperties: false,
      properties: { Label: { enum: ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] }, Original: text(64) },
    },
    Confidence: { type: 'integer', minimum: 0, maximum: 100 },
    Title: text(256),
    Description: text(1024),
    Remediation: {
      type: 'object',
      properties: { Recommendation: { type: 'object', properties: { Text: text(512) } } },
    },
    ProductFields: { type: 'object', maxProperties: 50, propertyNames: text(128), additionalProperties: text(2048) },
    Resources: { type: 'array', minItems: 1, maxItems: 32 },
    RecordState: { enum: ['ACTIVE', 'ARCHIVED'] },
    FindingProviderFields: { type: 'object' },
  },
};
const valid = new Ajv.default({ strict: false, allErrors: true }).compile(bounds);

describe('findings in the format of Security Hub', () => {
  const long = 'srv/'.repeat(1000);
  const made = asffFindings(
    part({
      targets: [target({ reference: 'app:1.4', digest: digestOf('a') })],
      findings: [
        finding({ count: 40 }),
        finding({
          fingerprint: 'f2',
          location: location({ path: long, layer: layer(3, `RUN ${long}`), visibility: 'deleted', hiddenBy: 4 }),
        }),
        finding({
          fingerprint: 'f3',
          severity: 'critical',
          identifier: 'patient-record',
          detector: 'patient-record',
          identifiers: ['name', 'ssn'],
          count: 7,
        }),
        finding({ fingerprint: 'f4', severity: 'info' }),
      ],
    }),
    NOW,
  );

  test('are those of the SDK’s model and within its bounds', () => {
    const typed: readonly HubFinding[] = made;
    expect(typed).toHaveLength(3);
    for (const each of made) {
      expect(valid(each), JSON.stringify(valid.errors)).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThan(240_000);
    }
  });

  test('tell counts in the block of sensitive data, and what kind they are of', () => {
    expect(made[2]?.Resources[0]?.DataClassification.Result).toEqual({
      AdditionalOccurrences: false,
      Status: { Code: 'COMPLETE' },
      SensitiveData: [
        { Category: 'PERSONAL_INFORMATION', TotalCount: 7, Detections: [{ Type: 'PHI_PATIENT_RECORD', Count: 7 }] },
      ],
    });
  });

  test('have the same Id in every sweep, one for each place', () => {
    const again = asffFindings(part({ findings: [finding({ count: 41 })] }), '2026-11-23T10:00:00.000Z');
    expect(again[0]?.Id).toBe(made[0]?.Id);
    expect(again[0]?.CreatedAt).toBe(place.pushedAt);
    expect(new Set(made.map(({ Id }) => Id)).size).toBe(3);
    const twice = asffFindings(part({ findings: [finding({ count: 2 }), finding({ count: 3 })] }), NOW);
    expect(twice).toHaveLength(1);
    expect(twice[0]?.Resources[0]?.DataClassification.Result.SensitiveData[0]).toMatchObject({
      TotalCount: 5,
      Detections: [{ Count: 5 }],
    });
  });

  test('are archived while they are accepted, and active when they count again', () => {
    const baseline = { by: 'baseline', reason: 'demo', owner: 'team-data', expires: '2027-01-31' } as const;
    const [accepted] = asffFindings(part({ findings: [finding({ accepted: baseline })] }), NOW);
    const [counting] = asffFindings(part({ findings: [finding()] }), NOW);
    expect([accepted?.RecordState, counting?.RecordState]).toEqual(['ARCHIVED', 'ACTIVE']);
    expect(accepted?.Id).toBe(counting?.Id);
    expect(accepted?.ProductFields['phiscan/accepted']).toBe('baseline: demo');
    expect(valid(accepted), JSON.stringify(valid.errors)).toBe(true);
    // Of one place, values on marked lines and others.
    const marked = finding({ accepted: { by: 'inline', reason: 'manual' } });
    const both = asffFindings(part({ findings: [marked, finding()] }), NOW);
    expect(both.map(({ RecordState }) => RecordState)).toEqual(['ARCHIVED', 'ACTIVE']);
  });

  test('of an image that was not read whole say so', () => {
    const [partial] = asffFindings(part({ findings: [finding()], gaps: [gap()] }), NOW);
    expect(partial?.Resources[0]?.DataClassification.Result.Status).toEqual({
      Code: 'PARTIAL',
      Reason: 'INCOMPLETE_SCAN',
    });
  });

  test.each([
    [
      'a repository’s texts',
      { digest: '' },
      'AwsEcrRepository',
      'arn:aws:ecr:us-east-1:123456789012:repository/team/app',
    ],
    ['a registry’s texts', { digest: '', repository: '' }, 'Other', 'arn:aws:ecr:us-east-1:123456789012:registry'],
    [
      'an image of China',
      { region: 'cn-north-1' },
      'AwsEcrContainerImage',
      `arn:aws-cn:ecr:cn-north-1:123456789012:repository/team/app/${digestOf('a')}`,
    ],
  ] as const)('name %s as a resource', (_what, over, type, id) => {
    const [one] = asffFindings(part({ findings: [finding()] }, over), NOW);
    expect(one?.Resources[0]).toMatchObject({ Type: type, Id: id });
    expect(valid(one), JSON.stringify(valid.errors)).toBe(true);
  });

  test('hold nothing of a definition: no environment, no command', () => {
    const surfaced = finding({
      surface: 'environment',
      remedy: 'environment',
      location: location({ kind: 'config', pointer: 'config.Env[3]' }),
    });
    const [one] = asffFindings(part({ findings: [surfaced] }), NOW);
    const keys: string[] = [];
    JSON.stringify(one, (key, value: unknown) => {
      keys.push(key);
      return value;
    });
    expect(keys.filter((key) => /environment|command|definition/i.test(key))).toEqual([]);
  });
});

describe('a report as a file', () => {
  const read = (shown: ReturnType<typeof report>): readonly AsffFinding[] =>
    JSON.parse(renderAsff(shown, viewOf(shown))) as readonly AsffFinding[];

  test.each(Object.entries(scenarios))('%s is valid', (_name, shown) => {
    for (const each of read(shown)) expect(valid(each), JSON.stringify(valid.errors)).toBe(true);
    const told = shown.findings.filter(({ severity }) => severity !== 'info');
    expect(read(shown)).toHaveLength(told.length);
  });

  test.each<[string, string, 'file' | 'ecs', string, string, string, string]>([
    [
      'an image of ECR is of its own account and Region',
      '210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app:1.4',
      'file',
      'srv/a',
      '210987654321',
      'AwsEcrContainerImage',
      `arn:aws:ecr:eu-west-1:210987654321:repository/team/app/${digestOf('a')}`,
    ],
    ['an image that is elsewhere', 'app:1.4', 'file', 'srv/a', '123456789012', 'Other', 'app:1.4'],
    [
      'a task definition, of the Region that was asked',
      'ecs:eu-west-1',
      'ecs',
      'task-definition/web:3',
      '123456789012',
      'AwsEcsTaskDefinition',
      'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3',
    ],
    [
      'a service',
      'ecs:us-east-1',
      'ecs',
      'cluster/prod/service/web',
      '123456789012',
      'AwsEcsService',
      'arn:aws:ecs:us-east-1:123456789012:service/prod/web',
    ],
    [
      'a cluster',
      'ecs:us-east-1',
      'ecs',
      'cluster/prod',
      '123456789012',
      'AwsEcsCluster',
      'arn:aws:ecs:us-east-1:123456789012:cluster/prod',
    ],
    [
      'something else of ECS',
      'ecs:us-gov-west-1',
      'ecs',
      'cluster/prod/service/web/deployment/1',
      '123456789012',
      'Other',
      'arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/prod/service/web/deployment/1',
    ],
  ])('%s', (_reason, reference, kind, path, account, type, id) => {
    const shown = report({
      targets: [target({ reference, digest: kind === 'ecs' ? '' : digestOf('a') })],
      findings: [finding({ location: location({ kind, target: reference, path }) })],
    });
    const [made] = read(shown);
    expect(valid(made), JSON.stringify(valid.errors)).toBe(true);
    expect([made?.AwsAccountId, made?.Resources[0]?.Type, made?.Resources[0]?.Id]).toEqual([account, type, id]);
  });

  test('is none where nobody says of which account it is', () => {
    expect(() => renderAsff(report(), viewOf(report(), { aws: undefined }))).toThrow('--asff-account');
  });
});
