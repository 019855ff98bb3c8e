import { printable } from '../../report/printable.ts';
import { byteSize, duration } from '../../report/units.ts';
import type { Progress } from '../../scan.ts';
import { progressWords, rateMeter, type ProgressDisplay } from './progress-words.ts';
import type { Output } from '../streams.ts';

/** Milliseconds between two lines where nothing can be redrawn: often enough to show life, seldom enough for a log. */
const lineInterval = 10_000;

/** `now` in milliseconds. */
export function progressLines(stderr: Output, now: () => number): ProgressDisplay {
  let name = '';
  let begun = 0;
  let said = 0;
  let rate = rateMeter(now);
  let last: Progress | undefined;
  return {
    begin(reference) {
      name = printable(reference);
      begun = said = now();
      rate = rateMeter(now);
      last = undefined;
      stderr.write(`phiscan: scanning ${name}\n`);
    },
    update(progress) {
      last = progress;
      const bytesPerSecond = rate(progress.bytesDone);
      if (now() - said < lineInterval) return;
      said = now();
      stderr.write(`phiscan: ${progressWords(progress, bytesPerSecond).join(', ')}\n`);
    },
    end() {
      const read = last === undefined ? '' : `: ${byteSize(last.bytesDone)} read`;
      stderr.write(`phiscan: ended ${name}${read} in ${duration(now() - begun)}\n`);
    },
  };
}
