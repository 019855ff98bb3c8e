/** The one door to HTTP: no redirect is followed here, nothing is decompressed, and no error holds an address. */
import { setMaxListeners } from 'node:events';
import type { Agent } from 'node:http';
import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { limits } from '../limits.ts';
import { remoteLimits } from '../remote-limits.ts';
import type { Chunks } from '../unpack/chunks.ts';
import { bodyOf, discard, exchange } from './exchange.ts';
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
  /** By what they connect to. */
  readonly #agents = new Map<string, Agent>();
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
      const answer = await exchange(url, {
        method,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'phiscan', ...headers },
        body,
        agent: await this.#agentFor(url),
        signal: this.#stop.signal,
        connectMs: this.#connectMs,
        idleMs: this.#idleMs,
      });
      this.#hasAnswered = true;
      return {
        status: answer.statusCode ?? 0,
        header: (name) => [answer.headers[name] ?? []].flat().join(', '),
        body: this.#chunks(bodyOf(answer, this.#idleMs)),
        discard: () => {
          discard(answer, this.#idleMs);
        },
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  close(): Promise<void> {
    this.#stop.abort();
    for (const agent of this.#agents.values()) agent.destroy();
    return Promise.resolve();
  }

  async *#chunks(body: Chunks): Chunks {
    try {
      yield* body;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Proxies do not reach this machine, and servers of it may be without a certificate. */
  async #agentFor(url: URL): Promise<Agent> {
    const isHere = isLoopback(url.hostname);
    const options = { keepAlive: true, maxSockets: remoteLimits.connections };
    if (!isHere && namesProxy()) {
      const { proxyAgent, proxyFor } = await import('./proxy.ts');
      const proxy = proxyFor(url);
      if (proxy !== undefined) return this.#agent(proxy.href, () => proxyAgent(proxy, options, this.#connectMs));
    }
    if (url.protocol === 'http:') return this.#agent('plain', () => new PlainAgent(options));
    const secure = { ...options, rejectUnauthorized: !(isHere && this.insecure) };
    return this.#agent(isHere ? 'here' : 'secure', () => new SecureAgent(secure));
  }

  #agent(name: string, make: () => Agent): Agent {
    const agent = this.#agents.get(name) ?? make();
    this.#agents.set(name, agent);
    return agent;
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

function namesProxy(): boolean {
  return Object.keys(process.env).some((name) => /^(?:https|all)_proxy$/i.test(name));
}

/** Where the name of a code says it not so well. */
const WORDS: Readonly<Record<string, string>> = {
  CONNECT_TIMEOUT: 'no connection in time',
  ANSWER_TIMEOUT: 'no answer in time',
  BODY_TIMEOUT: 'no further byte in time',
  ECONNRESET: 'the connection broke',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke',
  PROXY_REFUSES: 'the proxy refuses the connection',
  NO_PROXY_ADDRESS: 'the address of the proxy is none',
  EPROTO: 'no TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS',
};

/** Certificates and protocols do not mend by themselves. */
const LASTING = /^(?:CERT|ERR_INVALID|DEPTH|SELF|UNABLE|ERR_TLS|ERR_SSL|EPROTO|HPE|NO_PROXY)/;

/** Of a host that has never answered: its name is wrong, or it is not there. */
const ABSENT = /^(?:ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/;

/** Names of Node's, OpenSSL's and the parser's errors, and of phiscan's own; no input chooses them. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return error.name === 'AbortError' ? 'ABORTED' : undefined;
}

export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}
