/** A whole account on the fake AWS: one of each kind of resource. */
import type { BudgetSize } from '../../../src/aws/budget.ts';
import type { BudgetSizes } from '../../../src/aws/ecs/budget.ts';
import { arn, page, type AwsAnswers, type AwsCall, type AwsInput } from '../../support/fake-aws.ts';

export const CLUSTER: string = arn('cluster/prod');
export const SERVICE: string = arn('service/prod/api');
export const EXPRESS: string = arn('service/prod/shop');
const DAEMON: string = arn('daemon/prod/agent');
const GATEWAY: string = arn('gateway/edge/0a1b');
const REVISION: string = arn('service-revision/prod/api/4980');
const DEPLOYMENT: string = arn('service-deployment/prod/api/r9i4');

function one(key: string, member: unknown): (call: AwsCall) => AwsInput {
  return (call) => page(key, [member], call);
}

/** Nothing in it is of a person. A test puts its own answers in front. */
export const account: AwsAnswers = {
  ListClusters: one('clusterArns', CLUSTER),
  DescribeClusters: () => ({ clusters: [{ clusterArn: CLUSTER, clusterName: 'prod' }] }),
  ListTaskDefinitions: (call) => {
    const all = call.input['status'] === 'ACTIVE' ? [arn('task-definition/web:2'), arn('task-definition/web:1')] : [];
    return page('taskDefinitionArns', all, call);
  },
  DescribeTaskDefinition: ({ input: { taskDefinition } }) => ({
    taskDefinition: { taskDefinitionArn: taskDefinition, family: 'web', containerDefinitions: [{ name: 'web' }] },
  }),
  ListServices: ({ input }) => ({
    serviceArns: input['resourceManagementType'] === 'ECS' ? [EXPRESS] : [SERVICE, EXPRESS],
  }),
  DescribeServices: ({ input }) => ({
    services: (input['services'] as readonly string[]).map((serviceArn) => ({
      serviceArn,
      taskDefinition: arn('task-definition/web:2'),
      resourceManagementType: serviceArn === EXPRESS ? 'ECS' : 'CUSTOMER',
      deploymentController: { type: serviceArn === EXPRESS ? 'ECS' : 'EXTERNAL' },
    })),
  }),
  DescribeTaskSets: () => ({ taskSets: [] }),
  DescribeExpressGatewayService: ({ input: { serviceArn } }) => ({ service: { serviceArn } }),
  ListServiceDeployments: ({ input: { service } }) => ({
    serviceDeployments: service === SERVICE ? [{ serviceDeploymentArn: DEPLOYMENT }] : [],
  }),
  DescribeServiceDeployments: () => ({
    serviceDeployments: [{ serviceDeploymentArn: DEPLOYMENT, targetServiceRevision: { arn: REVISION } }],
  }),
  DescribeServiceRevisions: ({ input }) => ({
    serviceRevisions: (input['serviceRevisionArns'] as readonly string[]).map((serviceRevisionArn) => ({
      serviceRevisionArn,
    })),
  }),
  ListTasks: ({ input: { desiredStatus } }) => ({
    taskArns: [arn(`task/prod/${desiredStatus === 'STOPPED' ? 'dead' : 'live'}`)],
  }),
  DescribeTasks: ({ input }) => ({
    tasks: (input['tasks'] as readonly string[]).map((taskArn) => ({ taskArn })),
  }),
  ListContainerInstances: one('containerInstanceArns', arn('container-instance/prod/1c3b')),
  DescribeContainerInstances: () => ({
    containerInstances: [{ containerInstanceArn: arn('container-instance/prod/1c3b') }],
  }),
  DescribeCapacityProviders: one('capacityProviders', { name: 'spot' }),
  ListDaemons: () => ({ daemonSummariesList: [{ daemonArn: DAEMON }] }),
  DescribeDaemon: () => ({ daemon: { daemonArn: DAEMON } }),
  ListDaemonDeployments: () => ({
    daemonDeployments: [{ daemonDeploymentArn: arn('daemon-deployment/prod/agent/aB1c') }],
  }),
  DescribeDaemonDeployments: () => ({
    daemonDeployments: [
      {
        daemonDeploymentArn: arn('daemon-deployment/prod/agent/aB1c'),
        targetDaemonRevision: { arn: arn('daemon-revision/prod/agent/4980') },
      },
    ],
  }),
  DescribeDaemonRevisions: ({ input }) => ({
    daemonRevisions: (input['daemonRevisionArns'] as readonly string[]).map((daemonRevisionArn) => ({
      daemonRevisionArn,
    })),
  }),
  ListDaemonTaskDefinitions: one('daemonTaskDefinitions', { arn: arn('daemon-task-definition/agent:1') }),
  DescribeDaemonTaskDefinition: () => ({
    daemonTaskDefinition: { daemonTaskDefinitionArn: arn('daemon-task-definition/agent:1') },
  }),
  ListTagsForResource: () => ({ tags: [] }),
  ListGateways: one('gateways', { gatewayArn: GATEWAY }),
  DescribeGateway: () => ({ gateway: { gatewayArn: GATEWAY, name: 'edge' } }),
  DescribeGatewayResources: () => ({ gatewayResources: { gatewayArn: GATEWAY } }),
  ListGatewayRoutes: one('gatewayRoutes', { gatewayRouteArn: arn('gateway-route/edge/0a1b/f0e1') }),
  DescribeGatewayRoute: () => ({ gatewayRoute: { gatewayRouteArn: arn('gateway-route/edge/0a1b/f0e1') } }),
};

/** Revisions 1 to `count` of each family; every tenth holds the value. */
export function familiesOf(families: readonly string[], count: number, value: string): AwsAnswers {
  const all = families.flatMap((family) =>
    Array.from({ length: count }, (_, index) => arn(`task-definition/${family}:${count - index}`)),
  );
  return {
    ListTaskDefinitions: (call) => page('taskDefinitionArns', call.input['status'] === 'ACTIVE' ? all : [], call),
    DescribeTaskDefinition: ({ input: { taskDefinition } }) => ({
      taskDefinition: {
        taskDefinitionArn: taskDefinition,
        registeredAt: 1_767_225_600,
        containerDefinitions: [
          {
            name: 'web',
            image: 'registry.invalid/team/web:4.2',
            environment: [
              { name: 'LOG_LEVEL', value: 'info' },
              { name: 'PATIENT_SSN', value: String(taskDefinition).endsWith('0') ? value : 'none' },
            ],
          },
        ],
      },
    }),
  };
}

/** One size for all buckets. */
export function budgetsOf(size: BudgetSize): BudgetSizes {
  return {
    cluster: size,
    'task-definition': size,
    service: size,
    'cluster-resource': size,
    'capacity-provider': size,
    other: size,
  };
}
