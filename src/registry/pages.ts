import { isObject, parseJson } from '../image/json.ts';
import type { JsonObject } from '../image/json.ts';
import { remoteLimits } from '../remote-limits.ts';
import { gather } from './body.ts';
import { RegistryFailure } from './failure.ts';
import type { RegistryRequest, Transport } from './transport.ts';

/** The pages of a list (OCI distribution, "Listing Tags"), each one JSON object. Throws RegistryFailure, also in the middle. */
export async function* pages(
  transport: Transport,
  path: string,
  request: RegistryRequest,
): AsyncGenerator<JsonObject, void, undefined> {
  const seen = new Set<string>();
  let url: URL | undefined = await transport.address(path);
  while (url !== undefined) {
    if (seen.has(url.href)) throw new RegistryFailure('garbled', 'a list whose next page is one before');
    seen.add(url.href);
    const at: URL = url;
    const { json, link } = await transport.ask(at, request, async (answer) => ({
      json: parseJson((await gather(answer, remoteLimits.answerBytes)).toString()),
      link: answer.header('link'),
    }));
    if (!isObject(json)) throw new RegistryFailure('garbled', 'a list that is no JSON object');
    yield json;
    url = nextPage(link, at);
  }
}

/** Of a Link header (RFC 8288). Another server is not asked: it would get what lets us in. */
function nextPage(link: string, from: URL): URL | undefined {
  for (const [, target = '', parameters = ''] of link.matchAll(/<([^<>]{1,4096})>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*(?:"next"|next(?=[\s;,]|$))/i.test(parameters)) continue;
    const url = URL.canParse(target, from.href) ? new URL(target, from.href) : undefined;
    if (url?.origin !== from.origin) throw new RegistryFailure('garbled', 'a list whose next page is elsewhere');
    return url;
  }
  return undefined;
}
