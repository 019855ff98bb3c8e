import type { Engine } from '../engine/engine.ts';
import type { EntryGap, SweptPlace } from '../finding.ts';
import type { PrintedPlan } from '../planned-sweep.ts';
import type { LayerJob } from './layer-job.ts';
import type { SweepPlan } from './plan.ts';
import { compareTexts } from './swept.ts';

/** A plan with all values in names masked. `gaps`: of the listing, beside the plan's own. */
export function printedPlan(
  plan: SweepPlan,
  { account, region }: Pick<SweptPlace, 'account' | 'region'>,
  gaps: readonly EntryGap[],
  engine: Engine,
): PrintedPlan {
  const { registry, repositories, images, total, remembered, jobs, leftOut } = plan;
  const mask = (text: string): string => engine.maskText(text);
  const printedJob = (job: LayerJob): LayerJob => ({
    ...job,
    mediaType: mask(job.mediaType),
    repositories: job.repositories.map(mask),
  });
  return {
    registry,
    account,
    region,
    repositories: repositories.map((repository) => {
      const own = images.filter((image) => image.repository === repository);
      return {
        repository: mask(repository),
        images: own.length,
        rememberedImages: own.filter((image) => image.remembered).length,
        unreadImages: own.filter(({ problem }) => problem !== undefined).length,
      };
    }),
    images: images.map(({ repository, digest, tags, pushedAt, remembered, layers, problem }) => ({
      registry,
      account,
      region,
      repository: mask(repository),
      digest,
      tags: tags.map(mask).sort(compareTexts),
      ...(pushedAt === undefined ? {} : { pushedAt: pushedAt.toISOString() }),
      remembered,
      layers,
      ...(problem === undefined
        ? {}
        : {
            unread: {
              reason: problem.reason,
              ...(problem.detail === undefined ? {} : { detail: mask(problem.detail) }),
            },
          }),
    })),
    total,
    remembered,
    jobs: jobs.map(printedJob),
    leftOut: leftOut.map(printedJob),
    gaps: [...plan.gaps, ...gaps].map((gap) => ({
      ...gap,
      path: mask(gap.path),
      ...(gap.detail === undefined ? {} : { detail: mask(gap.detail) }),
    })),
  };
}
