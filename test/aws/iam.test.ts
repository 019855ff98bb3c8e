import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'deploy/iam');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface Policy {
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow' | 'Deny';
    readonly Action: readonly string[];
    readonly Resource: string;
  }[];
}

function policy(file: string): Policy {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Policy;
}

/** Those that the policy allows, or denies, each once. */
function actions(file: string, effect: 'Allow' | 'Deny' = 'Allow'): readonly string[] {
  const named = policy(file).Statement.filter(({ Effect }) => Effect === effect);
  return [...new Set(named.flatMap(({ Action }) => Action))].sort();
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'src', name), 'utf8') }));

/** `ListTasksCommand` and `paginateListTasks` of the SDK's ECS client need `ecs:ListTasks`; the IAM actions of both services
 * are called after their operations. */
function actionsInCode(): readonly string[] {
  const imported = sources.flatMap(({ text }) =>
    [...text.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([a-z-]+)'/g)].flatMap(
      ([, names = '', service]) =>
        [...names.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)].map(
          ([, command, paginated]) => `${service ?? ''}:${command ?? paginated ?? ''}`,
        ),
    ),
  );
  return [...new Set(imported)].sort();
}

/** Not called by phiscan, but by SQS for whoever receives from an encrypted queue. */
const BY_SERVICES = ['kms:Decrypt'];
/** Everybody may ask who he is. */
const WITHOUT_PERMISSION = ['sts:GetCallerIdentity'];
/** What would change a registry that is only to be read: imports from upstream, repositories made by pulling, images. */
const CHANGING = ['ecr:BatchDeleteImage', 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:PutImage'];

/** Operations that a file asks for by name. */
function operationsIn(name: string): readonly string[] {
  const text = sources.find((source) => source.name === name)?.text ?? '';
  const named = [...text.matchAll(/\b(?:ask|list|pages|tried)\(\s*'([A-Z]\w+)'/g)];
  return [...new Set(named.map(([, operation = '']) => operation))];
}

function askedIn(name: string, service: string): readonly string[] {
  return operationsIn(name).map((operation) => `${service}:${operation}`);
}

describe('the least policies', () => {
  test('are of calls that the code makes, and of all of them', () => {
    const allowed = files.flatMap((file) => actions(file)).filter((action) => !BY_SERVICES.includes(action));
    const needed = actionsInCode().filter((action) => !WITHOUT_PERMISSION.includes(action));
    expect([...new Set(allowed)].sort()).toEqual(needed);
  });

  test('of a sweep has all calls of ECS', () => {
    expect([...actions('ecs.json')].sort()).toEqual(actionsInCode().filter((action) => action.startsWith('ecs:')));
  });

  test('of a queue has all calls of SQS', () => {
    const expected = [...actionsInCode().filter((action) => action.startsWith('sqs:')), ...BY_SERVICES];
    expect([...actions('ecs-watch-sqs.json')].sort()).toEqual(expected.sort());
  });

  test('of polling has what polling asks for', () => {
    const asked = askedIn(join('aws', 'watch', 'poll-medium.ts'), 'ecs');
    expect(asked.length).toBeGreaterThan(3);
    expect([...actions('ecs-watch-poll.json')].sort()).toEqual([...asked].sort());
  });

  test('of an image has all calls of ECR that give images', () => {
    const asked = ['manifests.ts', 'registry.ts'].flatMap((name) => askedIn(join('aws', 'ecr', name), 'ecr'));
    expect(asked.length).toBeGreaterThan(2);
    expect(actions('ecr-image.json')).toEqual([...new Set(asked)].sort());
  });

  test('of a sweep of registries has all calls of ECR and ECR Public, but for what only the doctor asks', () => {
    const read = actionsInCode().filter((action) => /^ecr(?:-public)?:/.test(action));
    const ofDoctor = ['ecr:ListPullTimeUpdateExclusions'];
    const allowed = actions('sweep.json').filter((action) => /^ecr(?:-public)?:/.test(action));
    expect([...allowed, ...ofDoctor].sort()).toEqual(read);
  });

  test('of the doctor has what the doctor tries', () => {
    const asked = readdirSync(join(root, 'src', 'doctor')).flatMap((name) => operationsIn(join('doctor', name)));
    const byDoors = ['AssumeRole', 'SimulatePrincipalPolicy'];
    const allowed = actions('doctor.json').map((action) => action.replace(/^.*:/, ''));
    expect(asked.length).toBeGreaterThan(10);
    expect(allowed.sort()).toEqual([...new Set([...asked, ...byDoors])].sort());
  });

  test.each(['ecr-image.json', 'sweep.json', 'doctor.json'])('%s denies what would change a registry', (file) => {
    expect(actions(file, 'Deny')).toEqual(CHANGING);
  });

  test('are sorted, and each action is there once', () => {
    for (const file of files) {
      for (const { Action } of policy(file).Statement) expect(Action).toEqual([...new Set(Action)].sort());
    }
  });

  test('are told in the README', () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const file of files) expect(readme).toContain(`\`${file}\``);
  });
});

/** IAM User Guide, "Grammar of the IAM JSON policy language": the part of it that these policies use. */
const grammar = {
  type: 'object',
  additionalProperties: false,
  required: ['Version', 'Statement'],
  properties: {
    Version: { const: '2012-10-17' },
    Statement: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['Sid', 'Effect', 'Action', 'Resource'],
        properties: {
          Sid: { type: 'string', pattern: '^[A-Za-z0-9]+$' },
          Effect: { enum: ['Allow', 'Deny'] },
          Action: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$' } },
          Resource: { type: 'string', pattern: '^(?:\\*|arn:aws:[a-z0-9-]+:[A-Za-z0-9-]*:[A-Za-z0-9]*:.+)$' },
          Condition: {
            type: 'object',
            propertyNames: { enum: ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool'] },
            additionalProperties: { type: 'object', additionalProperties: { type: ['string', 'array'] } },
          },
        },
      },
    },
  },
};
/** Characters of an inline policy of a role, white space left out (IAM quotas). */
const MOST_CHARACTERS = 10_240;

test.each(files)('%s is a policy', (file) => {
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(grammar);
  expect(validate(policy(file)), JSON.stringify(validate.errors)).toBe(true);
  expect(JSON.stringify(policy(file)).length).toBeLessThan(MOST_CHARACTERS);
  const sids = policy(file).Statement.map(({ Sid }) => Sid);
  expect(new Set(sids).size).toBe(sids.length);
});
