/** The one door to HTTP: no redirect is followed here, nothing is decompressed, and no error holds an address. */
import { setMaxListeners } from 'node:events';
import { channel } from 'node:diagnostics_channel';
import { debuglog } from 'node:util';
import type { Dispatcher } from './undici.ts';
import { limits } from '../limits.ts';
import { remoteLimits } from '../remote-limits.ts';
import type { Chunks } from '../unpack/chunks.ts';
import { RegistryFailure } from './failure.ts';

export interface HttpOptions {
  /** Of servers on loopback: plain HTTP, and certificates that nobody vouches for. */
  readonly insecure?: boolean;
  /** Until a connection stands, and until the next byte, in milliseconds. */
  readonly connectMs?: number;
  readonly idleMs?: number;
}

export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** By name in lower case; several of one name are joined with a comma. Empty where there is none. */
  readonly header: (name: string) => string;
  /** As it comes over the wire. Throws RegistryFailure. To be read to its end or left early, or given to `discard`. */
  readonly body: Chunks;
  readonly discard: () => void;
}

/** Connections to any servers. */
export class HttpClient {
  readonly insecure: boolean;
  readonly #connectMs: number;
  readonly #idleMs: number;
  readonly #stop = new AbortController();
  /** Apart from all others: proxies do not reach it, and it may be without a certificate. */
  #loopback: Promise<Dispatcher> | undefined;
  #others: Promise<Dispatcher> | undefined;
  #hasAnswered = false;

  constructor({ insecure = false, connectMs = limits.connectMs, idleMs = remoteLimits.idleMs }: HttpOptions = {}) {
    // Requests that are under way listen, which node takes for a leak and says so.
    setMaxListeners(0, this.#stop.signal);
    this.insecure = insecure;
    this.#connectMs = connectMs;
    this.#idleMs = idleMs;
  }

  /** Ended by `close`. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** True for TLS, and for anything on loopback where that was asked for. */
  allows({ protocol, hostname }: URL): boolean {
    return protocol === 'https:' || (protocol === 'http:' && this.insecure && isLoopback(hostname));
  }

  /** Throws RegistryFailure when no answer comes, or the address is not allowed. */
  async request(url: URL, { method = 'GET', headers = {}, body }: HttpRequest = {}): Promise<HttpAnswer> {
    if (!this.allows(url)) throw new RegistryFailure('denied', 'an address without TLS');
    try {
      const dispatcher = await this.#dispatcherOf(url);
      const answer = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'phiscan', ...headers },
        body: body ?? null,
        // undici would end the connection after each HEAD, for servers that send a body all the same. Whatever such a one says
        // next on it is checked by its digest.
        reset: false,
        signal: this.#stop.signal,
      });
      this.#hasAnswered = true;
      return {
        status: answer.statusCode,
        header: (name) => [answer.headers[name] ?? []].flat().join(', '),
        body: this.#chunks(answer.body),
        discard: () => {
          // What is short is read to its end, so that the connection can be used again.
          answer.body.dump({ limit: remoteLimits.tokenBytes }).catch(() => undefined);
        },
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const dispatcher of [this.#loopback, this.#others])
      await (await dispatcher?.catch(() => undefined))?.destroy();
  }

  async *#chunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* body;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #dispatcherOf({ hostname }: URL): Promise<Dispatcher> {
    if (isLoopback(hostname)) return (this.#loopback ??= this.#connect(true));
    return (this.#others ??= this.#connect(false));
  }

  /** Loaded by the first request. */
  async #connect(isLoopback: boolean): Promise<Dispatcher> {
    const { Agent, EnvHttpProxyAgent } = await import('./undici.ts');
    silenceDebugging();
    const options = {
      connections: remoteLimits.connections,
      headersTimeout: this.#idleMs,
      bodyTimeout: this.#idleMs,
      connect: { timeout: this.#connectMs, rejectUnauthorized: !(isLoopback && this.insecure) },
    };
    return isLoopback ? new Agent(options) : new EnvHttpProxyAgent(options);
  }

  #failure(error: unknown): RegistryFailure {
    if (error instanceof RegistryFailure) return error;
    if (this.#stop.signal.aborted) return new RegistryFailure('stopped', 'stopped');
    const code = codeOf(error);
    if (code === undefined) throw error;
    const isTransient = !LASTING.test(code) && (this.#hasAnswered || !ABSENT.test(code));
    return new RegistryFailure('unreachable', WORDS[code] ?? code, { isTransient });
  }
}

/** What undici calls a thing, where the name says it not so well. */
const WORDS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'no further byte in time',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'another length than was said',
  UND_ERR_ABORTED: 'the proxy refuses the connection',
  ERR_INVALID_URL: 'the address of the proxy is none',
  EPROTO: 'no TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS',
};

/** Certificates and protocols do not mend by themselves. */
const LASTING = /^(?:CERT|ERR_INVALID|DEPTH|SELF|UNABLE|ERR_TLS|ERR_SSL|EPROTO|HPE|UND_ERR_INVALID)/;

/** Of a host that has never answered: its name is wrong, or it is not there. */
const ABSENT = /^(?:ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/;

/** Names of Node's, OpenSSL's, undici's and its parser's errors; no input chooses them. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return error.name === 'AbortError' ? 'ABORTED' : undefined;
}

export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** With NODE_DEBUG=undici or fetch, undici prints each address with its signature: the package, and the one inside Node, which
 * listens to the package, too. What they print is not published; to be called when the package is loaded. */
function silenceDebugging(): void {
  if (!debuglog('undici').enabled && !debuglog('fetch').enabled) return;
  for (const event of ['client:sendHeaders', 'request:headers', 'request:trailers', 'request:error']) {
    Object.defineProperty(channel(`undici:${event}`), 'publish', { value: () => undefined, configurable: true });
  }
}
