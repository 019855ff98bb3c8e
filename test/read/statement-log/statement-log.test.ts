import { describe, expect, test } from 'vitest';
import { plainText } from '../../../src/read/plain-text.ts';
import { patient } from '../../support/patients.ts';
import { takesTimeInProportion } from '../properties.ts';
import { fieldsOf } from '../reading.ts';

const { mrn, family, dob, ssn } = patient(7);
const other = patient(8);
const [year, month, day] = dob.split('-').map(Number);
const INSERT = 'insert into patients (mrn, last_name, dob) values (?, ?, ?)';
const DATED = '2024-01-02 10:00:00.123 DEBUG 1 --- [main]';
const both = [`mrn: ${mrn}`, `last_name: ${family}`];
const all = [...both, `dob: ${dob}`];

/** `column: value`, of the values that are tied to a column of the table; placeholders are none. */
function bound(text: string): readonly string[] {
  const columns = fieldsOf(plainText, Buffer.from(text))
    .filter(({ labels, tie }) => tie === 'key' && /^(?:mrn|last_?name|dob|ssn)$/i.test(labels[0] ?? ''))
    .filter(({ value }) => !/^(?:[?$%]|None$|\d{1,4}$)/.test(value))
    .map(({ labels, value }) => `${labels[0] ?? ''}: ${value}`);
  return [...new Set(columns)];
}

const lines = (...parts: readonly string[]): string => `${parts.join('\n')}\n`;

