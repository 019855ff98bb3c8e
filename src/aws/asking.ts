import { arrayOf, type JsonObject } from '../image/json.ts';
import { limits } from '../limits.ts';
import type { Problem } from '../unpack/chunks.ts';
import { CallFailure } from './failure.ts';
import { Refusals } from './refusals.ts';
import type { Service } from './service.ts';

export interface AskingOptions {
  /** As people call it: `ECS`. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Told once of the same. */
  readonly onGap: (problem: Problem, path: string) => void;
}

/** One service of one Region: what is asked is answered, or is a gap that names the call. */
export class Asking<Inputs> {
  readonly #service: Service<Inputs>;
  readonly #refusals: Refusals;
  readonly #signal: AbortSignal | undefined;
  readonly #onGap: AskingOptions['onGap'];
  readonly #told = new Set<string>();

  constructor(service: Service<Inputs>, { name, signal, onGap }: AskingOptions) {
    this.#service = service;
    this.#refusals = new Refusals(name, service.region);
    this.#signal = signal;
    this.#onGap = onGap;
  }

  get isStopped(): boolean {
    return this.#signal?.aborted === true;
  }

  /**
   * One response; undefined, and a gap at `path`, where there is none.
   *
   * @param absent - What AWS calls it where there is no such thing, which is an answer: an empty one.
   */
  async ask<Operation extends keyof Inputs & string>(
    operation: Operation,
    input: Inputs[Operation],
    path: string,
    absent?: string,
  ): Promise<JsonObject | undefined> {
    if (this.isStopped || !this.#refusals.isWorthAsking(operation)) return undefined;
    try {
      const document = await this.#service.ask(operation, input);
      this.#refusals.answered(operation);
      return document;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (error.reason === absent) {
        this.#refusals.answered(operation);
        return {};
      }
      if (error.kind !== 'stopped') this.gap({ reason: 'unreadable', detail: this.#refusals.note(error) }, path);
      return undefined;
    }
  }

  /** Once: a list may be asked for twice. */
  gap(problem: Problem, path: string): void {
    const key = JSON.stringify([problem.detail, path]);
    if (this.#told.has(key)) return;
    if (this.#told.size < limits.layerGaps) this.#told.add(key);
    this.#onGap(problem, path);
  }

  /** All members of a list, page after page. */
  async *list<Operation extends keyof Inputs & string>(
    operation: Operation,
    input: Inputs[Operation] & object,
    key: string,
    path: string,
  ): AsyncGenerator<unknown, void, undefined> {
    for await (const page of this.pages(operation, input, path)) yield* arrayOf(page[key]);
  }

  /** All pages of a list, or of a description. */
  async *pages<Operation extends keyof Inputs & string>(
    operation: Operation,
    input: Inputs[Operation] & object,
    path: string,
  ): AsyncGenerator<JsonObject, void, undefined> {
    const seen = new Set<unknown>();
    let next: unknown;
    do {
      const page = await this.ask(operation, next === undefined ? input : { ...input, nextToken: next }, path);
      if (page === undefined) return;
      yield page;
      next = page['nextToken'] ?? undefined;
      if (seen.has(next)) {
        // A server that repeats a page would be asked for ever.
        this.#onGap({ reason: 'corrupt', detail: `${this.#service.prefix}:${operation}: a page follows itself` }, path);
        return;
      }
      seen.add(next);
    } while (next !== undefined && next !== '');
  }
}
