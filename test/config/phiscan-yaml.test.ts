import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/phiscan-yaml.ts';

/** A detector that is right; `lines` replace those of the same key, and further ones are added. */
function yaml(lines: Readonly<Record<string, string>> = {}): string {
  const right = {
    id: 'kelp-mrn',
    title: 'Kelp Valley medical record number',
    identifier: 'mrn',
    labels: '{ strong: [kelp chart] }',
    shape: "'KV-[0-9]{8}'",
    examples: "['Kelp chart: KV-00000000']",
  };
  const fields = Object.entries({ ...right, ...lines }).filter(([, value]) => value !== '');
  return `detectors:\n  - ${fields.map(([key, value]) => `${key}: ${value}`).join('\n    ')}\n`;
}

/** `LINE:COLUMN WHAT. TODO` of each fault. */
function faultsOf(text: string): readonly string[] {
  return readConfig(text).faults.map(({ line, column, what, todo }) => `${line}:${column} ${what}. ${todo}`);
}

describe('a detector that is right', () => {
  it('has the fields of a built-in one', () => {
    const { customDetectors, faults } = readConfig(yaml());
    expect(faults).toEqual([]);
    expect(customDetectors).toMatchObject([
      {
        id: 'kelp-mrn',
        identifier: 'mrn',
        safeHarbor: 'H',
        direct: true,
        labels: { strong: ['kelp chart'], weak: [], whole: [], not: [] },
        shape: '(?:KV-[0-9]{8})',
        severity: { labelled: 'medium' },
        mask: '[kelp-mrn]',
      },
    ]);
  });

  it('can be sent to a thread', () => {
    const { customDetectors } = readConfig(yaml({ check: 'mod10', synthetic: "'KV-9[0-9]{7}'" }));
    expect(structuredClone(customDetectors)).toEqual(customDetectors);
    expect(customDetectors[0]).toMatchObject({ check: 'mod10', synthetic: '(?:KV-9[0-9]{7})' });
  });

  it.each([
    ['an empty file', ''],
    ['a comment', '# nothing yet\n'],
    ['an empty list', 'detectors: []\n'],
  ])('%s has none, and nothing is wrong', (_, text) => {
    expect(readConfig(text)).toMatchObject({ customDetectors: [], faults: [], settings: { failOn: undefined } });
  });
});

