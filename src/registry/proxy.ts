/** The one door to https-proxy-agent and proxy-from-env: through the proxies that the environment names. */
import type { Agent, AgentOptions, ClientRequest, OutgoingHttpHeaders } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { HttpFault } from './exchange.ts';

/**
 * The address of the proxy for one with TLS, by `https_proxy`, `all_proxy` and `no_proxy`; undefined for none. A name in `no_proxy` is
 * that of all below it, too, as for docker and curl: the package takes it for itself alone. Throws HttpFault.
 */
export function proxyFor({ hostname, port }: URL): URL | undefined {
  const proxies = withParents(hostname).map((host) => getProxyForUrl(`https://${host}:${port || '443'}`));
  const [proxy = ''] = proxies;
  if (proxies.includes('')) return undefined;
  if (!/^https?:/i.test(proxy) || !URL.canParse(proxy)) throw new HttpFault('NO_PROXY_ADDRESS');
  return new URL(proxy);
}

/** `a.b.c`, `b.c`, `c`; an address of IP alone. */
function withParents(hostname: string): readonly string[] {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return [hostname];
  const labels = hostname.split('.').filter((label) => label !== '');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

/** `connectMs`: until the proxy has a connection to the server. Throws HttpFault. */
export function proxyAgent(proxy: URL, options: AgentOptions, connectMs: number): Agent {
  const bare = new URL(proxy);
  bare.username = '';
  bare.password = '';
  const user = [proxy.username, proxy.password].map(decoded).join(':');
  // Not in the address, and not as they are: both are printed when DEBUG or NODE_DEBUG asks for it.
  const headers = (): OutgoingHttpHeaders =>
    user === ':' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` };
  return new TimedProxyAgent(bare, { ...options, headers }, connectMs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpFault('NO_PROXY_ADDRESS');
  }
}

class TimedProxyAgent extends HttpsProxyAgent<string> {
  readonly #connectMs: number;

  constructor(proxy: URL, options: AgentOptions & { headers: () => OutgoingHttpHeaders }, connectMs: number) {
    super(proxy, options);
    this.#connectMs = connectMs;
  }

  /** What a proxy says that refuses would look like an answer of the server. */
  override async connect(
    request: ClientRequest,
    options: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    let status = 200;
    request.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new HttpFault('CONNECT_TIMEOUT'));
      }, this.#connectMs);
    });
    try {
      const socket = await Promise.race([super.connect(request, options), late]);
      if (status !== 200) throw new HttpFault('PROXY_REFUSES');
      return socket;
    } catch (error) {
      // The agent's own faults have none.
      throw error instanceof Error && 'code' in error ? error : new HttpFault('ECONNRESET');
    } finally {
      clearTimeout(timer);
    }
  }
}
