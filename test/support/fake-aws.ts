/**
 * An AWS on loopback that speaks the AWS JSON protocol (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html) to the
 * real SDK. It answers the operations that a test gives it, and forwards the rest to moto where there is one.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Of `X-Amz-Target`: what is before the dot, and how the tests call it. */
const SERVICES: Readonly<Record<string, AwsService>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonSQS: 'sqs',
};

type AwsService = 'ecs' | 'sqs';
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

export function denied(operation: string): AwsFailure {
  const user = `arn:aws:sts::${ACCOUNT}:assumed-role/sweep/run`;
  const message = `User: ${user} is not authorized to perform: ecs:${operation} because no policy allows it`;
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
    const [prefix = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
    const service = SERVICES[prefix];
    if (service === undefined) throw new AwsFailure('UnknownOperationException', 'no such target', 404);
    const count = (counts.get(`${service}.${operation}`) ?? 0) + 1;
    counts.set(`${service}.${operation}`, count);
    const input = (body.length === 0 ? {} : JSON.parse(body.toString())) as AwsInput;
    const call = { service, operation, input, region: regionOf(request), count, at: performance.now() };
    calls.push(call);
    const answer = answers[`${service}.${operation}`] ?? answers[operation];
    if (answer !== undefined) send(response, request, 200, await answer(call));
    else if (behind !== undefined) await forward(request, body, behind, response);
    else throw new AwsFailure('UnknownOperationException', `${operation} has no answer`, 404);
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      const { type, message, status } =
        error instanceof AwsFailure ? error : new AwsFailure('ServerException', String(error), 500);
      send(response, request, status, { __type: type, message });
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

function send(response: ServerResponse, request: IncomingMessage, status: number, body: unknown): void {
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'r' }).end(JSON.stringify(body));
}

/** The path and the signed headers as they came: moto reads service and Region from them. */
async function forward(
  request: IncomingMessage,
  body: Buffer,
  behind: string,
  response: ServerResponse,
): Promise<void> {
  const headers = new Headers();
  for (const name of ['authorization', 'content-type', 'x-amz-target', 'x-amz-date']) {
    const header = request.headers[name];
    if (typeof header === 'string') headers.set(name, header);
  }
  const answered = await fetch(`${behind}${request.url ?? '/'}`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  const type = answered.headers.get('content-type') ?? 'application/x-amz-json-1.1';
  response.writeHead(answered.status, { 'content-type': type }).end(Buffer.from(await answered.arrayBuffer()));
}
