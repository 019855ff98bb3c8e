import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedMatch } from '../../src/detect/judge.ts';
import { LineMarks } from '../../src/detect/line-marks.ts';
import { MarkedValues } from '../../src/detect/marked-values.ts';
import { limits } from '../../src/limits.ts';

const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r\n',
    '\n\n',
    'phiscan:ignore',
    ' why not',
    ' x',
    '# phiscan:ignore first',
    'a',
    'phis',
    'can:ignore why\n',
  ),
  fc.constantFrom(limits.lineBytes - 40, limits.lineBytes, 3 * limits.lineBytes).map((length) => 'b'.repeat(length)),
);

/** As it is documented, in one line after the other. */
function naive(text: string): readonly (string | undefined)[] {
  return text.split('\n').map((line) => {
    if (line.length > limits.lineBytes) return undefined;
    const [, reason] = /(?<![\w-])phiscan:ignore(?:\s(.*)|$)/.exec(line) ?? [];
    if (reason === undefined) return /(?<![\w-])phiscan:ignore\s*$/.test(line) ? '' : undefined;
    return /[a-z]{2}/.test(reason) ? reason.replace(/\s+/g, ' ').trim().slice(0, 1000) : '';
  });
}

test('each line has its first mark, however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.nat({ max: 300 }), { maxLength: 20 }),
      (pieces, sizes) => {
        const text = pieces.join('');
        const bytes = Buffer.from(text);
        const marks = new LineMarks();
        const known: number[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          const part = Buffer.from(bytes.subarray(at, at + size));
          marks.write(part);
          part.fill(0);
          at = Math.min(bytes.length, at + size);
          // What is known is known for good: its line has ended, or is too long.
          const open = text.slice(0, at).lastIndexOf('\n') + 1;
          if (marks.isKnown(open) && open < at) expect(at - open).toBeGreaterThan(limits.lineBytes);
          known.push(open);
        }
        marks.end();
        let start = 0;
        for (const [index, line] of text.split('\n').entries()) {
          const expected = naive(text)[index];
          for (const place of [start, start + Math.max(0, line.length - 1)]) {
            const found = line === '' ? undefined : marks.markAt(place)?.reason.slice(0, 1000);
            expect(found, `line ${index + 1}`).toBe(line === '' ? undefined : expected);
          }
          start += line.length + 1;
        }
        expect(known.every((open) => marks.isKnown(open))).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

describe('a value', () => {
  const at = (offset: number): readonly PlacedMatch[] => [{ at: offset } as PlacedMatch];

  test('waits for the end of its line, and those behind it wait for it', () => {
    const marks = new LineMarks();
    const values = new MarkedValues(marks);
    const counted: (readonly [string, boolean])[] = [];
    const add = (name: string, offset: number): void => {
      values.add(at(offset), ({ isAccepted }) => counted.push([name, isAccepted]));
    };
    marks.write(Buffer.from('one\ntwo '));
    add('two', 4);
    add('one', 0);
    expect(counted).toEqual([]);
    marks.write(Buffer.from('# phiscan:ig'));
    marks.write(Buffer.from('nore why\nthree'));
    add('three', 30);
    expect(counted).toEqual([
      ['two', true],
      ['one', false],
    ]);
    marks.end();
    values.end();
    expect(counted.at(-1)).toEqual(['three', false]);
  });

  test('of a line that is too long does not wait', () => {
    const marks = new LineMarks();
    const values = new MarkedValues(marks);
    let counted = false;
    marks.write(Buffer.alloc(limits.lineBytes + 1, 'a'));
    values.add(at(0), () => (counted = true));
    expect(counted).toBe(true);
  });
});

test('no more marks are heeded than there is room for', () => {
  const marks = new LineMarks();
  const line = Buffer.from('phiscan:ignore why\n');
  for (let count = 0; count <= limits.lineMarks; count++) marks.write(line);
  marks.end();
  expect(marks.markAt((limits.lineMarks - 1) * line.length)?.reason).toBe('why');
  expect(marks.markAt(limits.lineMarks * line.length)).toBeUndefined();
});
