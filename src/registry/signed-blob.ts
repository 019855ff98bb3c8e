import type { OpenBlob } from './blob-download.ts';
import { rangeFrom } from './blob-download.ts';
import { statusFailure } from './failure.ts';
import type { HttpClient } from './http.ts';
import { follow } from './redirects.ts';
import type { RetryPace } from './retry.ts';
import { retryAfterMs, withRetries } from './retry.ts';

/** A blob behind signed addresses: `address` gives one just before its use, and another when it has expired. What `address`
 * throws is thrown on, and tried again only when it is a RegistryFailure that may pass. */
export function signedBlob(http: HttpClient, address: () => Promise<URL>, pace?: RetryPace): OpenBlob {
  return (offset) =>
    withRetries(
      async () => {
        const { answer } = await follow(http, await address(), { headers: rangeFrom(offset) });
        if (answer.status === 200 || answer.status === 206 || answer.status === 416) return answer;
        answer.discard();
        throw statusFailure(answer.status, {
          isElsewhere: true,
          retryAfterMs: retryAfterMs(answer.header('retry-after')),
        });
      },
      http.signal,
      pace,
    );
}
