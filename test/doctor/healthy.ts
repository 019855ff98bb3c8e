import { type AwsAnswers, AwsFailure } from '../support/fake-aws.ts';

export const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/audit/phiscan`;

/** An account in which all is as it should be. */
export const healthy: AwsAnswers = {
  'sts.GetCallerIdentity': () => ({ Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/phiscan/run` }),
  'ecr.DescribeRegistry': () => ({ registryId: ACCOUNT, replicationConfiguration: { rules: [] } }),
  'ecr.DescribeRepositories': () => ({
    repositories: [{ repositoryName: 'app', repositoryArn: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/app` }],
  }),
  'ecr.DescribeImages': () => ({ imageDetails: [] }),
  'ecr.BatchGetImage': () => ({ images: [], failures: [{ failureCode: 'ImageNotFound' }] }),
  'ecr.GetDownloadUrlForLayer': () => absent('LayersNotFoundException'),
  'ecr.ListImageReferrers': () => ({ referrers: [] }),
  'ecr.ListTagsForResource': () => ({ tags: [] }),
  'ecr.GetRepositoryPolicy': () => absent('RepositoryPolicyNotFoundException'),
  'ecr.GetLifecyclePolicy': () => absent('LifecyclePolicyNotFoundException'),
  'ecr.GetRegistryPolicy': () => absent('RegistryPolicyNotFoundException'),
  'ecr.DescribeRepositoryCreationTemplates': () => ({ repositoryCreationTemplates: [] }),
  'ecr.DescribePullThroughCacheRules': () => ({ pullThroughCacheRules: [] }),
  'ecr.ListPullTimeUpdateExclusions': () => ({ pullTimeUpdateExclusions: [ROLE] }),
  'ecr-public.DescribeRegistries': () => ({ registries: [] }),
  'iam.SimulatePrincipalPolicy': ({ input }) => ({
    EvaluationResults: Object.entries(input)
      .filter(([name]) => name.startsWith('ActionNames.'))
      .map(([, EvalActionName]) => ({ EvalActionName, EvalDecision: 'explicitDeny' })),
  }),
};

/** As ECR answers who asks for nothing that is there. */
export function absent(type: string): never {
  throw new AwsFailure(type, 'none');
}
