import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { compilePrefilter, prefilterModule } from '../../../scripts/wasm/compile.js';
import RE2 from 're2';
import { describe, expect, test } from 'vitest';
import { detectors } from '../../../detectors/index.ts';
import { Automaton } from '../../../src/detect/automaton.ts';
import type { HintSpan } from '../../../src/detect/hint-search.ts';
import {
  hintAlternatives,
  hintSource,
  markerAlternatives,
  type HintAlternative,
} from '../../../src/detect/hint-source.ts';
import { beginningsOf } from '../../../src/detect/prefilter/pattern-beginnings.ts';
import { hintTrie } from '../../../src/detect/prefilter/hint-trie.ts';
import { Prefilter } from '../../../src/detect/prefilter/prefilter.ts';
import { prefilterTables } from '../../../src/detect/prefilter/prefilter-tables.ts';
import { markersOf } from '../../../src/engine/engine.ts';

const alternatives = [...hintAlternatives(detectors), ...markerAlternatives(markersOf())];
const pattern = new RE2(hintSource(alternatives), 'g');
const automaton = new Automaton(detectors, markersOf());
// So many bytes make it build its prefilter.
automaton.test(Buffer.alloc(9 * 1024 * 1024));

function hintsByRe2(bytes: Buffer): HintSpan[] {
  const hints: HintSpan[] = [];
  for (let from = 0; ;) {
    pattern.lastIndex = from;
    const found = pattern.exec(bytes);
    if (found === null) return hints;
    hints.push({ start: found.index, end: found.index + found[0].length });
    from = found.index + found[0].length;
  }
}

function hintsByAutomaton(bytes: Buffer): HintSpan[] {
  const hints: HintSpan[] = [];
  for (let from = 0; ;) {
    const hint = automaton.find(bytes, from);
    if (hint === undefined) return hints;
    hints.push(hint);
    from = hint.end;
  }
}

const labels = [...new Set(detectors.flatMap((detector) => detector.labels.strong))];
/** What makes a label a hint, or not. */
const edges = fc.constantFrom(
  '',
  ' ',
  '\n',
  ':',
  '"',
  '_',
  's',
  'S',
  'x',
  'X',
  '7',
  '.',
  '\u00e9',
  '\0',
  '-',
  '/',
  'sx',
);
const spelled = fc
  .tuple(
    fc.constantFrom(...labels),
    fc.constantFrom('lower' as const, 'upper' as const, 'title' as const, 'camel' as const, 'wide' as const),
    fc.constantFrom(' ', '_', '-', '.', '', '  '),
  )
  .map(([label, spelling, separator]) => {
    const words = label.split(' ');
    const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    switch (spelling) {
      case 'upper':
        return words.join(separator).toUpperCase();
      case 'title':
        return title.join(separator);
      case 'camel':
        return (words[0] ?? '') + title.slice(1).join('');
      case 'wide':
        return Array.from(words.join(separator), (letter) => `${letter}\0`).join('');
      case 'lower':
        return words.join(separator);
    }
  });
const digits = (count: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(9), { minLength: count, maxLength: count }).map((all) => all.join(''));
const dash = fc.constantFrom('-', ' ', '.', '\u2010', '\u2013', '');
const dashed = fc.tuple(digits(3), dash, digits(2), dash, digits(4)).map((parts) => parts.join(''));
const filler = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constant('x'.repeat(300)),
);
const texts = fc
  .array(fc.tuple(edges, fc.oneof(spelled, dashed, filler), edges), { minLength: 1, maxLength: 30 })
  .map((parts) => Buffer.from(parts.flat().join('')));

