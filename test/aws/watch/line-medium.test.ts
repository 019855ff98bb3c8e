import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/aws/watch/delivery.ts';
import { lineMedium } from '../../../src/aws/watch/line-medium.ts';
import { limits } from '../../../src/limits.ts';

/** `line 1: text`, `line 2: too-long 4194305`, `interrupted behind line 2`. */
function shown({ name, content }: Delivery): string {
  switch (content.kind) {
    case 'text':
      return `${name}: ${content.text}`;
    case 'too-long':
      return `${name}: too-long ${content.bytes}`;
    case 'events':
      return content.gaps.map(({ reason, path }) => `${reason} ${path}`).join();
  }
}

function read(chunks: Iterable<Buffer | string>, stop = new AbortController()): Promise<readonly string[]> {
  return collected(lineMedium(Readable.from(chunks), stop.signal).deliveries);
}

async function collected(deliveries: AsyncIterable<Delivery>): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const delivery of deliveries) {
    told.push(shown(delivery));
    await delivery.settle('read');
  }
  return told;
}

describe('lines', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', '', []],
    ['empty lines are counted and not told', '\n  \na\n', ['line 3: a']],
    ['the last one needs no end', 'a\nb', ['line 1: a', 'line 2: b']],
    ['the ends of Windows', 'a\r\n\r\nb\r\n', ['line 1: a\r', 'line 3: b\r']],
  ])('%s', async (_title, text, expected) => {
    expect(await read([Buffer.from(text)])).toEqual(expected);
  });

  test('are the same however the bytes are split, inside of a character too', async () => {
    const bytes = Buffer.from('{"a": "Müller 😀"}\n\n{"b": 1}\nend');
    const whole = await read([bytes]);
    expect(whole).toEqual(['line 1: {"a": "Müller 😀"}', 'line 3: {"b": 1}', 'line 4: end']);
    const cuts = fc.uniqueArray(fc.nat(bytes.length), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [0, ...places.sort((a, b) => a - b), bytes.length];
        const parts = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        expect(await read(parts.filter((part) => part.length > 0))).toEqual(whole);
      }),
    );
  });

  test('are read from a stream of texts as well', async () => {
    expect(await read(['a\nb', 'c\n'])).toEqual(['line 1: a', 'line 2: bc']);
  });

  test('of just the bound are read; one byte more, in however many parts, is not kept', async () => {
    const bound = Buffer.alloc(limits.eventBytes, 'x');
    const [fits = '', long, next] = await read([bound, Buffer.from('\n'), bound, Buffer.from('y\nz\n')]);
    expect(fits.length).toBe('line 1: '.length + limits.eventBytes);
    expect([long, next]).toEqual([`line 2: too-long ${limits.eventBytes + 1}`, 'line 3: z']);
  });
});

describe('a signal', () => {
  test('ends it behind the line in hand, of which the rest of its buffer is a gap', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    for await (const delivery of lineMedium(Readable.from([Buffer.from('a\nb\nc\n')]), stop.signal).deliveries) {
      told.push(shown(delivery));
      stop.abort();
    }
    expect(told).toEqual(['line 1: a', 'interrupted behind line 1']);
  });

  test('ends a pipe into which nothing is written, and half a line is not told as a whole one', async () => {
    const pipe = new Readable({ read: () => undefined });
    const stop = new AbortController();
    const reading = collected(lineMedium(pipe, stop.signal).deliveries);
    pipe.push('a\n{"half":');
    setTimeout(() => {
      stop.abort();
    }, 20);
    expect(await reading).toEqual(['line 1: a', 'interrupted behind line 1']);
    expect(pipe.destroyed).toBe(true);
  });

  test('that came before is obeyed, too', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await read([Buffer.from('a\n')], stop)).toEqual(['interrupted behind line 0']);
  });
});

test('a pipe that breaks is no end of the input', async () => {
  const pipe = new Readable({ read: () => undefined });
  const reading = collected(lineMedium(pipe, new AbortController().signal).deliveries);
  pipe.push('a\n');
  pipe.destroy(Object.assign(new Error('read'), { code: 'EIO' }));
  await expect(reading).rejects.toMatchObject({ code: 'EIO' });
});
