import { ScanError } from '../../errors.ts';
import { DistributionRegistry } from '../../registry/distribution.ts';
import { DistributionListing } from '../../registry/distribution-listing.ts';
import type { ExitCode } from '../../report/gate.ts';
import type { EcrSweepRequest } from './sweep-ecr.ts';
import type { SweepRequest } from './sweep-run.ts';
import type { Streams } from '../streams.ts';
import { EarlyListing } from '../../sweep/early-listing.ts';
import { repositoryFilter } from '../../sweep/scope.ts';

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
  const [{ ecrSweeps }, { runSweeps }] = await Promise.all([import('./sweep-ecr.ts'), import('./sweep-run.ts')]);
  return runSweeps(ecrSweeps(request), request, streams);
}

/** The registry is asked what it holds while the engine is loaded. */
export async function sweepHost(host: string, request: RegistrySweepRequest, streams: Streams): Promise<ExitCode> {
  if (request.format?.includes('asff') === true) {
    throw new ScanError('usage', 'a registry is of no AWS account (--format asff). Give another format');
  }
  const registry = new DistributionRegistry(host, { insecure: request.insecure, env: streams.env });
  try {
    const isInScope = repositoryFilter({ repositories: request.repository ?? [] });
    const listing = new EarlyListing(new DistributionListing(registry), isInScope);
    const { runSweeps } = await import('./sweep-run.ts');
    const swept = [{ registry, listing, account: '', region: '' }];
    const open = () => Promise.resolve({ swept, close: () => Promise.resolve() });
    return await runSweeps([{ reference: `registry:${host}`, open }], request, streams);
  } finally {
    await registry.close();
  }
}
