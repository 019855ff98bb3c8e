import { ScanError } from '../errors.ts';
import { remoteLimits } from '../remote-limits.ts';
import type { CallFailure } from './failure.ts';

/** Calls of an operation that are denied in a row before the rest of them is not made: a policy may know one cluster of many,
 * but does not change within a sweep. */
const REFUSED_OFTEN = 20;
/** Calls in a row that nobody answers, each with its retries, before the rest is not made: the network is gone. */
const UNANSWERED_OFTEN = 3 * remoteLimits.awsCallsAtOnce;

/** Calls of one Region that were not answered as asked: which of them are worth asking again, and what is told of each. */
export class Refusals {
  readonly #service: string;
  readonly #region: string;
  /** In a row, by operation. */
  readonly #refused = new Map<string, number>();
  #hasAnswered = false;
  #unanswered = 0;

  /** `service`: as people call it, `ECS`. */
  constructor(service: string, region: string) {
    this.#service = service;
    this.#region = region;
  }

  /** False where a gap says already that nothing more is asked. */
  isWorthAsking(operation: string): boolean {
    return this.#unanswered < UNANSWERED_OFTEN && (this.#refused.get(operation) ?? 0) < REFUSED_OFTEN;
  }

  answered(operation: string): void {
    this.#refused.delete(operation);
    this.#heard();
  }

  /** Gives the detail of its gap; throws ScanError where nothing was answered before and nothing will be. */
  note(failure: CallFailure): string {
    const { kind, operation, message } = failure;
    if (kind === 'credentials' || kind === 'unreachable') {
      if (!this.#hasAnswered) throw this.#notAnswering(failure);
      this.#unanswered += 1;
      return this.#unanswered === UNANSWERED_OFTEN ? `${message}; nothing more was asked in this Region` : message;
    }
    this.#heard();
    if (kind !== 'denied' && kind !== 'unsupported') return message;
    const often = kind === 'denied' ? (this.#refused.get(operation) ?? 0) + 1 : REFUSED_OFTEN;
    this.#refused.set(operation, often);
    return often === REFUSED_OFTEN ? `${message}; it was not asked again` : message;
  }

  /** A refusal is an answer, too. Calls that were under way when it was given up do not take that back. */
  #heard(): void {
    this.#hasAnswered = true;
    if (this.#unanswered < UNANSWERED_OFTEN) this.#unanswered = 0;
  }

  /** Instead of a report in which everything is a gap. */
  #notAnswering({ kind, reason }: CallFailure): ScanError {
    if (kind === 'credentials') {
      const todo = 'Log in again, or name a --profile';
      return new ScanError('denied', `AWS does not accept the credentials (${this.#region}: ${reason}). ${todo}`);
    }
    const todo = 'Check the Region, the network and --endpoint-url';
    return new ScanError('not-found', `${this.#service} does not answer (${this.#region}: ${reason}). ${todo}`);
  }
}
