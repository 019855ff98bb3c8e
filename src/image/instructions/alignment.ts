/** Which instruction made which entry of a history. */
import type { HistoryEntry } from '../history.ts';
import { isLike } from './likeness.ts';
import type { DockerfileStage, DockerfileStep } from './step.ts';

type Aligned = readonly (DockerfileStep | undefined)[];

/** Of another stage than the last, so many must be found: a single one may be anybody's. */
const LEAST_OF_OTHERS = 2;
/** Each of these is compared with each. */
const MOST_COMPARED = 200;

/**
 * For each entry of the history, its instruction, where it is certain. A stage of which each instruction is found, in its order, at
 * the end of the history is the one that was built: the last one, or, by `docker build --target`, the only other one. Else the
 * Dockerfile has been changed since: what is word for word the same from the end on is told, as far as nothing else is the same.
 */
export function alignedSteps(history: readonly HistoryEntry[], stages: readonly DockerfileStage[]): Aligned {
  const last = stages.at(-1);
  if (last === undefined) return history.map(() => undefined);
  const ofLast = wholeStage(history, last, 1);
  if (ofLast !== undefined) return ofLast;
  const [only, ...others] = stages.flatMap((stage) => {
    const found = wholeStage(history, stage, LEAST_OF_OTHERS);
    return found === undefined ? [] : [found];
  });
  return only !== undefined && others.length === 0 ? only : sameEnd(history, last);
}

/** The classic builder writes labels of its command line behind everything. */
function endOf(history: readonly HistoryEntry[], { steps }: DockerfileStage): number {
  const step = steps.at(-1);
  const entry = history.at(-1);
  const isExtra =
    entry !== undefined && step !== undefined && /^LABEL\b/.test(entry.instruction) && !isLike(entry, step);
  return history.length - (isExtra ? 2 : 1);
}

/** Undefined where one is missing. ARG leaves no entry with some builders. */
function wholeStage(history: readonly HistoryEntry[], stage: DockerfileStage, least: number): Aligned | undefined {
  const found: (DockerfileStep | undefined)[] = history.map(() => undefined);
  let at = endOf(history, stage);
  let matched = 0;
  for (const step of stage.steps.toReversed()) {
    const entry = history[at];
    if (entry !== undefined && isLike(entry, step)) {
      found[at] = step;
      at -= 1;
      matched += 1;
    } else if (step.name !== 'ARG') {
      return undefined;
    }
  }
  return matched < least ? undefined : found;
}

/** Entries that are like a step which was not reached may be that one's. */
function sameEnd(history: readonly HistoryEntry[], stage: DockerfileStage): Aligned {
  const found: (DockerfileStep | undefined)[] = history.map(() => undefined);
  if (Math.max(history.length, stage.steps.length) > MOST_COMPARED) return found;
  const steps = [...stage.steps];
  for (let at = endOf(history, stage); at >= 0; at -= 1) {
    const [entry, step] = [history[at], steps.at(-1)];
    if (entry === undefined || step === undefined || !isLike(entry, step, 'exactly')) break;
    found[at] = steps.pop();
  }
  return found.map((step, at) => {
    const entry = history[at];
    const isAlone = entry !== undefined && !steps.some((other) => isLike(entry, other));
    return isAlone ? step : undefined;
  });
}
