import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/limits.ts';
import { sqlite } from '../../../src/read/sqlite/sqlite.ts';
import { holdsForAnyBytes, takesTimeInProportion } from '../properties.ts';
import { bytesAt, fieldsOf, headOf, labelled, readerOf } from '../reading.ts';
import { database, journalOf, walOf } from './databases.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const born = ['1961', '03', '12'].join('-');

const PATIENTS =
  'CREATE TABLE patients (id INTEGER PRIMARY KEY, "full name" TEXT, ssn TEXT, mrn INT, [birth date] DATE)';

function insert(id: number, name: string): string {
  return `INSERT INTO patients VALUES (${id}, '${name}', '${ssn}', ${90_000 + id}, '${born}')`;
}

function rowsOf(bytes: Buffer): readonly string[] {
  return labelled(fieldsOf(sqlite, bytes)).map((field) => field.replace(' < patients', ''));
}

function rows(name: string, id: number): readonly string[] {
  return [`id: ${id}`, `full name: ${name}`, `ssn: ${ssn}`, `mrn: ${90_000 + id}`, `birth date: ${born}`];
}

describe('recognizes', () => {
  const made = database(PATIENTS, insert(1, 'Roe'));
  test.each<[string, Buffer, boolean]>([
    ['a database', made, true],
    ['a write-ahead log', walOf(made, 4096, [1, 2]), true],
    ['a rollback journal', journalOf(made, 4096, [1, 2]), true],
    ['a database that is cut off', made.subarray(0, 200), true],
    ['the magic alone', made.subarray(0, 16), false],
    ['a page size that no database has', Buffer.concat([made.subarray(0, 16), Buffer.alloc(100, 3)]), false],
    ['a program that knows the magic', Buffer.from(`ELF\0${'SQLite format 3\0'.repeat(20)}`), false],
    ['an empty entry', Buffer.alloc(0), false],
  ])('%s', (_title, bytes, expected) => {
    expect(sqlite.recognizes(headOf('a', bytes))).toBe(expected);
  });

  test('whatever it is called', () => {
    expect(readerOf('a.csv', made).id).toBe('sqlite');
  });
});

