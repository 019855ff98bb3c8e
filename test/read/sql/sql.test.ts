import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/detect/field.ts';
import { limits } from '../../../src/limits.ts';
import { BLOCK_BYTES } from '../../../src/read/blocks.ts';
import { sql } from '../../../src/read/sql/sql.ts';
import { holdsForAnyBytes, takesTimeInProportion } from '../properties.ts';
import { bytesAt, fieldsOf, headOf, labelled } from '../reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const born = ['1961', '03', '12'].join('-');

function read(text: string): readonly Field[] {
  return fieldsOf(sql, Buffer.from(text), 'a.sql');
}

describe('recognizes', () => {
  test.each<[string, string, string, boolean]>([
    ['INSERT', 'a', `INSERT INTO p (ssn) VALUES ('${ssn}');`, true],
    ['small letters and comments before it', 'a', `-- why\n/* how */\n\ninsert into p(ssn)\nvalues ('${ssn}')`, true],
    ['a dump of MySQL', 'a', '/*!40101 SET NAMES utf8 */;\nINSERT INTO `p` VALUES (1);\n', true],
    ['COPY', 'a', 'SET x = 1;\nCOPY public.p (id, ssn) FROM stdin;\n1\tx\n\\.\n', true],
    ['UPDATE', 'a', `UPDATE p SET ssn = '${ssn}' WHERE id = 1;`, true],
    [
      'any beginning, by the extension',
      'a.sql',
      `whenever sqlerror exit\nINSERT INTO p (ssn) VALUES ('${ssn}');`,
      true,
    ],
    ['a table without values', 'a.sql', 'CREATE TABLE p (ssn text);', true],
    ['source code with SQL in it', 'a.py', `import db\ndb.run("INSERT INTO p (ssn) VALUES ('${ssn}')")\n`, false],
    ['a log', 'a.log', `2024-01-02 INSERT INTO p (ssn) VALUES ('${ssn}')\n`, false],
    ['prose', 'a.txt', 'Insert into the patient the values (see above).\n', false],
    ['an extension alone', 'a.sql', 'patient ssn\n', false],
    ['a binary file', 'a.sql', 'INSERT INTO p VALUES (1);\0', false],
    ['an empty entry', 'a.sql', '', false],
  ])('%s', (_title, path, text, expected) => {
    expect(sql.recognizes(headOf(path, Buffer.from(text)))).toBe(expected);
  });
});