describe('values that are logged apart from their statement', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'Hibernate 5',
      lines(
        `${DATED} org.hibernate.SQL : ${INSERT}`,
        ...[mrn, family, dob].map(
          (value, index) => `${DATED} BasicBinder : binding parameter [${index + 1}] as [VARCHAR] - [${value}]`,
        ),
      ),
      all,
    ],
    [
      'Hibernate 6, a comparison',
      lines(
        'Hibernate: select p1_0.id from patients p1_0 where p1_0.mrn=? and p1_0.dob=?',
        `${DATED} bind : binding parameter (1:VARCHAR) <- [${mrn}]`,
        `${DATED} bind : binding parameter (2:DATE) <- [${dob}]`,
      ),
      [`mrn: ${mrn}`, `dob: ${dob}`],
    ],
    [
      'Hibernate with the statement over several lines',
      lines(
        'Hibernate: ',
        '    insert ',
        '    into',
        '        patients',
        '        (mrn, last_name) ',
        '    values',
        '        (?, ?)',
        `${DATED} bind : binding parameter [1] as [VARCHAR] - [${mrn}]`,
        `${DATED} bind : binding parameter [2] as [VARCHAR] - [${family}]`,
      ),
      both,
    ],
    [
      'Hibernate 3',
      lines(`${DATED} SQL - ${INSERT}`, `${DATED} StringType - binding '${mrn}' to parameter: 1`),
      [`mrn: ${mrn}`],
    ],
    [
      'SQLAlchemy: a tuple',
      lines(
        `INFO sqlalchemy.engine.Engine ${INSERT}`,
        `INFO sqlalchemy.engine.Engine [generated in 0.00012s] ('${mrn}', '${family}', datetime.date(${String(year)}, ${String(month)}, ${String(day)}))`,
      ),
      [...both, `dob: datetime.date(${String(year)}, ${String(month)}, ${String(day)})`, `dob: ${dob}`],
    ],
    [
      'SQLAlchemy: a statement over lines, with a statement inside',
      lines(
        'INFO sqlalchemy.engine.Engine SELECT patients.id ',
        'FROM patients ',
        'WHERE patients.mrn = ? AND patients.id IN (SELECT visit.pid ',
        'FROM visit WHERE visit.ssn = ?)',
        ' LIMIT ?',
        `INFO sqlalchemy.engine.Engine [cached since 1.2s ago] ('${mrn}', '${ssn}', 1)`,
      ),
      [`mrn: ${mrn}`, `ssn: ${ssn}`],
    ],
    [
      'SQLAlchemy: many rows',
      lines(
        'INFO sqlalchemy.engine.Engine INSERT INTO patients (mrn, last_name) VALUES (?, ?)',
        `INFO sqlalchemy.engine.Engine [generated in 0.1s] [('${mrn}', '${family}'), ('${other.mrn}', '${other.family}')]`,
      ),
      [...both, `mrn: ${other.mrn}`, `last_name: ${other.family}`],
    ],
    ['SQLAlchemy: an error', lines(`[SQL: ${INSERT}]`, `[parameters: ('${mrn}', "${family}", None)]`), both],
    [
      'SQLAlchemy: named placeholders',
      lines(
        'INFO sqlalchemy.engine.Engine SELECT id FROM patients WHERE mrn = %(mrn_1)s',
        `INFO sqlalchemy.engine.Engine [no key 0.1s] {'mrn_1': '${mrn}'}`,
      ),
      [`mrn: ${mrn}`],
    ],
    [
      'Django',
      `(0.001) INSERT INTO "patients" ("mrn", "last_name") VALUES (%s, %s); args=('${mrn}', '${family}'); alias=default\n`,
      both,
    ],
    [
      'PostgreSQL',
      lines(
        `${DATED} LOG:  execute s1: UPDATE patients SET last_name = $2, phone = $3 WHERE mrn = $1`,
        `${DATED} DETAIL:  parameters: $1 = '${mrn}', $2 = '${family}', $3 = NULL`,
      ),
      both,
    ],
    [
      'MyBatis',
      lines(
        `${DATED} ==>  Preparing: INSERT INTO patients (mrn, phone, last_name) VALUES (?, ?, ?)`,
        `${DATED} ==> Parameters: ${mrn}(String), null, ${family}(String)`,
      ),
      both,
    ],
    [
      'Entity Framework, whose values come first',
      lines(
        `info: Executed DbCommand (1ms) [Parameters=[@p0='${mrn}' (Size = 20), @p1='${family}' (Size = 50)], CommandType='Text']`,
        '      INSERT INTO [Patients] ([mrn], [last_name])',
        '      VALUES (@p0, @p1);',
      ),
      both,
    ],
    [
      'Sequelize',
      `Executing (default): INSERT INTO "P" ("id","mrn","last_name") VALUES (DEFAULT,$1,$2); "${mrn}", "${family}"\n`,
      both,
    ],
    [
      'TypeORM',
      `query: INSERT INTO "p"("mrn", "last_name") VALUES ($1, $2) -- PARAMETERS: ["${mrn}","${family}"]\n`,
      both,
    ],
    [
      'Prisma',
      lines('Query: INSERT INTO "P" ("mrn","last_name") VALUES ($1,$2)', `Params: ["${mrn}","${family}"]`),
      both,
    ],
    ['knex', `{ sql: 'insert into p (mrn, last_name) values (?, ?)', bindings: [ '${mrn}', '${family}' ] }\n`, both],
    [
      'a statement in an escaped string',
      `{"m":"INSERT INTO \\"p\\" (\\"mrn\\", \\"last_name\\") VALUES (%s, %s)"}; args=('${mrn}', '${family}')\n`,
      both,
    ],
    [
      'the nearer statement',
      lines(
        `${DATED} select id from visits where visit_no=?`,
        `${DATED} ${INSERT}`,
        `${DATED} binding parameter [1] as [VARCHAR] - [${mrn}]`,
      ),
      [`mrn: ${mrn}`],
    ],
    [
      'other columns',
      lines(
        `${DATED} insert into orders (order_no, status) values (?, ?)`,
        `${DATED} binding parameter [1] as [VARCHAR] - [${mrn}]`,
      ),
      [],
    ],
    ['no statement', lines(`${DATED} binding parameter [1] as [VARCHAR] - [${mrn}]`), []],
    [
      'a statement without placeholders',
      lines(`${DATED} select mrn from patients`, `${DATED} binding parameter [1] as [VARCHAR] - [${mrn}]`),
      [],
    ],
    [
      'a statement that is out of reach',
      lines(
        `${DATED} ${INSERT}`,
        ...Array<string>(60).fill('x'),
        `${DATED} binding parameter [1] as [VARCHAR] - [${mrn}]`,
      ),
      [],
    ],
    [
      'a statement that is cut, and a list that is cut',
      lines(`INFO INSERT INTO patients (mrn, last_name) VALUES (?, `, `INFO [generated in 0.1s] ('${mrn}', '${family}`),
      [`mrn: ${mrn}`],
    ],
    [
      'a number beyond the placeholders',
      lines(`${DATED} ${INSERT}`, `${DATED} binding parameter [9] as [VARCHAR] - [${mrn}]`),
      [],
    ],
  ])('%s', (_title, text, expected) => {
    expect(bound(text)).toEqual(expected);
  });

  test('each execution is a record of its own', () => {
    const binding = (index: number, value: string): string =>
      `${DATED} binding parameter [${index}] as [VARCHAR] - [${value}]`;
    const text = lines(
      `${DATED} ${INSERT}`,
      ...[binding(1, mrn), binding(2, family)],
      ...[binding(1, other.mrn), binding(2, other.family)],
    );
    const records = fieldsOf(plainText, Buffer.from(text))
      .filter(({ value }) => [mrn, family, other.mrn, other.family].includes(value))
      .map(({ record }) => record);
    expect(records).toHaveLength(4);
    expect(records[0]).toBe(records[1]);
    expect(records[2]).toBe(records[3]);
    expect(records[0]).not.toBe(records[2]);
  });
});

takesTimeInProportion(
  plainText,
  [
    ['statements', () => `${INSERT}; `],
    ['parameters', () => `${INSERT} [generated in 1s] ('a', 'b')\n`],
    ['lists that are not closed', () => `[parameters: ('a, "b\n`],
    ['types', () => `==> Parameters: a(String), b(Str`],
    ['values before a statement that does not come', () => `[Parameters=[@a='1' (Size = 1)], select @a, @b\n`],
    ['open quotes of a statement', () => `insert into p (mrn) values (' ? `],
  ].map(([title, make]) => [title as string, (times: number) => (make as () => string)().repeat(times)] as const),
  { times: 8000, least: 10 },
);

test('a value is of one record: the text of its line belongs to its row', () => {
  const text = lines(
    'Hibernate: insert into patients (mrn, ssn) values (?, ?)',
    `${DATED} bind : binding parameter [1] as [VARCHAR] - [${mrn}]`,
    `${DATED} bind : binding parameter [2] as [VARCHAR] - [${ssn}]`,
  );
  const told = fieldsOf(plainText, Buffer.from(text)).filter(({ value }) => value.includes(ssn) || value.includes(mrn));
  expect(told.length).toBeGreaterThan(2);
  expect(new Set(told.map(({ record }) => record)).size).toBe(1);
});