describe('rows', () => {
  test('have the names of their columns, and the row number where a column stands for it', () => {
    expect(rowsOf(database(PATIENTS, insert(7, 'Roe')))).toEqual(rows('Roe', 7));
  });

  test.each(['UTF-8', 'UTF-16le', 'UTF-16be'])('texts in %s', (encoding) => {
    const made = database(`PRAGMA encoding = '${encoding}'`, PATIENTS, insert(1, 'Zoë 😀'));
    expect(rowsOf(made)).toEqual(rows('Zoë 😀', 1));
  });

  test.each([512, 1024, 65_536])('pages of %d bytes', (pageSize) => {
    const many = Array.from({ length: 500 }, (_, row) => insert(row + 1, `Roe${row}`));
    const found = rowsOf(database(`PRAGMA page_size = ${pageSize}`, PATIENTS, ...many));
    // Rows that moved when a page was divided are still where they were, too.
    expect([...new Set(found)].toSorted()).toEqual(
      [...new Set(many.flatMap((_, row) => rows(`Roe${row}`, row + 1)))].toSorted(),
    );
  });

  test('WITHOUT ROWID stores the key first', () => {
    const made = database(
      'CREATE TABLE p (note TEXT, b VARCHAR(9), a TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID',
      `INSERT INTO p VALUES ('x', 'y', 'z')`,
      'CREATE TABLE q (note TEXT, k VARCHAR(9) NOT NULL PRIMARY KEY) WITHOUT ROWID',
      `INSERT INTO q VALUES ('x', 'y')`,
    );
    expect(labelled(fieldsOf(sqlite, made))).toEqual([
      'a < p: z',
      'b < p: y',
      'note < p: x',
      'k < q: y',
      'note < q: x',
    ]);
  });

  test('columns that were added later', () => {
    const made = database(PATIENTS, insert(1, 'Roe'), 'ALTER TABLE patients ADD COLUMN dob TEXT');
    const after = database(
      PATIENTS,
      'ALTER TABLE patients ADD COLUMN dob TEXT',
      `INSERT INTO patients (dob) VALUES ('x')`,
    );
    expect(rowsOf(made)).toEqual(rows('Roe', 1));
    expect(rowsOf(after)).toEqual(['id: 1', 'dob: x']);
  });

  test('a value that overflows its page is one value', () => {
    const note = `${'seen today. '.repeat(2000)} ssn: ${ssn}`;
    const made = database('CREATE TABLE p (note TEXT, mrn TEXT)', `INSERT INTO p VALUES ('${note}', '12')`);
    const found = labelled(fieldsOf(sqlite, made));
    expect(found).toContain(`ssn < note < p: ${ssn}`);
    expect(found).toContain('mrn < p: 12');
    expect(found.filter((field) => field.includes(ssn)).length).toBe(1);
  });

  test('numbers, texts in blobs, and nothing of NULL', () => {
    const made = database(
      'CREATE TABLE p (a INT, b REAL, c BLOB, d TEXT)',
      `INSERT INTO p VALUES (123456789012345, 524417312.0, x'00ff${Buffer.from(`ssn: ${ssn}`).toString('hex')}00', NULL)`,
    );
    const fields = fieldsOf(sqlite, made);
    expect(labelled(fields)).toEqual(['a < p: 123456789012345', 'b < p: 524417312', `ssn: ${ssn}`]);
  });

  test('a row is a record, and a place is exact', () => {
    const made = database(PATIENTS, insert(1, 'Zoë'), insert(2, 'Doe'));
    const fields = fieldsOf(sqlite, made).filter(({ labels }) => labels.length > 0);
    expect(new Set(fields.map(({ record }) => record)).size).toBe(2);
    expect(fields.filter(({ row }) => row === 2).length).toBe(5);
    expect(new Set(fields.map(({ columnIndex }) => columnIndex)).size).toBe(5);
    for (const field of fields) if (field.span !== 'fixed') expect(bytesAt(made, field)).toBe(field.value);
    expect(fields.some(({ span }) => span === 'utf8')).toBe(true);
  });
});

describe('what is deleted', () => {
  const many = Array.from({ length: 400 }, (_, row) => insert(row + 1, `Roe${row}`));

  function namesIn(bytes: Buffer): ReadonlySet<string> {
    return new Set(
      labelled(fieldsOf(sqlite, bytes)).flatMap((field) => /^full name < patients: (\w+)$/.exec(field)?.[1] ?? []),
    );
  }

  test('rows in live pages, one by one', () => {
    const made = database('PRAGMA secure_delete = off', PATIENTS, ...many, 'DELETE FROM patients WHERE id % 3 = 0');
    expect(namesIn(made).size).toBeGreaterThan(380);
  });

  test('rows of a table that was emptied, in free pages', () => {
    const made = database('PRAGMA secure_delete = off', PATIENTS, ...many, 'DELETE FROM patients');
    expect(namesIn(made).size).toBeGreaterThan(200);
  });

  test('values of a table that was dropped, at least as text', () => {
    const made = database('PRAGMA secure_delete = off', PATIENTS, ...many, 'DROP TABLE patients', 'CREATE TABLE q (a)');
    expect(fieldsOf(sqlite, made).filter(({ value }) => value.includes(ssn)).length).toBeGreaterThan(300);
  });

  test('nothing where SQLite itself has wiped it', () => {
    const made = database('PRAGMA secure_delete = on', PATIENTS, insert(1, 'Roe'), 'DELETE FROM patients');
    expect(fieldsOf(sqlite, made).filter(({ value }) => value.includes(ssn))).toEqual([]);
  });
});

