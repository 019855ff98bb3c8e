import { memberOf, parseJson, textOf } from '../image/json.ts';
import { remoteLimits } from '../remote-limits.ts';
import { gather } from './body.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { RegistryFailure, statusFailure } from './failure.ts';
import type { HttpAnswer, HttpClient } from './http.ts';
import { follow } from './redirects.ts';
import { retryAfterMs } from './retry.ts';

interface Token {
  readonly authorization: string;
  /** Of `performance.now()`. */
  readonly goodUntil: number;
}

/**
 * What is sent as Authorization to one registry: nothing, a password, or tokens, one for each scope (Docker Registry v2
 * authentication via a central service: distribution's docs/spec/auth/token.md, oauth.md). Learned from the first refusal.
 */
export class Authorizer {
  readonly #http: HttpClient;
  readonly #findCredentials: () => Promise<Credentials>;
  #credentials: Promise<Credentials> | undefined;
  #challenge: Challenge | undefined;
  readonly #tokens = new Map<string, Promise<Token>>();

  constructor(http: HttpClient, findCredentials: () => Promise<Credentials>) {
    this.#http = http;
    this.#findCredentials = findCredentials;
  }

  /** For a request of this scope (`repository:app:pull`); undefined until the registry has asked for something. */
  async header(scope: string): Promise<string | undefined> {
    const challenge = this.#challenge;
    if (challenge === undefined) return undefined;
    return await this.#current(scope, challenge, scope, ({ goodUntil }) => goodUntil > performance.now());
  }

  /**
   * After a refusal: `used` was sent, and refused with `challenges`. Afterwards `header` gives something else. Throws
   * RegistryFailure `denied` when there is nothing else to give.
   */
  async renew(scope: string, challenges: readonly Challenge[], used: string | undefined): Promise<void> {
    const challenge = ['bearer', 'basic'].map((name) => challenges.find(({ scheme }) => scheme === name)).find(Boolean);
    if (challenge === undefined) throw new RegistryFailure('denied', 'HTTP 401, and no way to be let in');
    this.#challenge = challenge;
    const asked = challenge.parameters.get('scope') ?? scope;
    await this.#current(scope, challenge, asked, ({ authorization }) => authorization !== used);
  }

  /** The token that is there when it will do, else a new one: of requests that find it wanting together, one asks. */
  async #current(
    scope: string,
    challenge: Challenge,
    asked: string,
    isGood: (token: Token) => boolean,
  ): Promise<string> {
    for (;;) {
      const known = this.#tokens.get(scope);
      const token = await known?.catch(() => undefined);
      if (token !== undefined && isGood(token)) return token.authorization;
      if (this.#tokens.get(scope) !== known) continue;
      const fresh = this.#obtain(challenge, asked);
      this.#tokens.set(scope, fresh);
      return (await fresh).authorization;
    }
  }

  async #obtain(challenge: Challenge, scope: string): Promise<Token> {
    const credentials = await (this.#credentials ??= this.#findCredentials());
    const { registryToken, user, identityToken, trouble } = credentials;
    if (challenge.scheme === 'basic') {
      if (user === undefined) throw new RegistryFailure('denied', withTrouble('HTTP 401, without a password', trouble));
      return { authorization: basic(user), goodUntil: Infinity };
    }
    if (registryToken !== undefined) return { authorization: bearer(registryToken), goodUntil: Infinity };
    const realm = realmOf(challenge);
    const service = challenge.parameters.get('service');
    const answer =
      identityToken === undefined
        ? await this.#ask(realm, service, scope, user)
        : await this.#exchange(realm, service, scope, identityToken);
    if (answer.status !== 200) {
      answer.discard();
      const wait = retryAfterMs(answer.header('retry-after'));
      const { kind, reason, isTransient } = statusFailure(answer.status, { retryAfterMs: wait });
      const why = withTrouble(`${reason} from its token server`, trouble);
      throw new RegistryFailure(kind === 'not-found' ? 'garbled' : kind, why, { isTransient, retryAfterMs: wait });
    }
    const begun = performance.now();
    return tokenOf(parseJson((await gather(answer, remoteLimits.tokenBytes)).toString()), begun);
  }

  async #ask(realm: URL, service: string | undefined, scope: string, user: Credentials['user']): Promise<HttpAnswer> {
    if (service !== undefined) realm.searchParams.set('service', service);
    // Several scopes are several parameters.
    for (const each of scope.split(' ')) realm.searchParams.append('scope', each);
    if (user !== undefined) realm.searchParams.set('account', user.name);
    const { answer } = await follow(this.#http, realm, { authorization: user && basic(user) });
    return answer;
  }

  /** OAuth 2.0 refresh_token grant; the secret is in the body, so no redirect is followed. */
  #exchange(realm: URL, service: string | undefined, scope: string, secret: string): Promise<HttpAnswer> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'phiscan',
      service: service ?? '',
      scope,
      refresh_token: secret,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.#http.request(realm, { method: 'POST', headers, body: form.toString() });
  }
}

function realmOf({ parameters }: Challenge): URL {
  const realm = parameters.get('realm') ?? '';
  if (!URL.canParse(realm)) throw new RegistryFailure('garbled', 'its token server has no address');
  const url = new URL(realm);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function tokenOf(json: unknown, begun: number): Token {
  const token = textOf(memberOf(json, 'token')) || textOf(memberOf(json, 'access_token'));
  // Of nothing else can a header be made.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new RegistryFailure('garbled', 'its token server gave no token');
  const said = memberOf(json, 'expires_in');
  const lifeMs = (typeof said === 'number' && said > 0 ? said : 60) * 1000;
  return { authorization: bearer(token), goodUntil: begun + lifeMs - Math.min(remoteLimits.tokenMarginMs, lifeMs / 2) };
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}

function basic({ name, password }: NonNullable<Credentials['user']>): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

function withTrouble(reason: string, trouble: string | undefined): string {
  return trouble === undefined ? reason : `${reason}; ${trouble}`;
}
