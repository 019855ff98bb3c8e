import { scanEcs } from '../aws/ecs/scan-ecs.ts';
import { cacheFolder } from '../ledger/folder.ts';
import type { ExitCode } from '../report/gate.ts';
import { echo } from './echo.ts';
import { type ReportRequest, runScans } from './scan-command.ts';
import type { Streams } from './streams.ts';

/** The options of `phiscan ecs`. */
export interface EcsRequest extends ReportRequest {
  readonly cluster?: readonly string[] | undefined;
  readonly family?: readonly string[] | undefined;
  readonly maxRevisions?: number | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly region?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly cache: boolean;
}

/** One Region after the other: one that cannot be asked does not lose the others. */
export function runEcs(request: EcsRequest, streams: Streams): Promise<ExitCode> {
  const { cluster = [], family = [], region = [], maxRevisions, since, profile, endpointUrl } = request;
  const { voice, env } = streams;
  return runScans(request, streams, (options, mask) =>
    (region.length === 0 ? [undefined] : [...new Set(region)]).map((name) => ({
      reference: name === undefined ? 'ecs' : `ecs:${name}`,
      run: () =>
        scanEcs({
          ...options,
          clusters: [...new Set(cluster)],
          families: [...new Set(family)],
          maxRevisions,
          since,
          region: name,
          profile,
          endpoint: endpointUrl,
          cacheFolder: request.cache ? cacheFolder(env) : undefined,
          onWarning: (warning) => {
            voice.note(echo(warning, mask));
          },
        }),
    })),
  );
}
