import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { Shape } from '../../src/detect/automaton.ts';
import { cutShape } from '../../src/detect/cut-shape.ts';
import { patient } from '../support/patients.ts';

const one = patient(23);

function begins(source: string, text: string): boolean {
  const cut = cutShape(source);
  return cut !== undefined && new Shape(cut).test(text);
}

describe('the beginnings of a shape', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['a run of digits', '[0-9]{3}-[0-9]{2}', ['', '1', '123', '123-', '123-4', '123-45'], ['12-', '123-456', 'x']],
    ['alternatives', '(?:ab|cd)e', ['a', 'ab', 'c', 'abe', 'cde'], ['ad', 'b', 'e']],
    ['a bound', 'a{2,3}b', ['a', 'aa', 'aaa', 'aaab'], ['aaaa', 'b']],
    ['no bound', 'a+b*c?', ['', 'a', 'aaaa', 'abbb', 'abc'], ['ca', 'b']],
    ['a group that may come again', '(?:ab){1,2}c', ['a', 'ab', 'aba', 'abab', 'ababc'], ['ababa', 'ac']],
    ['letters of any case', '(?i:mrn)[0-9]', ['M', 'mR', 'mrn', 'MRN1'], ['MRNx']],
    ['classes with brackets in them', '[\\]x][[:digit:]][]a]', ['x', ']1', 'x1]', 'x1a'], ['1', 'xx']],
    ['escapes', '\\x{2d}\\.\\d\\p{Lu}', ['-', '-.', '-.7', '-.7A'], ['.', '-.7a']],
    ['boundaries', '\\bab\\b', ['', 'a', 'ab'], ['b']],
    ['an element that is counted exactly', '(?:a|b){2}', ['', 'a', 'ab'], ['aba']],
  ])('%s', (_title, source, yes, no) => {
    for (const text of yes) expect(begins(source, text), text).toBe(true);
    for (const text of no) expect(begins(source, text), text).toBe(false);
  });

  test.each([
    ['a group that captures', '(a)b'],
    ['a bracket that is not closed', '[a'],
    ['a group that is not closed', '(?:a'],
    ['a group that was not opened', 'a)b'],
    ['nothing to repeat', '*a'],
  ])('are not told of %s', (_title, source) => {
    expect(cutShape(source)).toBeUndefined();
  });

  test('are told of every detector', () => {
    for (const { id, shape } of detectors) {
      const cut = cutShape(shape);
      expect(cut, id).toBeDefined();
      expect(new Shape(cut ?? '').test(''), id).toBe(true);
    }
  });

  test.each([
    ['ssn', one.ssn],
    ['mrn', one.mrn],
    ['mbi', one.mbi],
    ['name', one.name],
    ['dob', one.dob],
    ['email', one.email],
    ['phone', one.phone],
    ['member-id', one.memberId],
    ['account', one.account],
  ])('of %s are those of its values', (id, value) => {
    const shape = detectors.find((detector) => detector.id === id)?.shape ?? '';
    for (let length = 0; length <= value.length; length++) expect(begins(shape, value.slice(0, length))).toBe(true);
  });

  interface Sample {
    readonly source: string;
    /** Has the shape. */
    readonly text: string;
  }

  const sample: fc.Arbitrary<Sample> = fc.letrec<{ one: Sample }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('a', '7', '-', 'é').map((text) => ({ source: text, text })),
      fc.constantFrom('b', '4').map((text) => ({ source: '[b-d0-9]', text })),
      fc.tuple(tie('one'), tie('one')).map(([a, b]) => ({ source: `${a.source}${b.source}`, text: a.text + b.text })),
      fc.tuple(tie('one'), tie('one')).map(([a, b]) => ({ source: `(?:${a.source}|${b.source})`, text: b.text })),
      fc
        .tuple(tie('one'), fc.integer({ min: 0, max: 3 }))
        .map(([a, times]) => ({ source: `(?:${a.source}){0,3}`, text: a.text.repeat(times) })),
      tie('one').map((a) => ({ source: `(?:${a.source})*`, text: a.text.repeat(2) })),
    ),
  })).one;

  test('hold every beginning of whatever has the shape', () => {
    fc.assert(
      fc.property(sample, fc.nat(40), ({ source, text }, length) => {
        expect(begins(source, Array.from(text).slice(0, length).join(''))).toBe(true);
      }),
    );
  });
});
