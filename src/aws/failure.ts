/** `credentials`: AWS does not know who asks. `unreachable`: nobody answered. `stopped`: by phiscan's own signal. */
export type FailureKind = 'denied' | 'credentials' | 'unreachable' | 'unsupported' | 'stopped' | 'other';

/** A call that was not answered, retries included. It holds no text of AWS, which repeats names and values. */
export class CallFailure extends Error {
  readonly operation: string;
  readonly kind: FailureKind;
  /** AWS's own name of it: `AccessDeniedException`, `ECONNREFUSED`. */
  readonly reason: string;

  /** `service`: as IAM has it, `ecs`. */
  constructor(service: string, operation: string, error: unknown, isStopped: boolean) {
    const reason = reasonOf(error);
    super(`${service}:${operation}: ${reason}`);
    this.name = 'CallFailure';
    this.operation = operation;
    this.reason = reason;
    this.kind = isStopped ? 'stopped' : kindOf(reason);
  }
}

/** As AWS (API Reference, "Common Errors") and the SDK's providers name them. */
const CREDENTIALS =
  /^(?:CredentialsProviderError|TokenProviderError|UnrecognizedClientException|Invalid(?:ClientTokenId|AccessKeyId|SignatureException)|ExpiredToken(?:Exception)?|RequestExpired|IncompleteSignature|MissingAuthenticationToken(?:Exception)?|NotAuthorized|OptInRequired|SignatureDoesNotMatch|AuthFailure)$/;
const UNREACHABLE = /^(?:E[A-Z]{3,}|EAI_AGAIN|TimeoutError|(?:CERT|DEPTH|SELF|UNABLE|ERR_TLS)_[A-Z_]+)$/;
/** An emulator that does not know the call answers with a page of HTML. */
const UNSUPPORTED = /^(?:UnknownOperationException|InvalidAction|UnsupportedOperation(?:Exception)?|SyntaxError)$/;

function kindOf(reason: string): FailureKind {
  if (/^AccessDenied(?:Exception)?$/.test(reason)) return 'denied';
  if (CREDENTIALS.test(reason)) return 'credentials';
  if (UNREACHABLE.test(reason)) return 'unreachable';
  return UNSUPPORTED.test(reason) ? 'unsupported' : 'other';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code;
  return /^[A-Za-z]{1,60}$/.test(error.name) ? error.name : 'Error';
}
