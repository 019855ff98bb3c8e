import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributeOf, xmlTokens } from '../../../src/read/xml/xml-parser.ts';

/** Kind, name and text of each token, but of an empty one before the first tag. */
function tokensOf(xml: string): readonly string[] {
  const tokens = [...xmlTokens(xml)].filter(({ name, text }) => name !== '' || text.trim() !== '');
  return tokens.map(({ kind, name, text }) => `${kind} ${name} ${text}`.trim());
}

test.each<[string, string, readonly string[]]>([
  ['prefixes are dropped', '<w:p><w:br/>a</w:p>', ['open p', 'empty br a', 'close p']],
  ['entities are decoded', '<t>&lt;a&gt; &#65;&#x42;</t>', ['open t <a> AB', 'close t']],
  [
    'a lone ampersand swallows nothing',
    '<t>a & b</t><t>c; &x;</t>',
    ['open t a & b', 'close t', 'open t c; &x;', 'close t'],
  ],
  ['the declaration is no text', '\ufeff<?xml version="1.0"?>\r\n<t>a</t>', ['open t a', 'close t']],
  ['a comment is text', '<t>a<!-- b <i/>-->c</t>', ['open t a b', 'empty i c', 'close t']],
  ['a section is text', '<t><![CDATA[a & b]]></t>', ['open t a & b', 'close t']],
  ['an open tag at the end', '<t>a</t><t', ['open t a', 'close t']],
  ['an element that is not closed', '<p><t>a</p>', ['open p', 'open t a', 'close t', 'close p']],
  ['a quote that is not closed', '<t>a</t><t x="b <c', ['open t a', 'close t b c']],
  ['a tag in the quotes of another', '<t x="1>a</t><t y="2">b</t>', ['open t 1>a/t>t y=b', 'close t']],
  [
    'a document type that is not closed',
    '<t>a</t><!DOCTYPE x [<t>b</t>',
    ['open t a', 'close t DOCTYPE x [', 'open t b', 'close t'],
  ],
  ['no tag at all', 'a < b', ['open  a b']],
])('%s', (_title, xml, expected) => {
  expect(tokensOf(xml)).toEqual(expected);
});

test('an attribute is found whatever its prefix, decoded', () => {
  const [, token] = xmlTokens(`<c r:id="1" x='a &amp; b'/>`);
  expect(token && [attributeOf(token, 'id'), attributeOf(token, 'x'), attributeOf(token, 'y')]).toEqual([
    '1',
    'a & b',
    undefined,
  ]);
});

test('text is whole, however long', () => {
  const parts = fc.constantFrom('<a>', '</a>', '&amp;', '\r\n', 'x'.repeat(65_530), 'y'.repeat(6), 'z');
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (chosen) => {
      const text = [...xmlTokens(chosen.join(''))].map((token) => token.text).join('');
      const plain = chosen.filter((part) => part !== '<a>' && part !== '</a>').join('');
      // saxes gives an end tag without its start as text.
      expect(text.replaceAll('</a>', '')).toBe(plain.replaceAll('&amp;', '&').replaceAll('\r\n', '\n'));
    }),
    { numRuns: 300 },
  );
});

test.each<[string, string]>([
  ['tags that are never closed', '<a>'],
  ['attributes without an end', ' b="x"'],
  ['quotes without an end', '<a b="'],
  ['ampersands', '& '],
  ['characters that XML has not', '\0'],
  ['instructions without an end', '<?'],
  ['less-than signs', '<'],
])('%s take time in proportion', (_title, unit) => {
  const time = (length: number): number => {
    const xml = `<a ${unit.repeat(length / unit.length)}`;
    const times = [1, 2, 3, 4, 5].map(() => {
      const start = performance.now();
      let tokens = 0;
      for (const token of xmlTokens(xml)) tokens += token.name.length + 1;
      expect(tokens).toBeGreaterThan(0);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  time(100_000);
  // Four times is the rule; a machine with other work gives some more, quadratic time gives 16 times.
  expect(time(1_200_000)).toBeLessThan(12 * time(300_000) + 30);
});
