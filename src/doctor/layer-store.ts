/** Whether layers can be had: ECR gives addresses of them, in a bucket of S3, which may have no way to it. */
import { RegistryFailure } from '../registry/failure.ts';
import { HttpClient } from '../registry/http.ts';
import type { Check } from './check.ts';

/** Amazon ECR User Guide, "Amazon ECR interface VPC endpoints": the bucket that a gateway endpoint must let through. */
export function layerBucket(region: string): URL {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(`https://prod-${region}-starport-layer-bucket.s3.${region}.${suffix}/`);
}

/**
 * Any answer is one: without a signature it is a refusal.
 *
 * @param bucket - Undefined: it is not that of AWS.
 * @param http - Closed in the end.
 */
export async function layerStore(
  place: string,
  bucket: URL | undefined,
  http: HttpClient = new HttpClient(),
): Promise<Check> {
  const common = { id: 'layer-store', place, subject: 'the bucket of layers' } as const;
  if (bucket === undefined) {
    return { ...common, state: 'not-checked', detail: 'another address than that of AWS is asked (--endpoint-url)' };
  }
  try {
    const { status, discard } = await http.request(bucket, { method: 'HEAD' });
    discard();
    return { ...common, state: 'ok', detail: `S3 answers (HTTP ${status})` };
  } catch (error) {
    if (!(error instanceof RegistryFailure)) throw error;
    const todo = 'In a VPC without NAT: a gateway endpoint of S3 that lets this bucket through';
    return { ...common, state: 'failed', detail: `S3 does not answer (${error.reason})`, todo };
  } finally {
    await http.close();
  }
}
