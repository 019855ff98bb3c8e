import type { LayerJob } from './layer-job.ts';

/**
 * In the order of the images that need them, so that images are ready one after the other; but those first that would keep one
 * thread busy when the others have nothing more to do. What has no size is read when its turn comes.
 */
export function jobOrder(jobs: readonly LayerJob[], threads: number): readonly LayerJob[] {
  const total = jobs.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const share = total / Math.max(1, threads);
  const isLong = ({ size }: LayerJob): boolean => threads > 1 && (size ?? 0) > share / 2;
  const long = jobs.filter(isLong).sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
  return [...long, ...jobs.filter((job) => !isLong(job))];
}
