/** The one door to the SDK's client of ECR Public. Loaded by the first command that asks for public texts. */
import {
  DescribeImagesCommand,
  DescribeRegistriesCommand,
  DescribeRepositoriesCommand,
  ECRPUBLICClient,
  GetRegistryCatalogDataCommand,
  GetRepositoryCatalogDataCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr-public';
import type { BudgetSize } from '../budget.ts';
import { openService, type Service, type ServiceOptions } from '../service.ts';

/** What phiscan asks: reading calls only. */
interface Commands {
  readonly DescribeRegistries: typeof DescribeRegistriesCommand;
  readonly DescribeRepositories: typeof DescribeRepositoriesCommand;
  readonly DescribeImages: typeof DescribeImagesCommand;
  readonly GetRegistryCatalogData: typeof GetRegistryCatalogDataCommand;
  readonly GetRepositoryCatalogData: typeof GetRepositoryCatalogDataCommand;
  readonly GetRepositoryPolicy: typeof GetRepositoryPolicyCommand;
  readonly ListTagsForResource: typeof ListTagsForResourceCommand;
}

const commands: Commands = {
  DescribeRegistries: DescribeRegistriesCommand,
  DescribeRepositories: DescribeRepositoriesCommand,
  DescribeImages: DescribeImagesCommand,
  GetRegistryCatalogData: GetRegistryCatalogDataCommand,
  GetRepositoryCatalogData: GetRepositoryCatalogDataCommand,
  GetRepositoryPolicy: GetRepositoryPolicyCommand,
  ListTagsForResource: ListTagsForResourceCommand,
};

export type EcrPublicInputs = {
  readonly [Operation in keyof Commands]: ConstructorParameters<Commands[Operation]>[0];
};
/** The public registry of one account: there is one, whatever the Region. */
export type EcrPublic = Service<EcrPublicInputs>;

/** The only one that answers (ECR Public API Reference, "Welcome"; endpoints and quotas of the AWS General Reference). */
const PUBLIC_REGION = 'us-east-1';

/** Not published: as the slowest of the private registry. */
const BUDGET: BudgetSize = { burst: 25, perSecond: 10 };

export interface EcrPublicOptions extends ServiceOptions {
  /** Instead of the usual one. */
  readonly budget?: BudgetSize | undefined;
}

/** Finds credentials, without asking ECR Public; throws ScanError where there are none. */
export function openEcrPublic({ budget = BUDGET, ...options }: EcrPublicOptions): Promise<EcrPublic> {
  return openService(
    {
      prefix: 'ecr-public',
      endpointVariable: 'AWS_ENDPOINT_URL_ECR_PUBLIC',
      commands,
      newClient: (settings) => new ECRPUBLICClient(settings),
      budgetOf: () => 'all',
      budgets: { all: budget },
    },
    { ...options, region: PUBLIC_REGION },
  );
}
