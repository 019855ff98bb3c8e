import { ScanError } from '../../errors.ts';
import { DistributionRegistry } from '../../registry/distribution.ts';
import { DistributionListing } from '../../registry/distribution-listing.ts';
import type { ExitCode } from '../../report/gate.ts';
import type { EcrSweepRequest } from './sweep-ecr.ts';
import { type OpenSweep, runSweeps, type SweepRequest } from './sweep-run.ts';
import type { Streams } from '../streams.ts';

export type { EcrSweepRequest };

/** The options of `phiscan sweep registry`. */
export interface RegistrySweepRequest extends SweepRequest {
  readonly insecure: boolean;
}

/** The SDK is loaded for what needs it only. */
export async function sweepEcr(request: EcrSweepRequest, streams: Streams): Promise<ExitCode> {
  if (request.events !== undefined) {
    const { sweepEvents } = await import('./sweep-events.ts');
    return sweepEvents(request, streams);
  }
  const { ecrSweeps } = await import('./sweep-ecr.ts');
  return runSweeps(ecrSweeps(request), request, streams);
}

export function sweepHost(host: string, request: RegistrySweepRequest, streams: Streams): Promise<ExitCode> {
  if (request.format?.includes('asff') === true) {
    throw new ScanError('usage', 'a registry is of no AWS account (--format asff). Give another format');
  }
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
