import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, type ScalarTag } from 'yaml';
import { missing } from '../support/programs.ts';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'deploy/cloudformation/scheduled-sweep.yaml');
// moto brings it.
const skipped = missing('cfn-lint');

type Json = Readonly<Record<string, unknown>>;
interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** `!Ref X` as `{ Ref: X }`: what a template says, without what CloudFormation makes of it. */
const tags = ['Ref', 'Sub', 'GetAtt', 'If', 'Select', 'Equals'].flatMap((name): ScalarTag[] => [
  { tag: `!${name}`, resolve: (text: string) => ({ [name]: text }) },
  { tag: `!${name}`, collection: 'seq', resolve: (list: unknown) => ({ [name]: list }) } as unknown as ScalarTag,
]);
const template = parse(readFileSync(file, 'utf8'), { customTags: tags }) as {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Json }>>;
};
const text = JSON.stringify(template);

function policy(name: string): readonly Statement[] {
  const { Statement: statements } = JSON.parse(readFileSync(join(root, 'deploy/iam', name), 'utf8')) as {
    Statement: readonly Statement[];
  };
  return statements;
}

describe('the template of a scheduled sweep', () => {
  test.skipIf(skipped !== undefined)(`passes cfn-lint${skipped === undefined ? '' : ` (${skipped})`}`, () => {
    // W3037: its list of actions is older than ecr:ListImageReferrers.
    const { status, stdout } = spawnSync('cfn-lint', ['--ignore-checks', 'W3037', '--', file], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test('gives the task what deploy/iam gives a sweep, and nothing more', () => {
    const source = readFileSync(file, 'utf8');
    const role = source.slice(source.indexOf('  TaskRole:'), source.indexOf('  ExecutionRole:'));
    const granted = [...role.matchAll(/^ +- ((?:ecr|ecr-public|securityhub):\w+)$/gm)].map(([, action]) => action);
    const meant = [...policy('sweep.json'), ...policy('securityhub.json')].flatMap(({ Sid, Action }) =>
      Sid === 'TakeRolesInOtherAccounts' ? [] : [Action].flat(),
    );
    expect(granted.sort()).toEqual([...meant].sort());
    const others = [...role.matchAll(/\b([a-z-]+:[A-Z]\w+)/g)]
      .map(([, action]) => action)
      .filter((action) => !meant.includes(action ?? ''));
    expect(new Set(others)).toEqual(
      new Set(
        [
          'sts:AssumeRole',
          'aws:SourceAccount',
          'aws:SourceArn',
          'elasticfilesystem:ClientMount',
          'elasticfilesystem:ClientWrite',
          'elasticfilesystem:AccessPointArn',
        ].filter((name) => /:[A-Z]/.test(name)),
      ),
    );
  });

  test('runs without root, on a root file system that is read-only, in a log that is encrypted and ends', () => {
    const [container] = template.Resources['Task']?.Properties['ContainerDefinitions'] as readonly Json[];
    expect(container).toMatchObject({ User: '65532:65532', ReadonlyRootFilesystem: true, StopTimeout: 120 });
    expect(template.Resources['LogGroup']?.Properties).toMatchObject({
      RetentionInDays: { Ref: 'LogDays' },
      KmsKeyId: { GetAtt: 'Key.Arn' },
    });
    expect(template.Resources['Ledger']?.Properties).toMatchObject({ Encrypted: true });
    expect(text).not.toMatch(/"Effect":"Allow"[^}]*"Action":"\*"/);
  });

  test('uses the user and the folder of the Dockerfile, and options that there are', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('USER 65532:65532');
    expect(dockerfile).toContain('PHISCAN_CACHE_DIR=/var/lib/phiscan');
    const [container] = template.Resources['Task']?.Properties['ContainerDefinitions'] as readonly {
      Command: unknown[];
    }[];
    const options =
      container?.Command.flatMap((word) => (typeof word === 'string' && word.startsWith('--') ? [word] : [])) ?? [];
    const { stdout } = spawnSync(process.execPath, [join(root, 'dist/src/cli/main.js'), 'sweep', 'ecr', '--help'], {
      encoding: 'utf8',
    });
    expect(options.length).toBeGreaterThan(3);
    for (const option of options) expect(stdout).toContain(option);
  });
});
