/**
 * A service of AWS in one Region, through the client of the SDK that its door gives: credentials, retries and budgets are the
 * same for all, and answers are handed on as AWS sent them.
 */
import { setMaxListeners } from 'node:events';
import { type JsonObject, objectOf } from '../image/json.ts';
import { limits } from '../limits.ts';
import { remoteLimits } from '../remote-limits.ts';
import { trace } from '../trace.ts';
import { Budget, type BudgetSize } from './budget.ts';
import { CallFailure } from './failure.ts';
import { checkCredentials, regionOf } from './settings.ts';

/** As the SDK has them. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Asked again when the keys expire. */
export type Credentials = () => Promise<Keys>;

/** What a client of the SDK is made with. */
export interface ClientSettings {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
  readonly logger: typeof silent;
  readonly retryMode: 'adaptive';
  readonly maxAttempts: () => Promise<number>;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

/** What phiscan uses of a client of the SDK, whichever service it is of. */
interface SdkClient {
  readonly config: { readonly region: () => Promise<string>; readonly credentials: Credentials };
  readonly middlewareStack: unknown;
  readonly send: unknown;
  readonly destroy: () => void;
}

/** Of one service: the file that imports its client. */
export interface Door<Bucket extends string> {
  /** As IAM has it: `ecs`. */
  readonly prefix: string;
  /** `AWS_ENDPOINT_URL_ECS`. */
  readonly endpointVariable: string;
  /** By operation: the SDK's commands, which all take what they are asked. */
  readonly commands: object;
  readonly newClient: (settings: ClientSettings) => SdkClient;
  readonly budgetOf: (operation: string) => Bucket;
  readonly budgets: Readonly<Record<Bucket, BudgetSize>>;
}

/** One Region of one account. `Inputs`: of each operation that may be asked. */
export interface Service<Inputs> {
  /** As IAM has it: `ecs`. */
  readonly prefix: string;
  readonly region: string;
  /** Where it is asked, when that is not AWS itself. */
  readonly endpoint: string | undefined;
  /** The response as AWS sent it, fields that the SDK does not know among them. Throws CallFailure. */
  readonly ask: <Operation extends keyof Inputs & string>(
    operation: Operation,
    input: Inputs[Operation],
  ) => Promise<JsonObject>;
  readonly close: () => void;
}

export interface ServiceOptions {
  /** Undefined: what the environment or the profile says. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Instead of those that the environment and the profile have. */
  readonly credentials?: Credentials | undefined;
  readonly signal?: AbortSignal | undefined;
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

/** What all clients have in common; `attempts` is asked before each call. */
export function clientSettings(
  { region, profile, endpoint, credentials }: ServiceOptions,
  attempts: () => number,
): ClientSettings {
  // Whoever runs phiscan can do nothing about it, and it would stand among what phiscan says.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    logger: silent,
    retryMode: 'adaptive',
    maxAttempts: () => Promise.resolve(attempts()),
    requestHandler: { connectionTimeout: limits.connectMs, requestTimeout: remoteLimits.awsAnswerMs },
  };
}

/** Finds Region and credentials, without asking the service; throws ScanError where there are none. */
export async function openService<Inputs, Bucket extends string>(
  door: Door<Bucket>,
  options: ServiceOptions,
): Promise<Service<Inputs>> {
  const { profile, endpoint, signal, attempts = 10 } = options;
  // All calls that are under way listen, which node takes for a leak and says so.
  if (signal !== undefined) setMaxListeners(0, signal);
  let hasAnswered = false;
  const clients = new Map<Bucket, { readonly client: SdkClient; readonly budget: Budget }>();
  const first = newClient(options);
  const region = await regionOf(first.config);
  await checkCredentials(first.config, profile);
  const { credentials } = first.config;

  function newClient(own: ServiceOptions): SdkClient {
    return door.newClient(clientSettings(own, () => (hasAnswered ? attempts : FIRST_ATTEMPTS)));
  }

  /** One for each budget: a bucket that is throttled slows down its own calls only. */
  function clientOf(operation: string): { readonly client: SdkClient; readonly budget: Budget } {
    const name = door.budgetOf(operation);
    let pair = clients.get(name);
    if (pair === undefined) {
      const budget = new Budget(door.budgets[name]);
      const client = newClient({ ...options, credentials });
      withBudget(client, budget, signal);
      traceRetries(client, door.prefix);
      keepBodies(client);
      pair = { budget, client };
      clients.set(name, pair);
    }
    return pair;
  }

  return {
    prefix: door.prefix,
    region,
    endpoint: endpoint ?? process.env[door.endpointVariable] ?? process.env['AWS_ENDPOINT_URL'],
    ask: async (operation, input) => {
      const { client, budget } = clientOf(operation);
      const Command = (door.commands as Readonly<Record<string, new (input: unknown) => object>>)[operation];
      if (Command === undefined) throw new Error(`no command ${operation}`);
      try {
        const output = await budget.run(() =>
          (client as Sending).send(new Command(input), signal === undefined ? {} : { abortSignal: signal }),
        );
        hasAnswered = true;
        return documentOf(output);
      } catch (error) {
        const failure = new CallFailure(door.prefix, operation, error, signal?.aborted === true);
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

/** As the SDK has it; its own types differ with each client. */
interface Sending {
  readonly send: (command: object, options: { readonly abortSignal?: AbortSignal }) => Promise<object>;
}

interface Result {
  readonly response: object;
  readonly output: object;
}
type Next = (args: unknown) => Promise<Result>;
type Layer = (next: Next, context: { readonly commandName?: string }) => Next;

function addMiddleware(
  client: SdkClient,
  layer: Layer,
  options: {
    readonly step: 'finalizeRequest' | 'deserialize';
    readonly priority: 'low' | 'high';
    readonly name: string;
  },
): void {
  (client.middlewareStack as { readonly add: (layer: Layer, options: object) => void }).add(layer, options);
}

/** Within the retries: each attempt costs. */
function withBudget(client: SdkClient, budget: Budget, signal: AbortSignal | undefined): void {
  addMiddleware(
    client,
    (next) => async (args) => {
      await budget.take(signal);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low', name: 'budget' },
  );
}

/** The SDK counts attempts in a header of its own: `attempt=2; max=10`. */
function traceRetries(client: SdkClient, prefix: string): void {
  addMiddleware(
    client,
    (next, { commandName = '' }) =>
      (args) => {
        const { headers } =
          (args as { readonly request?: { readonly headers?: Readonly<Record<string, string>> } }).request ?? {};
        const attempt = Number(/^attempt=(\d+)/.exec(headers?.['amz-sdk-request'] ?? '')?.[1] ?? 1);
        const call = `${prefix}:${commandName.replace(/Command$/, '')}`;
        if (attempt > 1) trace('retry', { call, attempt, why: '' });
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'traceRetries' },
  );
}

/** By the response, and by the output that the SDK makes of it. */
const bodies = new WeakMap<object, Uint8Array>();

/**
 * The SDK drops what its model does not know, which is where new fields are: the body of an answer is kept as it came, and
 * parsed once. The SDK reads those of errors.
 */
function keepBodies(client: SdkClient): void {
  addMiddleware(
    client,
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
  addMiddleware(
    client,
    (next) => async (args) => {
      const result = await next(args);
      const body = bodies.get(result.response);
      if (body !== undefined) bodies.set(result.output, body);
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
    if (length > remoteLimits.awsAnswerBytes) throw Object.assign(new Error('too long'), { name: 'ResponseTooLong' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function documentOf(output: object): JsonObject {
  const body = bodies.get(output) ?? new Uint8Array();
  return objectOf(body.length === 0 ? {} : JSON.parse(Buffer.from(body).toString('utf8')));
}
