import { remoteLimits } from '../remote-limits.ts';
import { RegistryFailure } from './failure.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http.ts';

export interface Followed {
  readonly answer: HttpAnswer;
  /** Another server gave it than the one that was asked. */
  readonly isElsewhere: boolean;
}

/**
 * The answer at the end of all redirects. `authorization` is sent to the server that was asked and to no other: addresses that
 * redirects give are signed, and some stores refuse a request with both. Throws RegistryFailure.
 */
export async function follow(
  http: HttpClient,
  url: URL,
  { authorization, headers = {}, ...request }: HttpRequest & { readonly authorization?: string | undefined },
): Promise<Followed> {
  let at = url;
  for (let step = 0; step <= remoteLimits.redirects; step++) {
    const isElsewhere = at.origin !== url.origin;
    const own = isElsewhere || authorization === undefined ? headers : { ...headers, authorization };
    const answer = await http.request(at, { ...request, headers: own });
    if (![301, 302, 303, 307, 308].includes(answer.status)) return { answer, isElsewhere };
    answer.discard();
    at = targetOf(answer.header('location'), at);
  }
  throw new RegistryFailure('garbled', `more than ${remoteLimits.redirects} redirects`);
}

function targetOf(location: string, from: URL): URL {
  const target = location !== '' && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (target === undefined) throw new RegistryFailure('garbled', 'a redirect without an address');
  // A user in an address would be sent as a header: nobody gave it to us.
  target.username = '';
  target.password = '';
  return target;
}
