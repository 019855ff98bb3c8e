import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { fixedWidth } from '../../src/read/fixed-width.ts';
import { holdsForAnyBytes, takesTimeInProportion } from './properties.ts';
import { bytesAt, fieldsOf, headOf, labelled } from './reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const born = ['1961', '03', '12'].join('');

const DASHED = ['Weekly list', '', 'ID         NAME        SSN', '---------- ----------- -----------'];
const ROWS = [`         1 Roe, J      ${ssn}`, `        22 Doe         ${ssn}`];
const ALIGNED = ['ID    LAST NAME   SSN', `1     Roe         ${ssn}`, `22    Van Doe     ${ssn}`, ''];
const EVEN = ['ROE       JANE      ', 'VAN DOE   ANN       ', 'RUIZ      TEODORO   ', 'LI        JO        '].map(
  (name, row) => `${ssn.replaceAll('-', '')}${name}${born}${row % 2 === 0 ? 'F' : 'M'}`,
);

function text(...lines: readonly string[]): string {
  return lines.join('\n');
}

describe('recognizes', () => {
  test.each<[string, string, boolean]>([
    ['names above dashes', text(...DASHED, ...ROWS), true],
    ['names above columns', text(...ALIGNED), true],
    ['rows of one length', text(...EVEN), true],
    ['rows of one length, Windows line ends', EVEN.join('\r\n'), true],
    ['too few rows', text(...EVEN.slice(0, 3)), false],
    ['rows of several lengths', text(...EVEN, 'x'), false],
    ['aligned keys and values', text('name :  Roe', 'born :  1961', 'town :  Kelp', 'sex  :  F123'), false],
    ['aligned assignments', text('aaa = 1000 + 20', 'bbb = 2000 + 30', 'ccc = 3000 + 40', 'ddd = 4000 + 50'), false],
    [
      'prose',
      text('The patient was seen', 'on the ward at 10 and', 'left it in good time', 'for the last bus.'),
      false,
    ],
    ['lines of hexadecimal digits', text(...Array<string>(6).fill('0123456789abcdef0123')), false],
    ['a table with delimiters', text('id,ssn,name', `1,${ssn},Roe`), false],
    ['a binary file', text(...EVEN, '\0'), false],
    ['an empty entry', '', false],
  ])('%s', (_title, content, expected) => {
    expect(fixedWidth.recognizes(headOf('a', Buffer.from(content)))).toBe(expected);
  });
});

describe('cells', () => {
  function read(content: string): readonly string[] {
    return labelled(fieldsOf(fixedWidth, Buffer.from(content)));
  }

  test.each<[string, string, readonly string[]]>([
    [
      'names above dashes, and what stands around the rows',
      text(...DASHED, ...ROWS, '', '2 rows, for the SSN of all: none', ...DASHED.slice(2), ...ROWS.slice(0, 1)),
      ['ID: 1', 'NAME: Roe, J', `SSN: ${ssn}`, 'ID: 22', 'NAME: Doe', `SSN: ${ssn}`].concat([
        'SSN: of all: none',
        'ID: 1',
        'NAME: Roe, J',
        `SSN: ${ssn}`,
      ]),
    ],
    [
      'names above columns',
      text(...ALIGNED),
      ['ID: 1', 'LAST NAME: Roe', `SSN: ${ssn}`, 'ID: 22', 'LAST NAME: Van Doe', `SSN: ${ssn}`],
    ],
  ])('%s', (_title, content, expected) => {
    expect(read(content)).toEqual(expected);
  });

  test('without names they have the number of their column, also where no blank divides them', () => {
    const fields = fieldsOf(fixedWidth, Buffer.from(text(...EVEN)));
    expect(fields.slice(0, 5).map(({ value, columnIndex, row, tie }) => [value, columnIndex, row, tie])).toEqual([
      [ssn.replaceAll('-', ''), 0, 1, 'column'],
      ['ROE', 1, 1, 'column'],
      ['JANE', 2, 1, 'column'],
      [born, 3, 1, 'column'],
      ['F', 4, 1, 'column'],
    ]);
  });

  test('a place is exact behind characters of several bytes', () => {
    const bytes = Buffer.from(text('ID    NAME   MRN', '1     Zoë    123', '2     Ren    456', '3     😀     789'));
    const fields = fieldsOf(fixedWidth, bytes).filter(({ labels }) => labels.length > 0);
    for (const field of fields) expect(bytesAt(bytes, field)).toBe(field.value);
    expect(fields.slice(0, 3).map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [2, 7],
      [2, 14],
    ]);
  });

  test('a line that is no row is text, and the rows behind it are rows', () => {
    const long = `${'x '.repeat(3 * limits.lineBytes)} ssn: ${ssn}`;
    expect(read(text(...DASHED, ...ROWS, long, ...ROWS.slice(0, 1))).slice(6)).toEqual([
      `ssn: ${ssn}`,
      'ID: 1',
      'NAME: Roe, J',
      `SSN: ${ssn}`,
    ]);
  });
});

const line = fc.constantFrom(...DASHED, ...ROWS, ...ALIGNED, ...EVEN, 'Zoë   ssn: 1', '😀', 'x'.repeat(300));
const valid = fc
  .tuple(fc.constantFrom(DASHED, ALIGNED, EVEN), fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'))
  .map(([first, rest, newline]) => Buffer.from([...first, ...rest].join(newline)));

holdsForAnyBytes(fixedWidth, valid);
takesTimeInProportion(fixedWidth, [
  ['rows', (times) => text(...DASHED, ...Array<string>(times / 10).fill(ROWS.join('\n')))],
  ['a line without end', (times) => text(...DASHED, ...ROWS, 'x y '.repeat(4 * times))],
  ['short lines', (times) => text(...DASHED, 'x\n'.repeat(3 * times))],
]);
