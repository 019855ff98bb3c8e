import { DistributionRegistry } from '../registry/distribution.ts';
import { DistributionListing } from '../registry/distribution-listing.ts';
import type { ExitCode } from '../report/gate.ts';
import { runSweeps, type SweepRequest } from './sweep-run.ts';
import type { Streams } from './streams.ts';

/** The options of `phiscan sweep registry`. */
export interface RegistrySweepRequest extends SweepRequest {
  readonly insecure: boolean;
}

export function sweepHost(host: string, request: RegistrySweepRequest, streams: Streams): Promise<ExitCode> {
  const open = (): Promise<{ swept: [{ registry: DistributionRegistry; listing: DistributionListing; account: ''; region: '' }]; close: () => Promise<void> }> => {
    const registry = new DistributionRegistry(host, { insecure: request.insecure, env: streams.env });
    const listing = new DistributionListing(registry);
    return Promise.resolve({ swept: [{ registry, listing, account: '', region: '' }], close: () => registry.close() });
  };
  return runSweeps([{ reference: `registry:${host}`, open }], request, streams);
}
