import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/read/yaml-document.ts';
import type { YamlNode } from '../../src/read/yaml-document.ts';

/** The tree as text, with what stands in the source. */
function shown(node: YamlNode | undefined, text: string): unknown {
  if (node === undefined) return null;
  switch (node.kind) {
    case 'scalar':
      return `${node.text}|${text.slice(node.start, node.end)}`;
    case 'alias':
      return `*${node.target?.text ?? ''}`;
    case 'sequence':
      return node.elements.map((element) => shown(element, text));
    case 'mapping':
      return node.entries.map(({ key, value }) => [shown(key, text), shown(value, text)]);
  }
}

function documentsOf(text: string): readonly unknown[] {
  return parseYaml(text).documents.map((document) => shown(document, text));
}

describe('nodes and where they stand', () => {
  test.each<[string, string, readonly unknown[]]>([
    ['a mapping', 'a: b', [[['a|a', 'b|b']]]],
    ['quotes and escapes', `a: "x\\ty"`, [[['a|a', 'x\ty|"x\\ty"']]]],
    ['a number keeps its zeros', 'zip: 00712', [[['zip|zip', '00712|00712']]]],
    ['a sequence', '- a\n- b: c', [['a|a', [['b|b', 'c|c']]]]],
    ['flow', '{a: [1, 2]}', [[['a|a', ['1|1', '2|2']]]]],
    ['a block scalar', 'a: |\n  x\n  y\n', [[['a|a', 'x\ny\n||\n  x\n  y\n']]]],
    ['several documents', 'a: 1\n---\nb: 2\n', [[['a|a', '1|1']], [['b|b', '2|2']]]],
    [
      'nothing behind a key',
      'a:\nb: 1',
      [
        [
          ['a|a', null],
          ['b|b', '1|1'],
        ],
      ],
    ],
    [
      'an alias of a scalar',
      'a: &x 7\nb: *x',
      [
        [
          ['a|a', '7|7'],
          ['b|b', '*7'],
        ],
      ],
    ],
    [
      'an alias of a mapping is not followed',
      'a: &x {b: 1}\nc: *x',
      [
        [
          ['a|a', [['b|b', '1|1']]],
          ['c|c', '*'],
        ],
      ],
    ],
    ['an alias without anchor', 'c: *y', [[['c|c', '*']]]],
    ['an unknown tag', 'a: !Ref b', [[['a|a', 'b|b']]]],
    ['nothing', '', []],
  ])('%s', (_title, text, expected) => {
    expect(documentsOf(text)).toEqual(expected);
  });
});

test('values as the core schema has them', () => {
  const { documents } = parseYaml('[1, x, true, ~, "1", 1.5]');
  const [list] = documents;
  expect(list?.kind === 'sequence' && list.elements.map((node) => node?.kind === 'scalar' && node.value)).toEqual([
    1,
    'x',
    true,
    null,
    '1',
    1.5,
  ]);
});

test('faults have a code and a place, and no word of the text', () => {
  const { faults } = parseYaml('a: 1\n b: secret\n');
  expect(faults[0]?.code).toMatch(/^[A-Z_]+$/);
  expect(faults[0]?.at).toBeGreaterThanOrEqual(3);
  expect(JSON.stringify(faults)).not.toContain('secret');
});

test('nesting without end is a fault and no crash', () => {
  for (const open of ['[', '{', '- ', '? ', '[{a: ']) {
    expect(parseYaml(open.repeat(20_000)).faults.length).toBeGreaterThan(0);
  }
});

test('aliases of aliases cost nothing', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `a${index}: &x${index} [${`*x${index - 1}, `.repeat(9)}1]`);
  expect(parseYaml(lines.join('\n')).documents).toHaveLength(1);
});
