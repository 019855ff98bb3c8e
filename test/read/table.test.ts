import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { limits } from '../../src/limits.ts';
import { table } from '../../src/read/table.ts';
import { bytesAt, fieldsOf, headOf, labelled, readerOf } from './reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const mrn = ['00', '12'].join('');

function read(text: string, path = 'a.csv'): readonly Field[] {
  return fieldsOf(table, Buffer.from(text), path);
}

describe('recognizes', () => {
  test.each<[string, string, string, boolean]>([
    ['commas', 'a', `id,ssn,name\n1,${ssn},Roe\n`, true],
    ['tabs', 'a', `id\tssn\tname\n1\t${ssn}\tRoe\n`, true],
    ['pipes', 'a', `id|ssn|name\n1|${ssn}|Roe\n`, true],
    ['semicolons', 'a', `id;ssn;name\n1;${ssn};Roe\n`, true],
    ['a byte order mark', 'a', `\ufeffid,ssn,name\n1,${ssn},Roe\n`, true],
    ['a table in Markdown', 'a.md', `| id | ssn |  name |\n|---|---|---|\n| 1 | ${ssn} | Roe |\n`, true],
    ['two columns, by the extension', 'a.csv', `name,ssn\nRoe,${ssn}\n`, true],
    ['one column, by the extension', 'a.csv', `ssn\n${ssn}\n`, true],
    ['no header, by the extension', 'a.csv', `1,${ssn},Roe\n2,${ssn},Roe\n`, true],
    ['ragged rows, by the extension', 'a.csv', `id,ssn,name\n1,${ssn}\n2,${ssn},Roe\n`, true],
    ['no header and no extension', 'a', `1,${ssn},Roe\n`.repeat(3), true],
    ['too little without header and extension', 'a', `1,${ssn},Roe\n2,${ssn},Roe\n`, false],
    ['titles above the header', 'a.txt', `Patient extract\n\nid,ssn,name\n1,${ssn},Roe\n2,${ssn},Doe\n`, true],
    ['comments above the header', 'a.txt', `# by whom, and when\n#\nid|ssn|name\n1|${ssn}|Roe\n`, true],
    ['a list of codes', 'a', `MBIs\n${'A123456\n'.repeat(3)}`, true],
    ['a list of words', 'a', `MBIs\n${'patient\n'.repeat(3)}`, false],
    ['a log with pipes', 'a', `2024-01-02|INFO|a|${ssn}\n`.repeat(4), false],
    ['rows of source code', 'a.c', `{1, 2, "x"},\n`.repeat(4), false],
    ['arguments, line by line', 'a.py', `f(a, 1, 2),\n`.repeat(4), false],
    ['words without header', 'a', 'one,two,three\nfour,five,six\n7,8,9\n', true],
    ['a header only', 'a.csv', 'id,ssn,name\n', false],
    ['prose', 'a.txt', 'Dear patient, your visit, we see, is over.\nWe hope, of course, for 2 more.\n', false],
    ['source code', 'a.c', 'int a; int b; int c;\nreturn f(a, 1, 2);\nfoo(b, 2, 3);\n', false],
    ['a call over several lines', 'a.js', 'call(a, b, c,\n  d, e, 1,\n', false],
    ['users of the system', 'passwd', 'root:x:0:0:root:/root:/bin/sh\n', false],
    ['key and value', 'a.ini', 'ssn = 1, 2\nname = 2, 3\n', false],
    ['a binary file', 'a.csv', 'a,b,c\n1,2,\0\n', false],
    ['an empty entry', 'a.csv', '', false],
  ])('%s', (_title, path, text, expected) => {
    expect(table.recognizes(headOf(path, Buffer.from(text)))).toBe(expected);
  });
});