describe('the prefilter', () => {
  test('hides no hint and makes none, whatever stands around it', () => {
    fc.assert(
      fc.property(texts, (bytes) => {
        expect(hintsByAutomaton(bytes)).toEqual(hintsByRe2(bytes));
      }),
      { numRuns: 1500 },
    );
  });

  const sources = [...markersOf(), ...detectors.flatMap(({ intrinsic }) => intrinsic ?? [])];
  test.each(sources.map((source) => [source.slice(0, 60), source]))(
    'lets through what %s matches',
    (_title, source) => {
      // JavaScript of node 20 knows no (?i:…), and fast-check no boundaries.
      const shape = source
        .replace(/\(\?i:([^()]*)\)/g, (_whole, inner: string) => `(?:${inner}|${inner.toUpperCase()})`)
        .replaceAll('\\b', '')
        .replaceAll('(?:^|', '(?:');
      const matching = fc.stringMatching(new RegExp(shape, 'u'));
      fc.assert(
        fc.property(matching, fc.constantFrom(' ', '\n', '"', 'x'), filler, (text, edge, around) => {
          const bytes = Buffer.from(`${around}${edge}${text}${edge}${'.'.repeat(300)}`);
          expect(hintsByAutomaton(bytes)).toEqual(hintsByRe2(bytes));
        }),
        { numRuns: 50 },
      );
    },
  );

  test('finds a hint at any place of a long run, across the pieces that it searches', () => {
    const hint = Buffer.from('patient_id=');
    const bytes = Buffer.alloc(300_000, 'a ');
    for (const at of [0, 1, 250, 4090, 4096, 36_860, 36_864, 167_930, 167_936, 299_000, 300_000 - hint.length]) {
      const planted = Buffer.from(bytes);
      hint.copy(planted, at);
      expect(hintsByAutomaton(planted), String(at)).toEqual(hintsByRe2(planted));
      expect(hintsByAutomaton(planted)).toHaveLength(1);
    }
  });

  test('is as src/detect/prefilter/prefilter-wasm.ts has it: `npm run wasm` renews it', async () => {
    const kept = readFileSync(new URL('../../../src/detect/prefilter/prefilter-wasm.ts', import.meta.url), 'utf8');
    expect(prefilterModule(await compilePrefilter(new URL('../../..', import.meta.url).pathname))).toBe(kept);
  });
});

describe('the beginnings of a pattern', () => {
  const rows: readonly [pattern: string, text: string, why: string][] = [
    ['abcd', 'abcd', 'letters'],
    ['(?:ab|cd)efgh', 'cdefgh', 'alternatives'],
    ['a?b{2,3}cdef', 'bbbcdef', 'repeats'],
    ['[0-9]{3}[-\u2013][0-9]{2}', '123\u201345', 'a dash of three bytes'],
    ['\\bPID\\|[0-9]*\\|', 'PID||', 'an empty repeat'],
    ['(?:^|;)abcd', 'abcd', 'the beginning of the text'],
    ['abc$', 'abc', 'the end of the text'],
    ['[^a]bcd', '\u00e9bcd', 'a class that excludes'],
    ['\\x{61}\\x62cd', 'abcd', 'code points in hexadecimal'],
    ['\\w+\\s\\d', 'word 1', 'named classes'],
    ['(?i:ssn)[0-9]', 'SsN1', 'either case'],
    ['x.+y', 'x\u00e9zy', 'any character'],
    ['\\pLabc', '\u00e9abc', 'a Unicode property'],
  ];
  const vague = new Set(['[^a]bcd', 'x.+y', '\\w+\\s\\d', '\\pLabc']);
  test.each(rows)('%s lets %j through: %s', (source, text) => {
    const alternative: HintAlternative = { before: '', tokens: [source] };
    const hints = hintTrie([alternative]);
    const tables = hints === undefined ? undefined : prefilterTables(hints);
    const prefilter = tables === undefined ? undefined : new Prefilter(tables);
    // A pattern that may begin in too many ways is no help.
    expect(prefilter === undefined, source).toBe(vague.has(source));
    for (const before of ['', 'zz ', '\n']) {
      const bytes = Buffer.from(before + text);
      const found = new RE2(source).exec(bytes);
      if (found === null) continue;
      if (prefilter === undefined) continue;
      const place = prefilter.find(bytes, 0);
      expect(place).toBeDefined();
      expect(place).toBeLessThanOrEqual(found.index + 1);
    }
    expect(new RE2(source).exec(Buffer.from(text))).not.toBeNull();
  });

  test('of RE2 syntax that JavaScript does not have are not known, so that RE2 searches every byte', () => {
    expect(beginningsOf('\\Aabc')).toBeUndefined();
    expect(hintTrie([{ before: '', tokens: ['\\Aabc'] }])).toBeUndefined();
  });
});