describe('values', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'columns of the list, then the table',
      `INSERT INTO clinic.patients (id, ssn, dob) VALUES (7, '${ssn}', '${born}'), (8, NULL, 'x');`,
      [
        'id < patients: 7',
        `ssn < patients: ${ssn}`,
        `dob < patients: ${born}`,
        'id < patients: 8',
        'dob < patients: x',
      ],
    ],
    [
      'columns of CREATE TABLE',
      "CREATE TABLE IF NOT EXISTS `patients` (`id` int(11) NOT NULL, `full_name` varchar(80) DEFAULT 'a, b', PRIMARY KEY (`id`), " +
        `KEY k (id)) ENGINE=InnoDB;\nLOCK TABLES \`patients\` WRITE;\nINSERT INTO \`patients\` VALUES (1,'O\\'Dwyer'),(2,'a''b');`,
      ['id < patients: 1', "full_name < patients: O'Dwyer", 'id < patients: 2', "full_name < patients: a'b"],
    ],
    [
      'a backslash is a character where the dump is not of MySQL',
      `INSERT INTO p (a, b) VALUES ('C:\\', 'x');`,
      ['a < p: C:\\', 'b < p: x'],
    ],
    ['PostgreSQL escapes by E', `INSERT INTO p (a, b) VALUES (E'x\\ny', $$it's$$);`, ['a < p: x\ny', "b < p: it's"]],
    [
      'SQL Server',
      `SET IDENTITY_INSERT [dbo].[Patients] ON\nINSERT [dbo].[Patients] ([Id], [Birth Date]) VALUES (1, N'${born}')\nGO\n` +
        `INSERT [dbo].[Patients] ([Id], [Birth Date]) VALUES (2, CAST(N'${born}' AS Date))\nGO\n`,
      ['Id < Patients: 1', `Birth Date < Patients: ${born}`, 'Id < Patients: 2', `Birth Date < Patients: ${born}`],
    ],
    [
      'Oracle',
      `Insert into HR.PATIENTS (ID,DOB,NOTE) values (1,to_date('${born}','YYYY-MM-DD'),q'[it's]');`,
      ['ID < PATIENTS: 1', `DOB < PATIENTS: ${born}`, "NOTE < PATIENTS: it's"],
    ],
    [
      'INSERT ALL',
      `INSERT ALL INTO a (x) VALUES ('1') INTO b (y) VALUES ('2') SELECT * FROM dual;`,
      ['x < a: 1', 'y < b: 2'],
    ],
    [
      'texts joined',
      `INSERT INTO p (a, b) VALUES ('${ssn.slice(0, 4)}' || '${ssn.slice(4)}', 'x' + 'y');`,
      [`a < p: ${ssn}`, 'b < p: xy'],
    ],
    ['a calculation is no text', `INSERT INTO p (a, b) VALUES (now(), 5);`, ['b < p: 5']],
    [
      'hexadecimal texts',
      `INSERT INTO p (a, b, c) VALUES (x'4a616e65', 0x526f65, 0x00ff);`,
      ['a < p: Jane', 'b < p: Roe', 'c < p: 0x00ff'],
    ],
    [
      'INSERT ... SELECT',
      `INSERT INTO p (a, b) SELECT 'x', 'y' FROM dual UNION ALL SELECT 'z', c FROM d WHERE ssn = '${ssn}';`,
      ['a < p: x', 'b < p: y', 'a < p: z', `ssn < p: ${ssn}`],
    ],
    [
      'a list with names of its own',
      `SELECT '${ssn}' AS ssn, 'Roe' AS "last name", x AS y;`,
      [`ssn: ${ssn}`, 'last name: Roe'],
    ],
    [
      'UPDATE',
      `UPDATE public.patients p SET ssn = '${ssn}', dob = to_date('${born}', 'x'), n = 4 WHERE p.mrn = 12 AND x IN ('a', 'b');`,
      [
        `ssn < patients: ${ssn}`,
        `dob < patients: ${born}`,
        'n < patients: 4',
        'mrn < patients: 12',
        'x < patients: a',
        'x < patients: b',
      ],
    ],
    ['INSERT ... SET, REPLACE', `REPLACE INTO p SET ssn = '${ssn}', a = 1;`, [`ssn < p: ${ssn}`, 'a < p: 1']],
    ['arguments with names', `EXEC add_patient @ssn = N'${ssn}', @dob = '${born}';`, [`@ssn: ${ssn}`, `@dob: ${born}`]],
    [
      'a block of a program',
      `DO $$\nBEGIN\nINSERT INTO p (ssn) VALUES ('${ssn}') ON CONFLICT DO NOTHING;\nEND $$;`,
      [`ssn < p: ${ssn}`],
    ],
    [
      'COPY',
      `COPY public.patients (id, ssn, note) FROM stdin;\n1\t${ssn}\t\\N\n2\t\\N\ta\\tb\n\\.\nINSERT INTO t (x) VALUES ('y');`,
      ['id < patients: 1', `ssn < patients: ${ssn}`, 'id < patients: 2', 'note < patients: a\tb', 'x < t: y'],
    ],
    ['COPY of CSV', `COPY p (a, b) FROM STDIN WITH (FORMAT csv);\n1,"x"\n\\.\n`, ['a < p: 1', 'b < p: x']],
    ['values whose columns are nowhere', `INSERT INTO p VALUES (1, '${ssn}');`, []],
    ['comments', `-- ssn: ${ssn}\nSELECT 1; /* MRN 12 */`, [`ssn: ${ssn}`, 'MRN: 12']],
    [
      'a quote that is never closed',
      `\\echo don't\nINSERT INTO p (a) VALUES ('x');\nprompt it's\nINSERT INTO p (a) VALUES ('y');\n`,
      ['a < p: x', 'a < p: y'],
    ],
    [
      'a dump that is cut off',
      `INSERT INTO p (a, b) VALUES ('x', 'y'), ('z', 'unfin`,
      ['a < p: x', 'b < p: y', 'a < p: z'],
    ],
  ])('%s', (_title, text, expected) => {
    expect(labelled(read(text))).toEqual(expected);
  });

  test('rows are records, and counted by table', () => {
    const fields = read(`INSERT INTO p (a, b) VALUES ('1', '2');\nINSERT INTO p (a, b) VALUES ('3', '4'), ('5', '6');`);
    expect(fields.map(({ value, row, record }) => [value, row, record])).toEqual([
      ['1', 1, 1],
      ['2', 1, 1],
      ['3', 2, 2],
      ['4', 2, 2],
      ['5', 3, 3],
      ['6', 3, 3],
    ]);
  });

  test('a value without a name has the number of its column', () => {
    const [first, second] = read(`INSERT INTO p VALUES (1, '${ssn}');`);
    expect([first, second]).toMatchObject([
      { tie: 'column', labels: [] },
      { tie: 'column', labels: [], value: ssn },
    ]);
  });

  test('a text that is the value of nothing is bare', () => {
    expect(read(`SELECT f(1, 'a', '${ssn}');`).at(-1)).toMatchObject({ tie: 'bare', value: ssn, labels: [] });
  });

  test('a place is exact', () => {
    const text = `INSERT INTO p (a, b) VALUES\n ('é', 'x'),\n ('😀', 'y');`;
    const fields = read(text);
    expect(fields.map(({ value, line, column }) => [value, line, column])).toEqual([
      ['é', 2, 4],
      ['x', 2, 9],
      ['😀', 3, 4],
      ['y', 3, 10],
    ]);
    for (const field of fields) expect(bytesAt(Buffer.from(text), field)).toBe(field.value);
  });

  test('many megabytes on one line', () => {
    const rows = Array.from({ length: 60_000 }, (_, row) => `(${row},'a, ''b''','x)')`);
    const fields = read(`CREATE TABLE p (id int, a text, b text);\nINSERT INTO p VALUES ${rows.join(',')};`);
    expect(fields.length).toBe(3 * rows.length);
    expect(
      fields.filter(({ labels }) => labels[0] === 'id').every(({ value, row }) => Number(value) === (row ?? 0) - 1),
    ).toBe(true);
  });

  test('a text that is longer than a line is read in runs, and what follows stays in place', () => {
    const long = `${'word '.repeat(limits.lineBytes)} ssn: ${ssn}`;
    const fields = read(
      `INSERT INTO p (a, b) VALUES ('${long}', 'x');\n/* ${long} */\nINSERT INTO p (a) VALUES ('y');`,
    );
    expect(labelled(fields).filter((field) => !field.startsWith('a < p: word'))).toEqual([
      `ssn < a < p: ${ssn}`,
      'b < p: x',
      `ssn: ${ssn}`,
      'a < p: y',
    ]);
  });
});

