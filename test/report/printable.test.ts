import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, cutEnd, cutMiddle, printable, printableJson, wrapped } from '../../src/report/printable.ts';

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const text = fc.string({ unit: 'binary' });

describe('printable', () => {
  it.each([
    ['a newline that forges a report line', 'a\nno findings', 'a\\nno findings'],
    ['an escape sequence that clears the screen', '\u001b[2Ja', '\\u{1b}[2Ja'],
    ['a one-byte control sequence introducer', '\u009b2Ja', '\\u{9b}2Ja'],
    ['a right-to-left override that turns an extension around', 'a\u202efdp.csv', 'a\\u{202e}fdp.csv'],
    ['a zero-width space between letters', 'a\u200bb', 'a\\u{200b}b'],
    ['a tag character beyond U+FFFF', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a lone surrogate', 'a\ud800', 'a\\u{d800}'],
    ['ordinary text in any script', 'données/日本.csv', 'données/日本.csv'],
  ])('%s', (_reason, given, shown) => {
    expect(printable(given)).toBe(shown);
  });

  it('leaves no unprintable character in any text', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(printable(given)).not.toMatch(unprintable);
      }),
    );
  });
});

describe('printableJson', () => {
  it('changes no value', () => {
    fc.assert(
      fc.property(text, (given) => {
        const json = printableJson(JSON.stringify([given], undefined, 2));
        expect(JSON.parse(json)).toEqual([given]);
        expect(json.replaceAll('\n', '')).not.toMatch(unprintable);
      }),
    );
  });
});

describe('cutting', () => {
  it('keeps the file name of a long path', () => {
    expect(cutMiddle('srv/application/releases/current/seed/patients.csv', 30)).toBe('srv/appli…nt/seed/patients.csv');
  });

  it('counts wide characters as two columns', () => {
    expect(columnsOf('日本')).toBe(4);
    expect(cutEnd('日本日本', 6)).toBe('日本…');
  });

  it('counts combining marks as none', () => {
    expect(columnsOf('e\u0301')).toBe(1);
  });

  it('never exceeds its columns', () => {
    fc.assert(
      fc.property(text.map(printable), fc.integer({ min: 1, max: 100 }), (given, columns) => {
        expect(columnsOf(cutMiddle(given, columns))).toBeLessThanOrEqual(columns);
        expect(columnsOf(cutEnd(given, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('wrapped', () => {
  it('breaks between words', () => {
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('cuts a word that no line can hold', () => {
    expect(wrapped('is longer-than-that', 5)).toEqual(['is', 'long…']);
  });
});