describe('what is wrong is told with its place and what to do', () => {
  it.each<[string, string, string]>([
    ['no YAML', 'detectors: [a\nb: "', '2:'],
    ['no keys', 'just a text', '1:1 the file has no keys. Begin it with "detectors:"'],
    ['a second document', `${yaml()}---\na: 1\n`, '9:1 a second document. Put everything above the line ---'],
    ['an unknown key of the file', `colour: red\n`, '1:1 unknown key. Use one of: detectors'],
    ['no list', 'detectors: 3', '1:12 detectors is no list. Write detectors: [one, two], or one "- " line for each'],
    ['a detector that is a number', 'detectors:\n  - 3', '2:5 a detector has no keys. Begin it with "- id: kelp-mrn"'],
    ['a mistyped key', yaml({ titel: 'x' }), '8:5 unknown key. Did you mean title?'],
    ['a key in another spelling', yaml({ counter_examples: '[]' }), '8:5 unknown key. Did you mean counterExamples?'],
    [
      'a key that comes twice',
      yaml().replace('identifier: mrn', 'title: x\n    identifier: mrn'),
      '4:5 title is given twice. Keep one of the two',
    ],
    ['no id', yaml({ id: '' }), '2:5 no id. Give it a short name: kelp-mrn'],
    [
      'an id with capitals',
      yaml({ id: 'KelpMrn' }),
      '2:9 id is no name of small letters, digits and single dashes. Write it as in kelp-mrn',
    ],
    [
      'an id that could be a number of somebody',
      yaml({ id: ['kv', 41, 'b', 7302].join('') }),
      '2:9 id could hold a value. Give it at most 3 digits',
    ],
    [
      'the id of a built-in detector',
      yaml({ id: 'ssn' }),
      '2:9 the id ssn is taken. Choose another; phiscan detectors list shows the built-in ones',
    ],
    ['no shape', yaml({ shape: '' }), "2:5 no shape. Give the whole value as RE2 source: 'KV[0-9]{8}'"],
    ['an identifier that is none', yaml({ identifier: 'MRN' }), '4:17 no such identifier. Give one of: name, address'],
    [
      'a shape that is not RE2',
      yaml({ shape: "'[0-9'" }),
      '6:12 shape is wrong (not RE2 syntax: missing ]). RE2 has no lookaround',
    ],
    [
      'a lookahead',
      yaml({ shape: "'(?=K)KV'" }),
      '6:12 shape is wrong (not RE2 syntax: invalid perl operator). RE2 has no lookaround',
    ],
    [
      'parentheses that close another pair',
      yaml({ shape: "'a)(?:b'" }),
      '6:12 shape is wrong (not RE2 syntax: unexpected ))',
    ],
    [
      'a group that captures',
      yaml({ shape: "'KV-([0-9]{8})'" }),
      '6:12 shape is wrong (a group captures: write (?:...) for (...))',
    ],
    ['an anchor', yaml({ shape: "'^KV-[0-9]{8}$'" }), '6:12 shape has an anchor. Leave ^ and $ out'],
    [
      'a shape of nothing',
      yaml({ shape: "'[0-9]*'" }),
      '6:12 shape fits an empty value. Ask for at least one character',
    ],
    [
      'an intrinsic shape of every number',
      yaml({ intrinsic: "'[0-9]+'" }),
      '8:16 intrinsic fits a timestamp. Make it more particular',
    ],
    [
      'an intrinsic shape of words',
      yaml({ intrinsic: "'[a-z]+_[a-z]+'" }),
      '8:16 intrinsic fits words of a program. Make it more particular',
    ],
    ['a check that is none', yaml({ check: 'luhn' }), '8:12 no such check. Give one of: number, mod10'],
    ['a mistyped check', yaml({ check: 'mod1' }), '8:12 no such check. Did you mean mod10?'],
    ['a mask with letters of a value', yaml({ mask: "'KV-1'" }), '8:11 mask could hold a value. Write a constant'],
    [
      'a mask that YAML takes for a list',
      yaml({ mask: '[kelp-mrn]' }),
      "8:11 mask is a list. In YAML, [ begins a list: put the text into 'quotes'",
    ],
    [
      'a severity that is none',
      yaml({ severity: 'urgent' }),
      '8:15 no such severity. Give one of: high, medium, low, info',
    ],
    [
      'a bare severity without a shape for it',
      yaml({ severity: '{ bare: low }' }),
      '8:23 bare without intrinsic. Give an intrinsic shape',
    ],
    [
      'direct that is a word',
      yaml({ direct: "'yes'" }),
      '8:13 direct is neither true nor false. Write true or false without quotes',
    ],
    [
      'a label in camelCase',
      yaml({ labels: '{ strong: [kelpChart] }' }),
      '5:24 a label of strong is not in lower-case words. Write words and numbers with single spaces',
    ],
    [
      'a strong label that fills software',
      yaml({ labels: '{ strong: [id] }' }),
      '5:24 the strong label id fills ordinary software. Move it to weak',
    ],
    [
      'a whole label that is no label',
      yaml({ labels: '{ strong: [kelp chart], whole: [kelp] }' }),
      '5:45 a label of whole is neither strong nor weak. Give it there too',
    ],
    [
      'labels as a list',
      yaml({ labels: '[kelp chart]' }),
      '5:13 labels has no keys. Write the keys of labels on lines of their own, indented',
    ],
    ['no way to a value', yaml({ labels: '' }), '2:5 nothing leads to a value. Give labels'],
    ['no examples', yaml({ examples: '[]' }), '7:15 no examples. Give a text in which it must find'],
    [
      'an example that is not found',
      yaml({ examples: "['Kelp chart: KV-0']" }),
      '7:16 an example of kelp-mrn is not found. Compare it',
    ],
    [
      'an example of another outcome',
      yaml({ examples: '[{ text: "kelp chart KV-00000000", outcome: real }]' }),
      '7:16 an example of kelp-mrn is synthetic, not real. Mend',
    ],
    [
      'a counter-example that is found',
      yaml({ counterExamples: "['x', 'Kelp chart: KV-00000000']" }),
      '8:28 a counter-example of kelp-mrn is found. Narrow',
    ],
  ])('%s', (_reason, text, expected) => {
    const faults = faultsOf(text);
    expect(
      faults.some((fault) => fault.startsWith(expected)),
      faults.join('\n'),
    ).toBe(true);
  });

  it('a detector whose id another has', () => {
    expect(faultsOf(yaml() + yaml().replace('detectors:\n', ''))).toEqual([
      '8:9 the id kelp-mrn is taken. Choose another; phiscan detectors list shows the built-in ones',
    ]);
  });

  it('all faults are told, in the order of the text', () => {
    const lines = faultsOf(yaml({ id: 'X', mask: "'0'", check: 'no' })).map((fault) => Number(fault.split(':')[0]));
    expect(lines).toEqual([2, 8, 9]);
  });

  it('a long file is refused before it is parsed', () => {
    expect(faultsOf('#'.repeat(300_000))).toEqual([
      '1:1 the file is longer than 262144 characters. Shorten its examples',
    ]);
  });
});

it('never throws, and never lets a detector through that the engine cannot take', () => {
  const pieces = fc.constantFrom(
    'detectors:',
    '\n  - ',
    '\n    ',
    'id: ',
    'shape: ',
    "'",
    '"',
    '[',
    ']',
    '{',
    '}',
    'a',
    '&a ',
    '*a',
    '(',
    ')',
    '\\',
    '0',
    ': ',
    '#',
    '|',
    '>',
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 40 }),
      fc.string({ maxLength: 40 }),
      fc.nat({ max: 300 }),
      (parts, text, at) => {
        const right = yaml();
        const mutated = right.slice(0, at) + text + parts.join('') + right.slice(at + parts.length);
        for (const { line, column } of readConfig(mutated).faults) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 150 },
  );
});
