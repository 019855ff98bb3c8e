import fc from 'fast-check';
import { expect, test } from 'vitest';

import { detectors } from '../../detectors/index.ts';
import { Automaton } from '../../src/detect/automaton.ts';
import { HintWindow } from '../../src/engine/hint-window.ts';
import { limits } from '../../src/limits.ts';

const automaton = new Automaton(detectors);

/** Hints of one search over the whole entry, as offsets. */
function wholeHints(entry: Buffer): number[][] {
  const hints: number[][] = [];
  for (let from = 0; ;) {
    const hint = automaton.find(entry, from);
    if (hint === undefined) return hints;
    hints.push([hint.start, hint.end]);
    from = Math.max(hint.end, hint.start + 1);
  }
}

function windowHints(entry: Buffer, splits: readonly number[]): number[][] {
  const window = new HintWindow(automaton, 0);
  const hints: number[][] = [];
  const take = (isLast: boolean): void => {
    for (const hint of window.hints(isLast)) hints.push([hint.start + window.offset, hint.end + window.offset]);
  };
  let at = 0;
  for (const size of [...splits, entry.length]) {
    for (const end = Math.min(entry.length, at + size); at < end;) {
      at += window.fill(entry.subarray(at, end));
      take(false);
      if (window.isFull) window.shift(() => undefined);
    }
  }
  take(true);
  return hints;
}

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const pieces = fc.constantFrom(
  Buffer.from('ssn'),
  Buffer.from('SSN: '),
  Buffer.from('mrn=12'),
  Buffer.from('patient_id'),
  Buffer.from('Medical Record'),
  Buffer.from(ssn),
  Buffer.from('x'),
  Buffer.from(' '),
  Buffer.from('"resourceType": "Patient"'),
  Buffer.from('date of birth', 'utf16le'),
  Buffer.from([0]),
  Buffer.from([0xff, 0xe9]),
  Buffer.alloc(limits.hintBytes - 3, 'z'),
);

test('any split gives the hints of one search over the whole entry', () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }),
      (parts, splits) => {
        const entry = Buffer.concat(parts);
        expect(windowHints(entry, splits)).toEqual(wholeHints(entry));
      },
    ),
    { numRuns: 200 },
  );
});

test('hints beside the end of a window are the same, whatever the shift', () => {
  const filler = Buffer.alloc(limits.chunkBytes - 40, 'word ');
  for (let shift = 0; shift < 60; shift += 7) {
    const entry = Buffer.concat([
      filler,
      Buffer.alloc(shift, ' '),
      Buffer.from(`SSN ${ssn} `),
      filler,
      Buffer.from(' mrn '),
      filler,
    ]);
    expect(windowHints(entry, [])).toEqual(wholeHints(entry));
  }
});

test('a long entry without hints keeps the window small', () => {
  const window = new HintWindow(automaton, 0);
  const size = window.fill(Buffer.alloc(4 * limits.chunkBytes, 'a '));
  expect(size).toBeLessThan(2 * limits.chunkBytes);
});
