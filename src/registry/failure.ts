import type { GapReason } from '../finding.ts';
import { ScanError } from '../errors.ts';
import type { ScanErrorCode } from '../errors.ts';
import type { Problem } from '../unpack/chunks.ts';

/** `expired`: an address that was good for a while. `garbled`: what answers is no registry. `stopped`: by phiscan itself. */
export type FailureKind = 'not-found' | 'denied' | 'throttled' | 'expired' | 'unreachable' | 'garbled' | 'stopped';

/** A request that was not answered as it should. It holds no text of the server, and no address: those may be signed. */
export class RegistryFailure extends Error {
  readonly kind: FailureKind;
  /** `HTTP 503`, `ECONNRESET`, or a clause of phiscan's own. */
  readonly reason: string;
  /** The same request may succeed later. */
  readonly isTransient: boolean;
  /** As the server asks, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: FailureKind,
    reason: string,
    {
      isTransient = false,
      retryAfterMs,
    }: { readonly isTransient?: boolean; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(`${kind}: ${reason}`);
    this.name = 'RegistryFailure';
    this.kind = kind;
    this.reason = reason;
    this.isTransient = isTransient;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a status says that is no answer. `isElsewhere`: of another server, to which a redirect led with an address of its own. */
export function statusFailure(
  status: number,
  {
    isElsewhere = false,
    retryAfterMs,
  }: { readonly isElsewhere?: boolean; readonly retryAfterMs?: number | undefined } = {},
): RegistryFailure {
  const reason = `HTTP ${status}`;
  if (status === 404 || status === 410) return new RegistryFailure('not-found', reason);
  if (isElsewhere && (status === 400 || status === 401 || status === 403)) {
    return new RegistryFailure('expired', reason, { isTransient: true });
  }
  if (status === 401 || status === 403) return new RegistryFailure('denied', reason);
  if (status === 429) return new RegistryFailure('throttled', reason, { isTransient: true, retryAfterMs });
  const isTransient = status === 408 || status === 425 || status >= 500;
  return new RegistryFailure(isTransient ? 'unreachable' : 'garbled', reason, { isTransient, retryAfterMs });
}

const CODES: Readonly<Record<FailureKind, ScanErrorCode>> = {
  'not-found': 'not-found',
  denied: 'denied',
  expired: 'denied',
  throttled: 'unreachable',
  unreachable: 'unreachable',
  garbled: 'unreachable',
  stopped: 'unreachable',
};

const REASONS: Readonly<Record<FailureKind, GapReason>> = {
  'not-found': 'missing-blob',
  denied: 'unreadable',
  expired: 'unreadable',
  throttled: 'unreadable',
  unreachable: 'unreadable',
  garbled: 'unreadable',
  stopped: 'interrupted',
};

/** For a message: what is wrong, without what to do. */
function failureClause(error: unknown, host: string): string {
  if (!(error instanceof RegistryFailure)) throw error;
  const { kind, reason } = error;
  switch (kind) {
    case 'not-found':
      return `${host} does not have it (${reason})`;
    case 'denied':
      return `${host} does not allow it (${reason})`;
    case 'expired':
      return `the address that ${host} gave for it is refused (${reason})`;
    case 'throttled':
      return `${host} allows no more requests for now (${reason})`;
    case 'unreachable':
      return `${host} does not answer (${reason})`;
    case 'garbled':
      return `${host} does not answer as a registry does (${reason})`;
    case 'stopped':
      return 'the scan was ended';
  }
}

/** `what`: `the manifest of registry.example/app:1`. `todo`: what the user can do. */
export function scanErrorOf(error: unknown, host: string, what: string, todo: string): ScanError {
  if (!(error instanceof RegistryFailure)) throw error;
  return new ScanError(CODES[error.kind], `${what} cannot be had: ${failureClause(error, host)}: ${todo}`);
}

/** A gap for it. Throws what is no failure of a registry. */
export function problemOf(error: unknown, host: string): Problem {
  if (!(error instanceof RegistryFailure)) throw error;
  return { reason: REASONS[error.kind], detail: failureClause(error, host) };
}
