/** The one door to the SDK's SQS client. Loaded by the first watch of a queue. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { faultKind, ScanError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { remoteLimits } from '../../remote-limits.ts';

type Logger = NonNullable<SQSClientConfig['logger']>;

export interface QueueOptions {
  readonly queueUrl: string;
  /** Undefined: what the queue's address says, then the environment or the profile. */
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** Of this receipt; another one has another. */
  readonly handle: string;
}

/** Calls throw what the SDK throws; `queueFault` says what of that is the end. */
export interface Queue {
  /** Waits up to so many seconds for a message; empty when there is none, or when the signal says to stop. */
  readonly receive: (most: number, waitSeconds: number, signal: AbortSignal) => Promise<readonly QueueMessage[]>;
  /** Keeps a message from others for `remoteLimits.queueVisibilityMs` more, or, with 0, gives it back at once. */
  readonly keep: (handle: string, milliseconds: number) => Promise<void>;
  readonly remove: (handle: string) => Promise<void>;
  /** Whether what is never deleted ends in another queue; undefined when nobody may ask. */
  readonly hasRedrivePolicy: () => Promise<boolean | undefined>;
  readonly close: () => void;
}

/** The SDK prints what it is asked and answered, bodies among it, wherever there is a logger. */
const SILENT: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing of it is for anybody.
}

export function openQueue({ queueUrl, region, profile, endpoint }: QueueOptions): Queue {
  // Whoever runs phiscan can do nothing about it, and it would stand among what phiscan says.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const inRegion = region ?? regionOf(queueUrl);
  const { AWS_ENDPOINT_URL_SQS: ofSqs, AWS_ENDPOINT_URL: ofAll } = process.env;
  // The SDK would ask the queue's own address, whatever the environment says, and print that it does.
  const address = endpoint ?? (ofSqs || ofAll);
  const client = new SQSClient({
    ...(inRegion === undefined ? {} : { region: inRegion }),
    ...(profile === undefined ? {} : { profile }),
    ...(address ? { endpoint: address } : {}),
    retryMode: 'adaptive',
    logger: SILENT,
    requestHandler: { connectionTimeout: limits.connectMs, requestTimeout: remoteLimits.queueAnswerMs },
  });
  return {
    receive: async (most, waitSeconds, signal) => {
      const answer = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: most,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: seconds(remoteLimits.queueVisibilityMs),
        }),
        { abortSignal: signal },
      );
      return (answer.Messages ?? []).map(({ MessageId: id = '', Body: body = '', ReceiptHandle: handle = '' }) => {
        return { id, body, handle };
      });
    },
    keep: async (handle, milliseconds) => {
      const input = { QueueUrl: queueUrl, ReceiptHandle: handle, VisibilityTimeout: seconds(milliseconds) };
      await client.send(new ChangeMessageVisibilityCommand(input));
    },
    remove: async (handle) => {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
    },
    hasRedrivePolicy: async () => {
      const input = { QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy' as const] };
      const answer = await client.send(new GetQueueAttributesCommand(input));
      return answer.Attributes?.['RedrivePolicy'] !== undefined;
    },
    close: () => {
      client.destroy();
    },
  };
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

/** `https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events`, and the older `us-east-1.queue.amazonaws.com`. */
function regionOf(queueUrl: string): string | undefined {
  const host = URL.canParse(queueUrl) ? new URL(queueUrl).hostname : '';
  return /^sqs(?:-fips)?\.([a-z0-9-]+)\./.exec(host)?.[1] ?? /^([a-z0-9-]+)\.queue\.amazonaws\./.exec(host)?.[1];
}

/** As AWS (SQS API Reference, "Common Errors" and ReceiveMessage) and the SDK's providers name them. */
const NO_QUEUE = /^(?:QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue|InvalidAddress|InvalidHost)$/;
const DENIED =
  /^(?:AccessDenied(?:Exception)?|Kms(?:AccessDenied|Disabled|NotFound|OptInRequired|InvalidState|InvalidKeyUsage))$/;
const CREDENTIALS =
  /^(?:CredentialsProviderError|TokenProviderError|UnrecognizedClientException|Invalid(?:ClientTokenId|AccessKeyId|SignatureException)|ExpiredToken(?:Exception)?|SignatureDoesNotMatch|MissingAuthenticationToken(?:Exception)?)$/;

/** What waiting does not mend; undefined for what may pass. Without AWS's own text, which repeats names. */
export function queueFault(error: unknown, name: string): ScanError | undefined {
  const reason = error instanceof Error ? error.name : '';
  if (NO_QUEUE.test(reason)) {
    return new ScanError('not-found', `no such queue (${name}). Check --queue-url and --region`, { cause: error });
  }
  if (DENIED.test(reason)) {
    const todo = 'deploy/iam/ecs-watch-sqs.json has the least policy';
    return new ScanError('denied', `the queue may not be read (${name}: ${faultKind(error)}). ${todo}`, {
      cause: error,
    });
  }
  if (CREDENTIALS.test(reason)) {
    const todo = 'Log in (aws sso login), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile';
    return new ScanError('usage', `AWS takes no credentials that were found (${faultKind(error)}). ${todo}`, {
      cause: error,
    });
  }
  if (error instanceof Error && /region is missing/i.test(error.message)) {
    return new ScanError('usage', 'no Region is set. Name one with --region, or set AWS_REGION', { cause: error });
  }
  return undefined;
}
