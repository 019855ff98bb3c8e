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
import { setMaxListeners } from 'node:events';
import { type JsonObject, objectOf } from '../../image/json.ts';
import { limits } from '../../limits.ts';
import { Budget, type BudgetName, budgetOf, type BudgetSizes, budgetSizes } from './budget.ts';
import { EcsFailure } from './failure.ts';
import { checkCredentials, regionOf } from './settings.ts';

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

export type EcsOperation = keyof Commands;
export type EcsInput<Operation extends EcsOperation> = ConstructorParameters<Commands[Operation]>[0];
/** One Region of one account. */
export interface Ecs {
  readonly region: string;
  /** Where it is asked, when that is not AWS itself. */
  readonly endpoint: string | undefined;
  /** The response as AWS sent it, fields that the SDK does not know among them. Throws EcsFailure. */
  readonly ask: <Operation extends EcsOperation>(
    operation: Operation,
    input: EcsInput<Operation>,
  ) => Promise<JsonObject>;
  readonly close: () => void;
}

export interface EcsOptions {
  /** Undefined: what the environment or the profile says. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Instead of `budgetSizes`. */
  readonly budgets?: BudgetSizes | undefined;
  /** Of one call, throttled ones counted; 10 unless a test cannot wait for them. */
  readonly attempts?: number | undefined;
}

/** The SDK would warn of keys in the environment beside a profile, which is what `--profile` is for; and it logs inputs. */
const silent: Readonly<Record<'trace' | 'debug' | 'info' | 'warn' | 'error', () => void>> = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Attempts until something was answered at all: a wrong address must not take a minute. */
const FIRST_ATTEMPTS = 3;

/** Finds Region and credentials, without asking ECS; throws ScanError where there are none. */
export async function openEcs({
  region,
  profile,
  endpoint,
  signal,
  budgets = budgetSizes,
  attempts = 10,
}: EcsOptions): Promise<Ecs> {
  // Whoever runs phiscan can do nothing about it, and it would stand among what phiscan says.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // All calls that are under way listen, which node takes for a leak and says so.
  if (signal !== undefined) setMaxListeners(0, signal);
  let hasAnswered = false;
  const clients = new Map<BudgetName, { readonly client: ECSClient; readonly budget: Budget }>();
  const first = newClient(undefined);
  const found = await regionOf(first.config);
  await checkCredentials(first.config, profile);
  const { credentials } = first.config;

  function newClient(budget: Budget | undefined): ECSClient {
    const client = new ECSClient({
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(budget === undefined ? {} : { credentials }),
      logger: silent,
      retryMode: 'adaptive',
      maxAttempts: () => Promise.resolve(hasAnswered ? attempts : FIRST_ATTEMPTS),
      requestHandler: { connectionTimeout: limits.connectMs, requestTimeout: limits.ecsAnswerMs },
    });
    // Within the retries: each attempt costs.
    if (budget !== undefined) {
      client.middlewareStack.add(
        (next) => async (args) => {
          await budget.take(signal);
          return next(args);
        },
        { step: 'finalizeRequest', priority: 'low', name: 'budget' },
      );
    }
    keepBodies(client);
    return client;
  }

  /** One for each budget: a bucket that is throttled slows down its own calls only. */
  function clientOf(operation: EcsOperation): { readonly client: ECSClient; readonly budget: Budget } {
    const name = budgetOf(operation);
    let pair = clients.get(name);
    if (pair === undefined) {
      const budget = new Budget(budgets[name]);
      pair = { budget, client: newClient(budget) };
      clients.set(name, pair);
    }
    return pair;
  }

  return {
    region: found,
    endpoint: endpoint ?? process.env['AWS_ENDPOINT_URL_ECS'] ?? process.env['AWS_ENDPOINT_URL'],
    ask: async (operation, input) => {
      const { client, budget } = clientOf(operation);
      const Command = commands[operation] as new (input: EcsInput<typeof operation>) => Sent;
      try {
        const output = await budget.run(() =>
          client.send(new Command(input), signal === undefined ? {} : { abortSignal: signal }),
        );
        hasAnswered = true;
        return documentOf(output);
      } catch (error) {
        const failure = new EcsFailure(operation, error, signal?.aborted === true);
        if (!['credentials', 'unreachable', 'stopped'].includes(failure.kind)) hasAnswered = true;
        throw failure;
      }
    },
    close: () => {
      for (const { client } of clients.values()) client.destroy();
      first.destroy();
    },
  };
}

/** Any of them: what is sent is all that is asked of it. */
type Sent = ListClustersCommand;

/** By the response, and by the output that the SDK makes of it. */
const bodies = new WeakMap<object, Uint8Array>();

/**
 * The SDK drops what its model does not know, which is where new fields are: the body of an answer is kept as it came, and
 * parsed once. The SDK reads those of errors.
 */
function keepBodies(client: ECSClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { readonly statusCode: number; body?: unknown };
      const body = await collected(response.body);
      const isAnswer = response.statusCode < 300;
      if (isAnswer) bodies.set(response, body);
      response.body = isAnswer ? new Uint8Array() : body;
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'collectBody' },
  );
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const body = bodies.get(result.response as object);
      if (body !== undefined) bodies.set(result.output as object, body);
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'keepBody' },
  );
}

async function collected(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > limits.ecsAnswerBytes) throw Object.assign(new Error('too long'), { name: 'ResponseTooLong' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function documentOf(output: object): JsonObject {
  const body = bodies.get(output) ?? new Uint8Array();
  return objectOf(body.length === 0 ? {} : JSON.parse(Buffer.from(body).toString('utf8')));
}
