import { expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { xmlTokens } from '../../src/read/xml/xml-parser.ts';
import { XmlSteps } from '../../src/read/xml/xml-steps.ts';
import { patient } from '../support/patients.ts';

const { ssn } = patient(17);
const SLICE = 65_536;

/** What a hostile part is made of, and how often. */
const hostile: readonly (readonly [string, string])[] = [
  ['tags without an end', '<a>'],
  ['empty tags', '<a/>'],
  ['strings that are not closed', '<si>'],
  ['lone ampersands', '&'],
  ['text', 'a word '],
  ['quotes without an end', '<a b="'],
];

test.each(hostile)('%s: no more steps than asked for, and where they end is known', (_title, unit) => {
  const steps = new XmlSteps(50_000);
  const text = unit.repeat(2_000_000 / unit.length);
  let tags = 0;
  for (const { name } of xmlTokens(text, steps)) if (name !== '') tags++;
  // A slice is read whole.
  expect(tags).toBeLessThanOrEqual(50_000 + SLICE);
  const stop = steps.takeStop() ?? 0;
  expect(stop).toBeGreaterThan(0);
  expect(stop).toBeLessThanOrEqual(4 * 50_000 + SLICE);
  expect(steps.takeStop()).toBeUndefined();
});

test.each(hostile)('%s: no token holds more than some pieces of text', (_title, unit) => {
  let longest = 0;
  let all = 0;
  for (const { text } of xmlTokens(unit.repeat(3_000_000 / unit.length))) {
    longest = Math.max(longest, text.length);
    all += text.length;
  }
  expect(longest).toBeLessThanOrEqual(5 * SLICE);
  if (!unit.includes('<')) expect(all).toBe(Math.floor(3_000_000 / unit.length) * unit.length);
});

test('text in pieces is the text', () => {
  const text = Array.from({ length: 90_000 }, (_, index) => `word${index} &amp; `).join('');
  const pieces = [...xmlTokens(`<t>${text}</t><t>end</t>`)];
  const closed = pieces.findIndex(({ kind }) => kind === 'close');
  const read = pieces.slice(0, closed).map((token) => token.text);
  // No `toBe`: a difference would be printed whole.
  expect(read.join('') === text.replaceAll('&amp;', '&')).toBe(true);
  expect(read.length).toBeGreaterThan(2);
  expect(pieces.slice(closed).map(({ kind, text }) => `${kind} ${text}`)).toEqual(['close ', 'open end', 'close ']);
});

test('behind its steps a document is scanned as text, and there is a gap', () => {
  const engine = new Engine();
  // Blanks are the fastest work.
  const blanks = Buffer.alloc(4 * limits.officeSteps, ' ');
  const text = (root: string): Buffer => Buffer.from(`<${root}><w:p><w:t>SSN: ${ssn}</w:t></w:p></${root}>`);
  const findings = engine.office(
    'a.docx',
    new Map([
      ['word/header1.xml', text('w:hdr')],
      ['docProps/core.xml', blanks],
      ['word/document.xml', text('w:document')],
    ]),
  );
  expect(findings.map(({ detector, place }) => `${detector} ${place.pointer ?? ''}`)).toEqual([
    'ssn word/header1.xml',
    'ssn word/document.xml',
  ]);
  expect(engine.takeUnread().map(({ reason }) => reason)).toEqual(['byte-limit']);
});

test('an ordinary document is read to its end without a gap', () => {
  const engine = new Engine();
  const rows = Array.from({ length: 2000 }, (_, row) => `<w:p><w:t>Line ${row} of nothing.</w:t></w:p>`).join('');
  const part = Buffer.from(`<w:document>${rows}<w:p><w:t>SSN: ${ssn}</w:t></w:p></w:document>`);
  expect(engine.office('a.docx', new Map([['word/document.xml', part]])).map(({ detector }) => detector)).toEqual([
    'ssn',
  ]);
  expect(engine.takeUnread()).toEqual([]);
});
