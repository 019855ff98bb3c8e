import { ScanError } from '../errors.ts';
import type { ExitCode } from '../report/gate.ts';
import { runLedger } from './run-ledger.ts';
import { filesScan, imageScans, type ImageRequest, runScans, type Scans } from './scan-command.ts';
import type { Streams } from './streams.ts';

/** The options of `phiscan scan`. */
export interface MixedRequest extends ImageRequest {
  readonly image?: readonly string[] | undefined;
  readonly path?: readonly string[] | undefined;
  readonly dockerignore: boolean;
}

/** Each image is a scan of its own, and all paths are one more. */
export async function runMixed(request: MixedRequest, scans: Scans, streams: Streams): Promise<ExitCode> {
  const { image = [], path = [] } = request;
  if (image.length + path.length === 0) {
    throw new ScanError('usage', 'nothing to scan. Name it with --image REFERENCE or --path PATH');
  }
  const ledger = runLedger(request.ledger, streams);
  try {
    return await runScans(request, streams, (options) => [
      ...imageScans(image, request, scans, { ...options, ledger: ledger?.open }),
      ...(path.length === 0 ? [] : [filesScan(path, request, scans, options)]),
    ]);
  } finally {
    await ledger?.close();
  }
}