describe('logs', () => {
  const made = database(PATIENTS, insert(1, 'Roe'));

  test.each<[string, Buffer]>([
    ['a write-ahead log', walOf(made, 4096, [1, 2])],
    ['a rollback journal', journalOf(made, 4096, [2, 1])],
  ])('%s with the schema names the columns', (_title, log) => {
    expect(rowsOf(log)).toEqual(rows('Roe', 1));
  });

  test('without the schema, values have the number of their column', () => {
    const fields = fieldsOf(sqlite, walOf(made, 4096, [2])).filter(({ value }) => value === ssn);
    expect(fields).toMatchObject([{ labels: [], tie: 'column', columnIndex: 2 }]);
  });
});

test('more than is held is read page by page, and its tables are known where a page has told them', () => {
  const row = `INSERT INTO p SELECT 'Roe', '${ssn}', hex(zeroblob(1800)) FROM (SELECT 1 UNION ALL SELECT 2)`;
  const grow = 'INSERT INTO p SELECT name, ssn, filler FROM p';
  const made = database('CREATE TABLE p (name TEXT, ssn TEXT, filler TEXT)', row, ...Array<string>(13).fill(grow));
  expect(made.length).toBeGreaterThan(limits.heldBytes);
  const count = fieldsOf(sqlite, made, '', [1 << 20]).filter(({ labels }) => labels[0] === 'ssn').length;
  expect(count).toBe(2 ** 14);
});

const valid = fc.constantFrom(
  database('PRAGMA page_size = 512', PATIENTS, insert(1, 'Zoë'), insert(2, 'Doe'), 'DELETE FROM patients WHERE id = 1'),
  database(`PRAGMA encoding = 'UTF-16le'`, PATIENTS, insert(1, 'Zoë')),
  database('PRAGMA page_size = 512', 'CREATE TABLE p (a TEXT)', `INSERT INTO p VALUES ('${'ssn: 1, '.repeat(300)}')`),
  walOf(database('PRAGMA page_size = 512', PATIENTS, insert(1, 'Roe')), 512, [1, 2, 1]),
  journalOf(database('PRAGMA page_size = 512', PATIENTS, insert(1, 'Roe')), 512, [1, 2]),
);
holdsForAnyBytes(sqlite, valid);

/** A page of a table whose cells are where `cell` says. */
function leaf(pageSize: number, count: number, cell: (index: number) => number, fill: Buffer): Buffer {
  const page = Buffer.alloc(pageSize, fill);
  page[0] = 0x0d;
  page.writeUInt16BE(0, 1);
  page.writeUInt16BE(count, 3);
  page.writeUInt16BE(8 + 2 * count, 5);
  for (let index = 0; index < count; index++) page.writeUInt16BE(cell(index), 8 + 2 * index);
  return page;
}

const head = database('PRAGMA page_size = 4096', PATIENTS).subarray(0, 4096);
takesTimeInProportion(sqlite, [
  [
    'cells that are all the same one',
    (times) =>
      Buffer.concat([
        head,
        ...Array<Buffer>(times / 300).fill(leaf(4096, 1000, () => 2100, Buffer.from([0x8f, 0x70, 1]))),
      ]),
  ],
  [
    'chains of overflow that run into each other',
    (times) => {
      const cell = Buffer.concat([Buffer.from([0xff, 0xff, 0x7f, 1, 3, 0xff, 0xff, 0x71]), Buffer.alloc(489, 'x')]);
      const page = leaf(4096, 7, (index) => 100 + 520 * index, cell);
      return Buffer.concat([head, ...Array<Buffer>(times / 300).fill(page)]);
    },
  ],
  [
    'headers of deleted records',
    (times) =>
      Buffer.concat([head, ...Array<Buffer>(times / 300).fill(leaf(4096, 0, () => 0, Buffer.from([6, 1, 13])))]),
  ],
  [
    'pages of noise',
    (times) => Buffer.concat([head, Buffer.alloc((times / 300) * 4096, Buffer.from('ab\0ssn 12\x01cdefghi'))]),
  ],
]);
