import { Authorizer } from './authorizer.ts';
import { parseChallenges } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { RegistryFailure, statusFailure } from './failure.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http.ts';
import { isLoopback } from './http.ts';
import { DOCKER_HUB } from './image-name.ts';
import { follow } from './redirects.ts';
import type { RetryPace } from './retry.ts';
import { retryAfterMs, withRetries } from './retry.ts';

export interface RegistryRequest extends Omit<HttpRequest, 'body'> {
  /** What the token must allow: `repository:app:pull`. */
  readonly scope: string;
  /** Statuses that are an answer; 200 alone by default. */
  readonly statuses?: readonly number[];
}

const HUB_ENDPOINT = 'registry-1.docker.io';

/** Requests to one registry: with what lets them in, tried again, redirects followed. */
export class Transport {
  readonly host: string;
  readonly http: HttpClient;
  readonly #authorizer: Authorizer;
  readonly #pace: RetryPace | undefined;
  #base: Promise<URL> | undefined;

  constructor(host: string, http: HttpClient, findCredentials: () => Promise<Credentials>, pace?: RetryPace) {
    this.host = host;
    this.http = http;
    this.#authorizer = new Authorizer(http, findCredentials);
    this.#pace = pace;
  }

  /** The address of a path of the registry: `/v2/`. */
  async address(path: string): Promise<URL> {
    this.#base ??= this.#findBase();
    return new URL(path, await this.#base);
  }

  /** `read` is part of the attempt: what breaks in it is asked for again. Throws RegistryFailure. */
  async ask<Result>(
    url: URL,
    request: RegistryRequest,
    read: (answer: HttpAnswer) => Promise<Result>,
  ): Promise<Result> {
    const attempt = async (): Promise<Result> => await read(await this.#attempt(url, request));
    return await withRetries(attempt, this.http.signal, this.#pace);
  }

  async #attempt(url: URL, { scope, statuses = [200], ...request }: RegistryRequest): Promise<HttpAnswer> {
    for (let isRenewed = false; ; isRenewed = true) {
      const authorization = await this.#authorizer.header(scope);
      const { answer, isElsewhere } = await follow(this.http, url, { ...request, authorization });
      const { status } = answer;
      if (statuses.includes(status)) return answer;
      answer.discard();
      const isRefused = status === 401 && !isElsewhere;
      if (!isRefused || isRenewed) {
        const wait = retryAfterMs(answer.header('retry-after'));
        throw statusFailure(status, { isElsewhere, retryAfterMs: wait });
      }
      await this.#authorizer.renew(scope, parseChallenges(answer.header('www-authenticate')), authorization);
    }
  }

  /** TLS; on loopback, where that was asked for, plain HTTP when no TLS is spoken. */
  async #findBase(): Promise<URL> {
    const secure = new URL(`https://${this.host === DOCKER_HUB ? HUB_ENDPOINT : this.host}/`);
    if (!this.http.insecure || !isLoopback(secure.hostname)) return secure;
    try {
      (await this.http.request(new URL('/v2/', secure))).discard();
      return secure;
    } catch (error) {
      if (!(error instanceof RegistryFailure) || error.kind !== 'unreachable') throw error;
      return new URL(`http://${this.host}/`);
    }
  }
}
