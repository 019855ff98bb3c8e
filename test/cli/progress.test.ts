import { describe, expect, it } from 'vitest';
import { progressLines } from '../../src/cli/progress/progress-lines.ts';
import { progressWords, rateMeter } from '../../src/cli/progress/progress-words.ts';
import { openProgress } from '../../src/cli/progress/progress.ts';
import { columnsOf } from '../../src/report/printable.ts';
import type { Progress } from '../../src/scan.ts';
import { kept } from '../support/streams.ts';

const half: Progress = { bytesDone: 920_000_000, bytesTotal: 1_840_000_000, layersDone: 3, layersTotal: 7 };
const piped: Progress = { bytesDone: 920_000_000, bytesTotal: undefined, layersDone: 3, layersTotal: undefined };

describe('words', () => {
  it.each<[string, Progress, number | undefined, readonly string[]]>([
    ['all is known', half, 200_000_000, ['50%', '920 MB of 1.84 GB', '3 of 7 layers', '200 MB/s', '4.6 s left']],
    ['a pipe has no end in sight', piped, 200_000_000, ['920 MB', '3 layers', '200 MB/s']],
    ['no rate yet', half, undefined, ['50%', '920 MB of 1.84 GB', '3 of 7 layers']],
    ['stalled', half, 0, ['50%', '920 MB of 1.84 GB', '3 of 7 layers']],
    ['more than was announced', { ...half, bytesDone: 2e9 }, 1e6, ['2.00 GB', '3 of 7 layers', '1.00 MB/s']],
    ['nothing yet', { ...piped, bytesDone: 0, layersDone: 0 }, undefined, ['0 bytes']],
  ])('%s', (_reason, progress, rate, words) => {
    expect(progressWords(progress, rate)).toEqual(words);
  });
});

describe('rate', () => {
  it('is that of the last five seconds', () => {
    let now = 0;
    const rate = rateMeter(() => now);
    expect(rate(0)).toBeUndefined();
    for (now = 1000; now <= 10_000; now += 1000) rate(now);
    for (; now <= 20_000; now += 1000) rate(10_000 + (now - 10_000) * 5);
    now = 20_500;
    expect(rate(10_000 + 10_500 * 5)).toBeCloseTo(5000, -1);
  });
});

describe('plain lines', () => {
  it('one at the start, one every ten seconds, one at the end', () => {
    const stderr = kept();
    let now = 0;
    const display = progressLines(stderr.stream, () => now);
    display.begin('app:1.4');
    for (now = 100; now <= 25_000; now += 100) display.update({ ...half, bytesDone: now * 10_000 });
    display.end();
    expect(stderr.text().split('\n')).toEqual([
      'phiscan: scanning app:1.4',
      'phiscan: 5%, 100 MB of 1.84 GB, 3 of 7 layers, 10.0 MB/s, 2 min 54 s left',
      'phiscan: 10%, 200 MB of 1.84 GB, 3 of 7 layers, 10.0 MB/s, 2 min 44 s left',
      'phiscan: ended app:1.4: 250 MB read in 25 s',
      '',
    ]);
  });
});

describe('on a terminal', () => {
  it('draws one line of less than 80 columns, and erases it', async () => {
    const stderr = kept({ columns: 80 });
    const display = await openProgress(stderr.stream, {});
    display.begin('registry.example/a/very/long/name/of/an/image:1.4\u001b[2J');
    display.update(half);
    display.update({ bytesDone: 999_499_000_000, bytesTotal: 999_499_000_001, layersDone: 127, layersTotal: 127 });
    display.update(piped);
    display.end();
    const text = stderr.text();
    expect(text).toContain('920 MB');
    expect(text).not.toContain('\n');
    expect(text).not.toContain('\u001b[2J');
    // The last sequence clears the line.
    expect(text.endsWith('\u001b[2K')).toBe(true);
    for (const drawn of text.split(/\u001b\[1G|\u001b\[0K|\u001b[78]|\u001b\[2K/)) {
      expect(columnsOf(drawn), JSON.stringify(drawn)).toBeLessThan(80);
    }
  });

  it('a dumb one gets lines', async () => {
    const stderr = kept({ columns: 80 });
    const display = await openProgress(stderr.stream, { TERM: 'dumb' });
    display.begin('a');
    expect(stderr.text()).toBe('phiscan: scanning a\n');
  });
});
