import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeregisterTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import { startFakeAws, type AwsAnswers, type FakeAws } from '../../support/fake-aws.ts';
import { startMoto } from '../../support/moto.ts';
import { patient, type Patient } from '../../support/patients.ts';

/** An account with state: a cluster, a service, revisions of a task definition and a task that was stopped. */
export interface MotoAccount {
  readonly aws: FakeAws;
  /** Whose values are in it. */
  readonly patients: readonly [Patient, Patient, Patient];
  readonly stop: () => Promise<void>;
}

/** What moto does not know, and nobody has. It describes capacity providers only by name. */
const unknownToMoto: AwsAnswers = {
  DescribeCapacityProviders: () => ({ capacityProviders: [{ name: 'FARGATE' }] }),
  ListServiceDeployments: () => ({ serviceDeployments: [] }),
  ListDaemons: () => ({ daemonSummariesList: [] }),
  ListDaemonTaskDefinitions: () => ({ daemonTaskDefinitions: [] }),
  ListGateways: () => ({ gateways: [] }),
  ListGatewayRoutes: () => ({ gatewayRoutes: [] }),
};

/** The caller stops it. */
export async function startMotoAccount(): Promise<MotoAccount> {
  const moto = await startMoto();
  const aws = await startFakeAws(unknownToMoto, { behind: moto.endpoint });
  const patients = [patient(61), patient(62), patient(63)] as const;
  const stop = async (): Promise<void> => {
    await aws.stop();
    await moto.stop();
  };
  try {
    await fill(aws, patients);
  } catch (error) {
    await stop();
    throw error;
  }
  return { aws, patients, stop };
}

async function fill({ endpoint }: FakeAws, [first, second, third]: MotoAccount['patients']): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const ecs = new ECSClient({ endpoint, region: 'us-east-1', credentials });
  const family = 'clinic-import';
  const container = { name: 'import', image: 'clinic-import:1.4', memory: 128 };
  const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: 'prod' }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions: [
        {
          ...container,
          environment: [
            { name: 'LOG_LEVEL', value: 'info' },
            { name: 'TEST_PATIENT_SSN', value: first.ssn },
          ],
        },
      ],
    }),
  );
  // The next revision is clean; the old one is taken out of use, and stays readable.
  await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions: [container] }));
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${family}:1` }));
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'prod',
      serviceName: 'import',
      taskDefinition: `${family}:2`,
      desiredCount: 1,
    }),
  );
  const { tasks = [] } = await ecs.send(
    new RunTaskCommand({
      cluster: 'prod',
      taskDefinition: `${family}:2`,
      launchType: 'FARGATE',
      startedBy: 'nightly',
      overrides: { containerOverrides: [{ name: 'import', command: ['import', '--mrn', second.mrn] }] },
    }),
  );
  const task = tasks[0]?.taskArn;
  const reason = `import failed: no row for patient ssn ${third.ssn}`;
  await ecs.send(new StopTaskCommand({ cluster: 'prod', task, reason }));
  const tags = [{ key: 'owner', value: 'imports' }];
  await ecs.send(new TagResourceCommand({ resourceArn: cluster?.clusterArn, tags }));
  ecs.destroy();
}
