/**
 * An AWS on loopback that speaks the AWS JSON protocol (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html) to the
 * real SDK, and the query protocol (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html) of the older services. It answers the operations that a test gives it, and forwards the rest to moto where there is one.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of `X-Amz-Target`: what is before the dot, and how the tests call it. */
const SERVICES: Readonly<Record<string, AwsService>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonSQS: 'sqs',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  SpencerFrontendService: 'ecr-public',
};
/** Of the query protocol: by the version that a request names. */
const QUERY_SERVICES: Readonly<Record<string, AwsService>> = { '2011-06-15': 'sts', '2010-05-08': 'iam' };

type AwsService = 'ecs' | 'sqs' | 'ecr' | 'ecr-public' | 'sts' | 'iam';
export type AwsInput = Readonly<Record<string, unknown>>;

export interface AwsCall {
  readonly service: AwsService;
  /** `DescribeTasks`. */
  readonly operation: string;
  readonly input: AwsInput;
  /** Of the request's signature. */
  readonly region: string;
  /** From 1: how often this operation was asked, this call counted. */
  readonly count: number;
  /** `performance.now()` of its arrival. */
  readonly at: number;
  /** What moto answers to it. Throws an AwsFailure where moto does. */
  readonly forward: () => Promise<AwsInput>;
}

/** Gives the body of the response, or throws an AwsFailure. */
export type AwsAnswer = (call: AwsCall) => unknown;

/** By operation: `DescribeTasks`, or `sqs.ReceiveMessage` where two services have one of the name. */
export type AwsAnswers = Readonly<Record<string, AwsAnswer>>;

export interface FakeAws {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** All of them, those that were forwarded among them, in the order of their arrival. */
  readonly calls: readonly AwsCall[];
  /** What the SDK of a process needs to ask it, and nothing else of the machine. */
  readonly env: NodeJS.ProcessEnv;
  /** Puts answers in front of those there are. */
  readonly answer: (answers: AwsAnswers) => void;
  /** Takes back all that `answer` put there. */
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
}

/** An error as AWS writes it. */
export class AwsFailure extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export function throttled(): AwsFailure {
  return new AwsFailure('ThrottlingException', 'Rate exceeded');
}

export function denied(operation: string, service = 'ecs'): AwsFailure {
  const user = `arn:aws:sts::${ACCOUNT}:assumed-role/sweep/run`;
  const message = `User: ${user} is not authorized to perform: ${service}:${operation} because no policy allows it`;
  return new AwsFailure('AccessDeniedException', message);
}

/** The account of moto, and of every ARN that the fake makes. */
const ACCOUNT = '123456789012';

/** `arn:aws:ecs:us-east-1:123456789012:cluster/prod`. */
export function arn(path: string, region = 'us-east-1'): string {
  return `arn:aws:ecs:${region}:${ACCOUNT}:${path}`;
}

/** One page of a list: `{ [key]: [...], nextToken }`, as long as `maxResults` of the call, or `size`, says. */
export function page(key: string, all: readonly unknown[], { input }: AwsCall, size = 100): AwsInput {
  const asked = typeof input['maxResults'] === 'number' ? Math.min(input['maxResults'], size) : size;
  const start = typeof input['nextToken'] === 'string' ? Number(input['nextToken'].slice('page-'.length)) : 0;
  const end = start + asked;
  return { [key]: all.slice(start, end), ...(end < all.length ? { nextToken: `page-${end}` } : {}) };
}

export interface FakeAwsOptions {
  /** Answers what the fake does not: moto's endpoint. */
  readonly behind?: string | undefined;
}

/** Ready when it resolves. The caller stops it. */
export async function startFakeAws(first: AwsAnswers = {}, { behind }: FakeAwsOptions = {}): Promise<FakeAws> {
  let answers = first;
  const calls: AwsCall[] = [];
  const counts = new Map<string, number>();

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { service, operation, input } = isQuery(request) ? queryOf(body) : targetOf(request, body);
    if (service === undefined) throw new AwsFailure('UnknownOperationException', 'no such target', 404);
    const count = (counts.get(`${service}.${operation}`) ?? 0) + 1;
    counts.set(`${service}.${operation}`, count);
    const at = performance.now();
    const forward = (): Promise<AwsInput> => forwarded(request, body, behind ?? '');
    const call = { service, operation, input, region: regionOf(request), count, at, forward };
    calls.push(call);
    const answer = answers[`${service}.${operation}`] ?? answers[operation];
    if (answer !== undefined) send(response, request, 200, await answer(call), operation);
    else if (behind !== undefined) await passOn(request, body, behind, response);
    else throw new AwsFailure('UnknownOperationException', `${operation} has no answer`, 404);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      const { type, message, status } =
        error instanceof AwsFailure ? error : new AwsFailure('ServerException', String(error), 500);
      send(
        response,
        request,
        status,
        isQuery(request) ? { Error: { Code: type, Message: message } } : { __type: type, message },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    calls,
    env: awsEnv(endpoint),
    answer: (more) => {
      answers = { ...answers, ...more };
    },
    reset: () => {
      answers = first;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Credentials and a Region, and no file of the machine's user. */
function awsEnv(endpoint: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `Credential=AKID/20260102/us-east-1/ecs/aws4_request`. */
function regionOf(request: IncomingMessage): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  status: number,
  body: unknown,
  operation = 'Error',
): void {
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  const text = isQuery(request)
    ? `<${operation}Response>${xml(status === 200 ? { [`${operation}Result`]: body } : body)}</${operation}Response>`
    : JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': isQuery(request) ? 'text/xml' : type, 'x-amzn-requestid': 'r' })
    .end(text);
}

interface Asked {
  readonly service: AwsService | undefined;
  readonly operation: string;
  readonly input: AwsInput;
}

function targetOf(request: IncomingMessage, body: Buffer): Asked {
  const [prefix = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
  const input = (body.length === 0 ? {} : JSON.parse(body.toString())) as AwsInput;
  return { service: SERVICES[prefix], operation, input };
}

function isQuery(request: IncomingMessage): boolean {
  return String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded');
}

/** `ActionNames.member.1=ecr:PutImage` stays as it is. */
function queryOf(body: Buffer): Asked {
  const { Action: operation = '', Version = '', ...input } = Object.fromEntries(new URLSearchParams(body.toString()));
  return { service: QUERY_SERVICES[Version], operation, input };
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => `<member>${xml(each)}</member>`).join('');
  if (typeof value !== 'object' || value === null)
    return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return Object.entries(value)
    .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
    .join('');
}

async function passOn(request: IncomingMessage, body: Buffer, behind: string, response: ServerResponse): Promise<void> {
  const answered = await askBehind(request, body, behind);
  const type = answered.headers.get('content-type') ?? 'application/x-amz-json-1.1';
  response.writeHead(answered.status, { 'content-type': type }).end(Buffer.from(await answered.arrayBuffer()));
}

async function forwarded(request: IncomingMessage, body: Buffer, behind: string): Promise<AwsInput> {
  const answered = await askBehind(request, body, behind);
  const input = (await answered.json()) as AwsInput;
  if (answered.ok) return input;
  throw new AwsFailure(String(input['__type']), String(input['message']), answered.status);
}

/** The path and the signed headers as they came: moto reads service and Region from them. */
function askBehind(request: IncomingMessage, body: Buffer, behind: string): Promise<Response> {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'x-amz-target', 'x-amz-date']) {
    const header = request.headers[name];
    if (typeof header === 'string') headers.set(name, header);
  }
  return fetch(`${behind}${request.url ?? '/'}`, { method: 'POST', headers, body: new Uint8Array(body) });
}
