import { expect, test } from 'vitest';
import { ecrHost, parseEcrReference } from '../../../src/aws/ecr/reference.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const NONE = { tag: undefined, digest: undefined, account: undefined, region: undefined };
const OF = { account: '123456789012', region: 'eu-west-1' };

test.each([
  ['app', { ...NONE, repository: 'app' }],
  ['team/app:1.4', { ...NONE, repository: 'team/app', tag: '1.4' }],
  [`team/app@${DIGEST}`, { ...NONE, repository: 'team/app', digest: DIGEST }],
  [`app:1@${DIGEST}`, { ...NONE, repository: 'app', tag: '1', digest: DIGEST }],
  // A repository that a pull-through cache named after its upstream.
  ['docker.io/library/alpine:3', { ...NONE, repository: 'docker.io/library/alpine', tag: '3' }],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1', { ...NONE, ...OF, repository: 'team/app', tag: '1' }],
  [
    '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app',
    { ...NONE, ...OF, region: 'us-gov-west-1', repository: 'app' },
  ],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app', { ...NONE, ...OF, region: 'cn-north-1', repository: 'app' }],
  ['123456789012.dkr-ecr.eu-west-1.on.aws/app', { ...NONE, ...OF, repository: 'app' }],
])('%s', (text, expected) => {
  expect(parseEcrReference(text)).toEqual(expected);
});

test.each([
  ['App', 'has no name of a repository'],
  [':1', 'has no name of a repository'],
  ['registry.example:5000/app', 'names a host that is none of ECR'],
  ['123456789012.dkr.ecr.amazonaws.com/app', 'names a host that is none of ECR'],
  ['app:', 'has a tag that is none'],
  ['app:a b', 'has a tag that is none'],
  ['app@sha256:0a', 'has a digest that is none'],
  [`app@${DIGEST}@${DIGEST}`, 'has a digest that is none'],
])('%s is wrong usage', (text, words) => {
  expect(() => parseEcrReference(text, `ecr:${text}`)).toThrow(`ecr:${text} ${words}`);
});

test('the host of a registry is of its partition', () => {
  expect(ecrHost('123456789012', 'eu-west-1')).toBe('123456789012.dkr.ecr.eu-west-1.amazonaws.com');
  expect(ecrHost('123456789012', 'cn-north-1')).toBe('123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn');
});
