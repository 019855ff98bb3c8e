import cliProgress from 'cli-progress';
import { columnsOf, cutEnd, cutMiddle, printable } from '../../report/printable.ts';
import { progressWords, rateMeter, type ProgressDisplay } from './progress-words.ts';
import type { Output } from '../streams.ts';

/** Of the bar itself; the words beside it need up to 60 columns. */
const barColumns = 12;

/** One line on a terminal, redrawn at most ten times a second, erased at the end. */
export function progressBar(stderr: Output): ProgressDisplay {
  let line = '';
  let rate = rateMeter(() => performance.now());
  let name = '';
  const bar = new cliProgress.SingleBar({
    stream: stderr,
    clearOnComplete: true,
    // The cursor stays: nothing has to be put right when the process is killed.
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    barsize: barColumns,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    format: (options, params) => {
      const drawn = params.total > 0 ? `${drawBar(params.progress, options)}  ` : '';
      return fitted(`${drawn}${line}`, name, Math.min(stderr.columns ?? 80, 80) - 1);
    },
  });
  return {
    begin(reference) {
      name = printable(reference);
      line = 'opening';
      rate = rateMeter(() => performance.now());
      bar.start(0, 0);
    },
    update(progress) {
      line = progressWords(progress, rate(progress.bytesDone)).join('  ');
      bar.setTotal(Math.max(progress.bytesTotal ?? 0, 0));
      bar.update(progress.bytesDone);
    },
    end() {
      bar.stop();
    },
  };
}

function drawBar(progress: number, options: cliProgress.Options): string {
  const share = Number.isFinite(progress) ? Math.min(Math.max(progress, 0), 1) : 0;
  return cliProgress.Format.BarFormat(share, options);
}

/** The reference goes before the rest as far as there is room. */
function fitted(text: string, name: string, columns: number): string {
  const room = columns - columnsOf(text) - 2;
  return room < Math.min(columnsOf(name), 8) ? cutEnd(text, columns) : `${cutMiddle(name, room)}  ${text}`;
}
