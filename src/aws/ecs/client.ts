/** The one door to the SDK's ECS client. Loaded by the first command that asks AWS. */
import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeDaemonCommand,
  DescribeDaemonDeploymentsCommand,
  DescribeDaemonRevisionsCommand,
  DescribeDaemonTaskDefinitionCommand,
  DescribeExpressGatewayServiceCommand,
  DescribeGatewayCommand,
  DescribeGatewayResourcesCommand,
  DescribeGatewayRouteCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTaskSetsCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListDaemonDeploymentsCommand,
  ListDaemonTaskDefinitionsCommand,
  ListDaemonsCommand,
  ListGatewayRoutesCommand,
  ListGatewaysCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { openService, type Service, type ServiceOptions } from '../service.ts';
import { budgetOf, type BudgetSizes, budgetSizes } from './budget.ts';

/** What phiscan asks: reading calls only. */
interface Commands {
  readonly ListClusters: typeof ListClustersCommand;
  readonly DescribeClusters: typeof DescribeClustersCommand;
  readonly ListTaskDefinitions: typeof ListTaskDefinitionsCommand;
  readonly DescribeTaskDefinition: typeof DescribeTaskDefinitionCommand;
  readonly ListServices: typeof ListServicesCommand;
  readonly DescribeServices: typeof DescribeServicesCommand;
  readonly DescribeTaskSets: typeof DescribeTaskSetsCommand;
  readonly ListServiceDeployments: typeof ListServiceDeploymentsCommand;
  readonly DescribeServiceDeployments: typeof DescribeServiceDeploymentsCommand;
  readonly DescribeServiceRevisions: typeof DescribeServiceRevisionsCommand;
  readonly DescribeExpressGatewayService: typeof DescribeExpressGatewayServiceCommand;
  readonly ListTasks: typeof ListTasksCommand;
  readonly DescribeTasks: typeof DescribeTasksCommand;
  readonly ListContainerInstances: typeof ListContainerInstancesCommand;
  readonly DescribeContainerInstances: typeof DescribeContainerInstancesCommand;
  readonly DescribeCapacityProviders: typeof DescribeCapacityProvidersCommand;
  readonly ListDaemons: typeof ListDaemonsCommand;
  readonly DescribeDaemon: typeof DescribeDaemonCommand;
  readonly ListDaemonDeployments: typeof ListDaemonDeploymentsCommand;
  readonly DescribeDaemonDeployments: typeof DescribeDaemonDeploymentsCommand;
  readonly DescribeDaemonRevisions: typeof DescribeDaemonRevisionsCommand;
  readonly ListDaemonTaskDefinitions: typeof ListDaemonTaskDefinitionsCommand;
  readonly DescribeDaemonTaskDefinition: typeof DescribeDaemonTaskDefinitionCommand;
  readonly ListGateways: typeof ListGatewaysCommand;
  readonly DescribeGateway: typeof DescribeGatewayCommand;
  readonly DescribeGatewayResources: typeof DescribeGatewayResourcesCommand;
  readonly ListGatewayRoutes: typeof ListGatewayRoutesCommand;
  readonly DescribeGatewayRoute: typeof DescribeGatewayRouteCommand;
  readonly ListTagsForResource: typeof ListTagsForResourceCommand;
}

const commands: Commands = {
  ListClusters: ListClustersCommand,
  DescribeClusters: DescribeClustersCommand,
  ListTaskDefinitions: ListTaskDefinitionsCommand,
  DescribeTaskDefinition: DescribeTaskDefinitionCommand,
  ListServices: ListServicesCommand,
  DescribeServices: DescribeServicesCommand,
  DescribeTaskSets: DescribeTaskSetsCommand,
  ListServiceDeployments: ListServiceDeploymentsCommand,
  DescribeServiceDeployments: DescribeServiceDeploymentsCommand,
  DescribeServiceRevisions: DescribeServiceRevisionsCommand,
  DescribeExpressGatewayService: DescribeExpressGatewayServiceCommand,
  ListTasks: ListTasksCommand,
  DescribeTasks: DescribeTasksCommand,
  ListContainerInstances: ListContainerInstancesCommand,
  DescribeContainerInstances: DescribeContainerInstancesCommand,
  DescribeCapacityProviders: DescribeCapacityProvidersCommand,
  ListDaemons: ListDaemonsCommand,
  DescribeDaemon: DescribeDaemonCommand,
  ListDaemonDeployments: ListDaemonDeploymentsCommand,
  DescribeDaemonDeployments: DescribeDaemonDeploymentsCommand,
  DescribeDaemonRevisions: DescribeDaemonRevisionsCommand,
  ListDaemonTaskDefinitions: ListDaemonTaskDefinitionsCommand,
  DescribeDaemonTaskDefinition: DescribeDaemonTaskDefinitionCommand,
  ListGateways: ListGatewaysCommand,
  DescribeGateway: DescribeGatewayCommand,
  DescribeGatewayResources: DescribeGatewayResourcesCommand,
  ListGatewayRoutes: ListGatewayRoutesCommand,
  DescribeGatewayRoute: DescribeGatewayRouteCommand,
  ListTagsForResource: ListTagsForResourceCommand,
};

export type EcsInputs = { readonly [Operation in keyof Commands]: ConstructorParameters<Commands[Operation]>[0] };
export type EcsOperation = keyof EcsInputs;
export type EcsInput<Operation extends EcsOperation> = EcsInputs[Operation];
/** One Region of one account. */
export type Ecs = Service<EcsInputs>;

export interface EcsOptions extends ServiceOptions {
  /** Instead of `budgetSizes`. */
  readonly budgets?: BudgetSizes | undefined;
}

/** Finds Region and credentials, without asking ECS; throws ScanError where there are none. */
export function openEcs({ budgets = budgetSizes, ...options }: EcsOptions): Promise<Ecs> {
  return openService(
    {
      prefix: 'ecs',
      endpointVariable: 'AWS_ENDPOINT_URL_ECS',
      commands,
      newClient: (settings) => new ECSClient(settings),
      budgetOf,
      budgets,
    },
    options,
  );
}
