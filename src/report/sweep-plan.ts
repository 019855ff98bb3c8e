/** What a sweep would do: for people, as one document, or as a line for each layer job. */

import type { EntryGap, Report } from '../finding.ts';
import type { PlannedLayer, PrintedPlan } from '../planned-sweep.ts';
import { placeShape } from './json.ts';
import type { Palette } from './palette.ts';
import { cutMiddle, padded, printable, printableJson } from './printable.ts';
import { byteSize, counted, grouped } from './units.ts';

/** Schema version 1 (docs/sweep-plan.schema.json), ending in a newline. */
export function renderPlanJson(plans: readonly PrintedPlan[], tool: Report['tool']): string {
  const shape = { ...headOf(tool), plans: plans.map(planShape) };
  return `${printableJson(JSON.stringify(shape, undefined, 2))}\n`;
}

/** A line for each layer that would be read, as a queue takes it; each ends in a newline. */
export function renderPlanLines(plans: readonly PrintedPlan[], tool: Report['tool']): string {
  const jobs = plans.flatMap((plan) => plan.jobs);
  return jobs.map((job) => `${printableJson(JSON.stringify({ ...headOf(tool), job: jobShape(job) }))}\n`).join('');
}

function headOf({ name, version, ruleset }: Report['tool']): object {
  return { schemaVersion: 1, tool: { name, version, ruleset } };
}

function planShape(plan: PrintedPlan): object {
  const { registry, account, region, repositories, images, total, remembered, jobs, leftOut, gaps } = plan;
  return {
    registry,
    account,
    region,
    repositories: repositories.map(({ repository, images, rememberedImages, unreadImages }) => {
      return { repository, images, rememberedImages, unreadImages };
    }),
    images: images.map((image) => ({
      ...placeShape(image),
      remembered: image.remembered,
      layers: image.layers,
      unread: image.unread && { reason: image.unread.reason, detail: image.unread.detail },
    })),
    total: { layers: total.layers, bytes: total.bytes },
    remembered: { layers: remembered.layers, bytes: remembered.bytes },
    jobs: jobs.map(jobShape),
    leftOut: leftOut.map(jobShape),
    gaps: gaps.map(gapShape),
  };
}

function jobShape({ registry, digest, size, mediaType, repositories }: PlannedLayer): object {
  return { registry, digest, size, mediaType, repositories };
}

function gapShape({ reason, path, detail, bytes }: EntryGap): object {
  return { reason, path, detail, bytes };
}

/** Ending in a newline. */
export function renderPlanTable(plans: readonly PrintedPlan[], width: number, palette: Palette): string {
  const lines = plans.flatMap((plan, index) => [...(index === 0 ? [] : ['']), ...planLines(plan, width, palette)]);
  return `${lines.join('\n')}\n`;
}

const COUNTS = ['images', 'remembered', 'unread'] as const;
const COUNT_COLUMNS = 12;

function planLines(plan: PrintedPlan, width: number, palette: Palette): readonly string[] {
  const { registry, account, region, repositories, images, total, remembered, jobs, leftOut, gaps } = plan;
  const nameColumns = width - COUNTS.length * COUNT_COLUMNS;
  const heading = [account, region, registry].filter(Boolean).map(printable).join('  ');
  const bytes = jobs.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const over = leftOut.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const lines = [
    palette.bold(cutMiddle(heading, width)),
    palette.dim(padded('  repository', nameColumns) + COUNTS.map((name) => name.padStart(COUNT_COLUMNS)).join('')),
    ...repositories.map(({ repository, images, rememberedImages, unreadImages }) => {
      const numbers = [images, rememberedImages, unreadImages].map((count) => grouped(count).padStart(COUNT_COLUMNS));
      return padded(`  ${cutMiddle(printable(repository), nameColumns - 3)}`, nameColumns) + numbers.join('');
    }),
    `  ${counted(images.length, 'image')} in ${counted(repositories.length, 'repository', 'repositories')}`,
    `  ${counted(total.layers, 'unique layer')} (${byteSize(total.bytes)}), ${grouped(remembered.layers)} remembered`,
    `  to read: ${counted(jobs.length, 'layer')}, ${byteSize(bytes)}`,
  ];
  if (leftOut.length > 0)
    lines.push(palette.warning(`  left out: ${counted(leftOut.length, 'layer')}, ${byteSize(over)}`));
  for (const { reason, path, detail = '' } of gaps) {
    const where = [path, detail].filter(Boolean).map(printable).join(': ');
    lines.push(palette.warning(cutMiddle(`  not listed: ${reason}${where === '' ? '' : `, ${where}`}`, width)));
  }
  return lines;
}