describe('cells', () => {
  test.each<[string, string, readonly string[]]>([
    ['columns name their cells', `id,ssn\n1,${ssn}\n`, ['id: 1', `ssn: ${ssn}`]],
    [
      'quotes, doubled quotes, newlines',
      `id,name\n"1","Roe ""J"""\n2,"a\nb"\n`,
      ['id: 1', 'name: Roe "J"', 'id: 2', 'name: a\nb'],
    ],
    ['quotes inside a cell', `id,name\n1,5" x\n2,"5" x"\n`, ['id: 1', 'name: 5" x', 'id: 2', 'name: 5" x']],
    ['a quote that is never closed', `id,name\n1,"Roe\n2,Doe\n`, ['id: 1', 'name: "Roe', 'id: 2', 'name: Doe']],
    [
      'blanks around cells, and Windows line ends',
      `id, name \r\n 1 , Roe \r\n"2", "Doe" \r\n`,
      ['id: 1', 'name: Roe', 'id: 2', 'name: Doe'],
    ],
    ['Excel says the delimiter', `sep=;\nid;name\n1;Roe\n`, ['id: 1', 'name: Roe']],
    ['empty cells are none', `id,name\n,\n1,\n`, ['id: 1']],
    ['no newline at the end', `id,name\n1,Roe`, ['id: 1', 'name: Roe']],
    ['latin1', `id,name\n1,Ren\xe9\n`, ['id: 1', 'name: Ren\xe9']],
    [
      'an encoded cell',
      `id,ssn\n1,${Buffer.from(ssn).toString('base64')}\n`,
      ['id: 1', `ssn: ${Buffer.from(ssn).toString('base64')}`, `ssn: ${ssn}`],
    ],
  ])('%s', (title, text, expected) => {
    const bytes = Buffer.from(text, title === 'latin1' ? 'latin1' : 'utf8');
    expect(labelled(fieldsOf(table, bytes, 'a.csv'))).toEqual(expected);
  });

  test.each<[string, string, readonly string[]]>([
    [
      'titles and comments above the header are text',
      `# extract for ssn: ${ssn}\nBy whom\n\nid,name,x\n1,Roe,2\n2,Doe,3\n`,
      [`ssn: ${ssn}`, 'id: 1', 'name: Roe', 'x: 2', 'id: 2', 'name: Doe', 'x: 3'],
    ],
    ['the header comes again', 'id,name\n1,Roe\nid,name\n2,Doe\n', ['id: 1', 'name: Roe', 'id: 2', 'name: Doe']],
    [
      'tables of psql',
      ` id | name \n----+------\n  1 | Roe  \n(1 row)\n\n  b  |  c\n----+----\n  3 | 4\n`,
      ['id: 1', 'name: Roe', 'id: (1 row)', 'b: 3', 'c: 4'],
    ],
    [
      'tables of mysql',
      `+----+------+\n| id | name |\n+----+------+\n|  1 | Roe  |\n|  2 | Doe  |\n+----+------+\n+---+---+\n| b | c |\n+---+---+\n| 3 | 4 |\n+---+---+\n`,
      ['id: 1', 'name: Roe', 'id: 2', 'name: Doe', 'b: 3', 'c: 4'],
    ],
    [
      'tables of Markdown',
      `| id | name |\n|---:|:---|\n| 1 | Roe |\n\nThen:\n\n| b | c |\n|---|---|\n| 3 | 4 |\n`,
      ['id: 1', 'name: Roe', 'b: 3', 'c: 4'],
    ],
  ])('%s', (_title, text, expected) => {
    expect(labelled(read(text)).filter((field) => !field.includes('Then'))).toEqual(expected);
  });

  test('the columns of a second table are numbered on', () => {
    const fields = read('| id | name |\n|---|---|\n| 1 | Roe |\n\n| b | c |\n|---|---|\n| 3 | 4 |\n');
    const numbers = fields.filter(({ labels }) => labels.length > 0).map(({ columnIndex }) => columnIndex);
    expect(numbers).toEqual([1, 2, 5, 6]);
  });

  test('cells beyond the header, and without header, have no label', () => {
    expect(read('a,b\n1,2,3\n4,5\n').at(4)).toMatchObject({ value: '3', labels: [], columnIndex: 2 });
    expect(read(`1,${ssn}\n2,${ssn}\n`)[1]).toMatchObject({ value: ssn, labels: [], columnIndex: 1, row: 1 });
  });

  test('a place is exact below characters of several bytes and newlines in quotes', () => {
    const text = '\ufeffid,name,x\n1,"é\n😀",y\n2,ü,z\n';
    const fields = read(text).filter((field) => field.tie === 'column');
    expect(fields.map(({ value, row, record, line, column }) => [value, row, record, line, column])).toEqual([
      ['1', 1, 2, 2, 1],
      ['é\n😀', 1, 2, 2, 4],
      ['y', 1, 2, 3, 5],
      ['2', 2, 3, 4, 1],
      ['ü', 2, 3, 4, 3],
      ['z', 2, 3, 4, 5],
    ]);
    for (const field of fields) expect(bytesAt(Buffer.from(text), field)).toBe(field.value);
  });

  test('notes are read as text below their column', () => {
    const note = `${'seen today, and '.repeat(5)}ssn: ${ssn}\nMRN ${mrn}`;
    const fields = read(`id,note\n1,"${note}"\n`);
    expect(labelled(fields).slice(-3)).toEqual(
      [`ssn < note: ${ssn}`, `MRN < note: ${mrn}`].slice(-3).toSpliced(0, 0, `note: ${note}`),
    );
    expect(fields.at(-1)).toMatchObject({ line: 3, column: 5, row: 1 });
  });
});

test('a line that is no row is text, and the rows behind it are rows', () => {
  const line = `${'x '.repeat(5 * limits.lineBytes)} ssn: ${ssn}; `;
  const fields = read(`id,name\n1,Roe\n${line}\n2,Doe\n`);
  expect(labelled(fields)).toEqual(['id: 1', 'name: Roe', `ssn: ${ssn}`, 'id: 2', 'name: Doe']);
});

test('rows keep their meaning in a table of many blocks', () => {
  const rows = Array.from({ length: 40_000 }, (_, row) => `${row},"a, ""b""",${'é'.repeat(row % 7)}x`);
  const bytes = Buffer.from(`id,name,x\n${rows.join('\n')}\n`);
  const fields = fieldsOf(table, bytes, 'a.csv', [100_000]).filter((field) => field.tie === 'column');
  expect(fields.length).toBe(3 * rows.length);
  expect(
    fields.filter((field) => field.labels[0] === 'id').every((field) => field.value === String((field.row ?? 0) - 1)),
  ).toBe(true);
  expect(
    fields.filter((field) => field.labels[0] === 'x').every((field) => bytesAt(bytes, field) === field.value),
  ).toBe(true);
});

test('plain text with an extension of a table is text', () => {
  expect(readerOf('a.csv', Buffer.from('nothing here\n')).id).toBe('text');
});
