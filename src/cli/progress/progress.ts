import { progressLines } from './progress-lines.ts';
import type { ProgressDisplay } from './progress-words.ts';
import type { Output } from '../streams.ts';

export const noProgress: ProgressDisplay = { begin: ignore, update: ignore, end: ignore };

function ignore(): void {
  // Nothing to show.
}

/** One redrawn line on a terminal, plain lines elsewhere. */
export async function openProgress(stderr: Output, env: NodeJS.ProcessEnv): Promise<ProgressDisplay> {
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return progressLines(stderr, () => performance.now());
  const { progressBar } = await import('./progress-bar.ts');
  return progressBar(stderr);
}
