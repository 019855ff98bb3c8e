import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { encodedHints } from '../../src/read/encoded-hints.ts';
import { Shape } from '../../src/detect/automaton.ts';
import { decodings, encodedRuns, hasEncodedRun } from '../../src/read/encodings.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const twice = Buffer.from(encodeURIComponent(`ssn=${ssn}`)).toString('base64');

test.each<[string, string, readonly string[]]>([
  ['percent', 'Jane%20Roe', ['Jane Roe']],
  ['percent with UTF-8', 'Zo%C3%AB', ['Zoë']],
  ['percent that is no UTF-8', '%ff%fe', []],
  ['base64', Buffer.from(ssn).toString('base64'), [ssn]],
  ['base64 for URLs, without padding', Buffer.from(`${ssn}??>`).toString('base64url'), [`${ssn}??>`]],
  ['base64 of a binary file', Buffer.from([0, 1, 2, 3, 255, 254, 7, 8, 9]).toString('base64'), []],
  ['percent in base64', twice, [`ssn%3D${ssn}`, `ssn=${ssn}`]],
  ['JSON escapes', 'Zo\\u00eb \\"Roe\\"', ['Zoë "Roe"']],
  ['quoted-printable', 'Zo=C3=AB', ['Zoë']],
  ['a word', 'hello', []],
  ['a path', '/usr/share/doc', []],
  ['a share of something', '100% of them', []],
  ['nothing', '', []],
])('%s', (_title, value, expected) => {
  expect(decodings(value)).toEqual(expected);
});

test.each<[string, string, readonly string[]]>([
  ['quoted-printable with its equals sign', `ssn=3D${ssn}`, [`ssn=${ssn}`]],
  ['quoted-printable over two lines', `Jane=\nRoe`, ['JaneRoe']],
  ['an assignment of digits is not quoted-printable', `ssn=${ssn}`, []],
  [
    'base64 over several lines',
    Buffer.from(`${ssn} `.repeat(12).trim()).toString('base64').replace(/.{40}/g, '$&\n'),
    [`${ssn} `.repeat(12).trim()],
  ],
  ['a data URL', `data:text/plain;base64,${Buffer.from(ssn).toString('base64')}`, [ssn]],
  ['a data URL without base64', 'data:,Jane%20Roe', ['Jane Roe']],
  ['gzip in base64', gzipSync(ssn).toString('base64'), [ssn]],
  ['zlib in base64', deflateSync(ssn).toString('base64'), [ssn]],
  ['gzip that is cut', gzipSync(`${ssn}\n`.repeat(9)).subarray(0, -8).toString('base64'), [`${ssn}\n`.repeat(9)]],
  ['a bomb is not unpacked', gzipSync(Buffer.alloc(4 * 1024 * 1024, 0x61)).toString('base64'), []],
  ['bytes in hexadecimal', `\\x${Buffer.from(ssn).toString('hex')}`, [ssn]],
  ['a digest', `0x9f86d081884c7d659a2feaa0c55ad015`, []],
  ['a date in code', 'datetime.date(1961, 3, 12)', ['1961-03-12']],
  ['LocalDate', 'LocalDate.of(1961, 3, 12)', ['1961-03-12']],
])('%s', (_title, value, expected) => {
  expect(decodings(value)).toEqual(expected);
});

const ENCODERS: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => gzipSync(text).toString('base64'),
  (text) => encodeURIComponent(text),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => `\\x${Buffer.from(text).toString('hex')}`,
];

test('encodings inside each other are undone down to the bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...ENCODERS), { minLength: 1, maxLength: limits.decodingDepth }),
      (encoders) => {
        const encoded = encoders.reduce((text, encode) => encode(text), `{"ssn": "${ssn}"}`);
        expect(decodings(encoded).some((decoded) => decoded.includes(ssn))).toBe(true);
      },
    ),
  );
});

test('below the bound it ends', () => {
  let value = `ssn=${ssn}`;
  for (let depth = 0; depth <= limits.decodingDepth; depth++) value = Buffer.from(value).toString('base64');
  expect(decodings(value)).toHaveLength(limits.decodingDepth);
});

test('runs of base64 inside a text', () => {
  const run = Buffer.from(`ssn=${ssn} and more`).toString('base64');
  const line = `x ${run} /usr/share/doc/packages/readme ${'0123456789abcdef'.repeat(4)}`;
  expect(encodedRuns(line, (text) => text.includes('ssn'))).toEqual([{ index: 2, value: `ssn=${ssn} and more` }]);
});

test('each hint stands in the base64 of its label, wherever it begins', () => {
  const hints = encodedHints().map((source) => new Shape(source));
  for (let before = 0; before < 6; before++) {
    const text = Buffer.from(`${'x'.repeat(before)}{"ssn":"${ssn}"}`).toString('base64');
    expect(hints.some((hint) => hint.isIn(text))).toBe(true);
  }
  expect(hints.some((hint) => hint.isIn(gzipSync('x').toString('base64')))).toBe(true);
});

test('the look for a long run of base64 finds what a pattern finds', () => {
  const part = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9+/_-]{0,26}$/),
    fc.constantFrom(' ', '=', 'é', '\u2019', '.', '\u{1F600}'),
  );
  const lines = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(fc.property(lines, (line) => hasEncodedRun(line) === /[A-Za-z0-9+/_-]{24}/.test(line)));
});
