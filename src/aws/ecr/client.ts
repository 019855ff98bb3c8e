/** The one door to the SDK's ECR client. Loaded by the first command that asks a private registry. */
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRepositoryPolicyCommand,
  ListImageReferrersCommand,
  ListPullTimeUpdateExclusionsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr';
import { openService, type Service, type ServiceOptions } from '../service.ts';
import { ecrBudgetOf, type EcrBudgetSizes, ecrBudgetSizes } from './budget.ts';

/** What phiscan asks: reading calls only. */
interface Commands {
  readonly DescribeRegistry: typeof DescribeRegistryCommand;
  readonly DescribeRepositories: typeof DescribeRepositoriesCommand;
  readonly DescribeImages: typeof DescribeImagesCommand;
  readonly BatchGetImage: typeof BatchGetImageCommand;
  readonly GetDownloadUrlForLayer: typeof GetDownloadUrlForLayerCommand;
  readonly ListImageReferrers: typeof ListImageReferrersCommand;
  readonly ListTagsForResource: typeof ListTagsForResourceCommand;
  readonly GetRepositoryPolicy: typeof GetRepositoryPolicyCommand;
  readonly GetLifecyclePolicy: typeof GetLifecyclePolicyCommand;
  readonly GetRegistryPolicy: typeof GetRegistryPolicyCommand;
  readonly DescribeRepositoryCreationTemplates: typeof DescribeRepositoryCreationTemplatesCommand;
  readonly DescribePullThroughCacheRules: typeof DescribePullThroughCacheRulesCommand;
  readonly ListPullTimeUpdateExclusions: typeof ListPullTimeUpdateExclusionsCommand;
}

const commands: Commands = {
  DescribeRegistry: DescribeRegistryCommand,
  DescribeRepositories: DescribeRepositoriesCommand,
  DescribeImages: DescribeImagesCommand,
  BatchGetImage: BatchGetImageCommand,
  GetDownloadUrlForLayer: GetDownloadUrlForLayerCommand,
  ListImageReferrers: ListImageReferrersCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  GetRepositoryPolicy: GetRepositoryPolicyCommand,
  GetLifecyclePolicy: GetLifecyclePolicyCommand,
  GetRegistryPolicy: GetRegistryPolicyCommand,
  DescribeRepositoryCreationTemplates: DescribeRepositoryCreationTemplatesCommand,
  DescribePullThroughCacheRules: DescribePullThroughCacheRulesCommand,
  ListPullTimeUpdateExclusions: ListPullTimeUpdateExclusionsCommand,
};

export type EcrInputs = { readonly [Operation in keyof Commands]: ConstructorParameters<Commands[Operation]>[0] };
/** The private registry of one account in one Region. */
export type Ecr = Service<EcrInputs>;

export interface EcrOptions extends ServiceOptions {
  /** Instead of `ecrBudgetSizes`. */
  readonly budgets?: EcrBudgetSizes | undefined;
}

/** Finds Region and credentials, without asking ECR; throws ScanError where there are none. */
export function openEcr({ budgets = ecrBudgetSizes, ...options }: EcrOptions): Promise<Ecr> {
  return openService(
    {
      prefix: 'ecr',
      endpointVariable: 'AWS_ENDPOINT_URL_ECR',
      commands,
      newClient: (settings) => new ECRClient(settings),
      budgetOf: ecrBudgetOf,
      budgets,
    },
    options,
  );
}