const part = fc.oneof(
  fc.constantFrom(
    'INSERT INTO p (a, ssn) VALUES ',
    'INSERT INTO p VALUES',
    'CREATE TABLE p (a int, b text);',
    'COPY p (a, b) FROM stdin;\n',
    'x\ty\\N\n',
    '\\.\n',
    'UPDATE p SET a = ',
    'SELECT ',
    ' AS ',
    ' IN ',
    'DO $$',
    'E',
    "q'[",
  ),
  fc.constantFrom(
    "'",
    "''",
    '"',
    '`',
    '[',
    ']',
    '(',
    ')',
    ',',
    ';',
    '\n',
    ' ',
    '\\',
    '--',
    '/*',
    '*/',
    '/*!4',
    '||',
    '$a$',
    '#',
  ),
  fc.constantFrom(
    `'x'`,
    `('1', '${ssn}'),`,
    "'é'",
    "'😀'",
    '12',
    'ssn',
    'NULL',
    "N'x'",
    "to_date('x', 'y')",
    "'ssn: 1, mrn: 2'",
  ),
);
const scripts = fc.array(part, { maxLength: 60 }).map((parts) => Buffer.from(parts.join('')));

holdsForAnyBytes(sql, scripts, 'a.sql');
takesTimeInProportion(
  sql,
  [
    ['rows', (times) => `INSERT INTO p (a, b) VALUES ${"('x', 'y'),".repeat(times)}`],
    ['open quotes', (times) => "'\nINSERT INTO p ''".repeat(times)],
    ['doubled quotes', (times) => `INSERT INTO p VALUES ('${"''x".repeat(times)}`],
    ['a text without end', (times) => `INSERT INTO p VALUES ('${'x'.repeat(5 * times)}`],
    ['backslashes', (times) => `-- MySQL dump\nINSERT INTO p VALUES ('${"\\\\\\'".repeat(times)}`],
    ['comments that are never closed', (times) => '/* '.repeat(times)],
    ["Oracle's quotes", (times) => "INSERT INTO p VALUES (q'(".repeat(times)],
    [
      'dollar quotes',
      (times) => `INSERT INTO p VALUES (${Array.from({ length: times }, (_, tag) => `$t${tag}$ `).join('')}`,
    ],
    ['brackets', (times) => '['.repeat(5 * times)],
    ['parentheses', (times) => `INSERT INTO p VALUES ${'('.repeat(5 * times)}`],
    ['tables', (times) => Array.from({ length: times / 2 }, (_, table) => `CREATE TABLE t${table} (a int);`).join('')],
    ['columns', (times) => `INSERT INTO p (${'a,'.repeat(times)}) VALUES (1);`.repeat(2)],
    ['cells of COPY in one line', (times) => `COPY p (a) FROM stdin;\n${'x\t'.repeat(3 * times)}`],
    ['a cell of COPY without end', (times) => `COPY p (a) FROM stdin;\n${'x y '.repeat(3 * times)}`],
  ],
  { path: 'a.sql' },
);

test.each([0, 1, 2, 7, 12])(
  'a value that ends %i bytes before a block does, told in the next one, has its place',
  (before) => {
    const value = String(9_000_000 + 71_234);
    const start = 'SELECT id FROM visits WHERE mrn IN (';
    const entry = Buffer.from(
      `${' '.repeat(BLOCK_BYTES - start.length - value.length - before)}${start}${value}${' '.repeat(40)}, 1);\n`,
    );
    const found = fieldsOf(sql, entry).find((field) => field.value === value);
    expect(found?.offset).toBe(entry.indexOf(value));
    expect(found?.labels[0]).toBe('mrn');
  },
);
