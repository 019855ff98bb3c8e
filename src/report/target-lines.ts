import type { Target } from '../target.ts';
import type { Palette } from './palette.ts';
import { columnsOf, cutEnd, cutMiddle, printable, wrapped } from './printable.ts';
import { shortDigest } from './short-digest.ts';
import { counted } from './units.ts';

/** What was scanned, and why it was read that way. */
export function targetLines(targets: readonly Target[], width: number, palette: Palette): readonly string[] {
  const lines: string[] = [];
  const absent = new Set<string>();
  for (const [index, target] of targets.entries()) {
    const facts = targetFacts(target);
    const reference = cutMiddle(printable(target.reference), Math.max(20, width - columnsOf(facts)));
    lines.push(palette.bold(reference) + palette.dim(facts));
    for (const platform of target.absentPlatforms ?? []) absent.add(platform);
    // The platforms of one image come from one source, and one index lists them.
    const next = targets[index + 1];
    if (next?.reference === target.reference && next.source === target.source) continue;
    const why = target.source === '' ? [] : wrapped(printable(target.source), width - 2);
    for (const line of why) lines.push(palette.dim(`  ${line}`));
    if (absent.size > 0) {
      const listed = `listed, but not in this source: ${[...absent].map(printable).join(', ')}`;
      for (const line of wrapped(listed, width - 2)) lines.push(palette.dim(`  ${line}`));
      absent.clear();
    }
  }
  return lines;
}

function targetFacts(target: Target): string {
  const facts: string[] = [];
  if (target.platform !== '') facts.push(cutEnd(printable(target.platform), 20));
  if (target.digest !== '') facts.push(cutEnd(shortDigest(target.digest), 20));
  if (target.layers.length > 0) facts.push(counted(target.layers.length, 'layer'));
  return facts.map((fact) => `  ${fact}`).join('');
}
