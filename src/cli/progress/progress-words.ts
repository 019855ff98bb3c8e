import { byteSize, counted, duration, grouped } from '../../report/units.ts';
import type { Progress } from '../../scan.ts';

/** Shows how far a scan is, on stderr. One scan begins and ends before the next. */
export interface ProgressDisplay {
  /** With a reference whose values are masked. */
  readonly begin: (name: string) => void;
  readonly update: (progress: Progress) => void;
  /** Erases what was drawn. */
  readonly end: () => void;
}

/** `45%`, `812 MB of 1.84 GB`, `3 of 7 layers`, `210 MB/s`, `5 s left`; what is not known is left out. */
export function progressWords(progress: Progress, bytesPerSecond: number | undefined): readonly string[] {
  const { bytesDone, bytesTotal, layersDone, layersTotal, unit = 'layer' } = progress;
  const words: string[] = [];
  const known = bytesTotal !== undefined && bytesTotal > 0 && bytesDone <= bytesTotal;
  if (known) words.push(`${Math.floor((bytesDone / bytesTotal) * 100)}%`);
  words.push(known ? `${byteSize(bytesDone)} of ${byteSize(bytesTotal)}` : byteSize(bytesDone));
  if (layersTotal !== undefined && layersTotal > 0) {
    words.push(`${grouped(layersDone)} of ${counted(layersTotal, unit)}`);
  } else if (layersDone > 0) {
    words.push(counted(layersDone, unit));
  }
  if (bytesPerSecond !== undefined && bytesPerSecond >= 1) {
    words.push(`${byteSize(bytesPerSecond)}/s`);
    if (known) words.push(`${duration(((bytesTotal - bytesDone) / bytesPerSecond) * 1000)} left`);
  }
  return words;
}

/** Bytes for each second of the last five; undefined in the first half second, which says nothing. */
export function rateMeter(now: () => number): (bytesDone: number) => number | undefined {
  const samples: { readonly at: number; readonly bytes: number }[] = [{ at: now(), bytes: 0 }];
  return (bytesDone) => {
    const at = now();
    samples.push({ at, bytes: bytesDone });
    while (samples.length > 2 && at - (samples[1]?.at ?? at) > 5000) samples.shift();
    const [first] = samples;
    if (first === undefined || at - first.at < 500) return undefined;
    return ((bytesDone - first.bytes) / (at - first.at)) * 1000;
  };
}
