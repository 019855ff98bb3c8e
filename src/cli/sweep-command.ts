import { DistributionRegistry } from '../registry/distribution.ts';
import { DistributionListing } from '../registry/distribution-listing.ts';
import type { ExitCode } from '../report/gate.ts';
import { ecrSweeps, type EcrSweepRequest } from './sweep-ecr.ts';
import { sweepEvents } from './sweep-events.ts';
import { type OpenSweep, runSweeps, type SweepRequest } from './sweep-run.ts';
import type { Streams } from './streams.ts';

export type { EcrSweepRequest };

/** The options of `phiscan sweep registry`. */
export interface RegistrySweepRequest extends SweepRequest {
  readonly insecure: boolean;
}

export function sweepEcr(request: EcrSweepRequest, streams: Streams): Promise<ExitCode> {
  return request.events === undefined ? runSweeps(ecrSweeps(request), request, streams) : sweepEvents(request, streams);
}

export function sweepHost(host: string, request: RegistrySweepRequest, streams: Streams): Promise<ExitCode> {
  const open = (): Promise<OpenSweep> => {
    const registry = new DistributionRegistry(host, { insecure: request.insecure, env: streams.env });
    const listing = new DistributionListing(registry);
    return Promise.resolve({
      swept: [{ registry, listing, account: '', region: '' }],
      close: () => registry.close(),
    });
  };
  return runSweeps([{ reference: `registry:${host}`, open }], request, streams);
}
