import type { Patient } from '../support/patients.ts';

/** What a reader's format looks like with people in it: the seed of the fuzz tests (fuzz.test.ts). */
export interface Sample {
  /** The name the file would have; it may choose the reader. */
  readonly path: string;
  /** A whole file. Twice the people give about twice the bytes. */
  readonly make: (people: readonly Patient[]) => Buffer;
}

const text = (path: string, make: (people: readonly Patient[]) => string): Sample => ({
  path,
  make: (people) => Buffer.from(make(people)),
});

/** By the reader's id. A reader has one at least. */
export const samples: Readonly<Record<string, readonly Sample[]>> = {
  json: [
    text('people.json', (people) =>
      JSON.stringify({
        people: people.map(({ name, ssn, dob, address }) => ({
          patient: { name, ssn, birthDate: dob },
          note: `ssn: ${ssn}`,
          home: { address },
        })),
      }),
    ),
    text('people.ndjson', (people) => people.map(({ name, mrn }) => JSON.stringify({ name, mrn }) + '\n').join('')),
  ],
  sql: [
    text('people.sql', (people) =>
      [
        'CREATE TABLE `people` (`id` int, `ssn` char(11), `name` varchar(80), `dob` date);',
        'INSERT INTO `people` VALUES',
        people.map(({ ssn, name, dob }, index) => `(${index},'${ssn}','${name}','${dob}')`).join(',\n') + ';',
        "-- a comment; with 'quotes'",
        '',
      ].join('\n'),
    ),
    text('people.sql', (people) =>
      people
        .map(({ ssn, name }) => `INSERT INTO people (ssn, name) VALUES ('${ssn}', N'${name.replace("'", "''")}');\n`)
        .join(''),
    ),
    text('dump.sql', (people) =>
      [
        '-- PostgreSQL database dump',
        'COPY public.people (ssn, name, phone) FROM stdin;',
        ...people.map(({ ssn, name, phone }) => `${ssn}\t${name}\t${phone}`),
        '\\.',
        '',
      ].join('\n'),
    ),
  ],
  yaml: [
    text('people.yaml', (people) =>
      people
        .map(({ name, ssn, address }) => `- patient: ${name}\n  ssn: "${ssn}"\n  address: >\n    ${address}\n`)
        .join(''),
    ),
  ],
  settings: [
    text('people.toml', (people) =>
      people.map(({ name, ssn, dob }) => `[[people]]\nname = "${name}"\nssn = '${ssn}'\ndob = ${dob}\n\n`).join(''),
    ),
    text('people.ini', (people) =>
      people.map(({ name, ssn }, index) => `[patient ${index}]\n; one\nname=${name}\nssn: ${ssn}\n`).join(''),
    ),
    text('.env', (people) => people.map(({ name, ssn }) => `PATIENT_NAME="${name}"\nexport SSN=${ssn}\n`).join('')),
  ],
  table: [
    text('people.csv', (people) =>
      ['ssn,name,mrn,address', ...people.map((one) => `${one.ssn},${one.name},${one.mrn},"${one.address}"`), ''].join(
        '\r\n',
      ),
    ),
    text('people.psv', (people) =>
      ['SSN|DOB|NAME', ...people.map(({ ssn, dob, name }) => `${ssn}|${dob}|${name}`), ''].join('\n'),
    ),
  ],
  text: [
    text('notes.txt', (people) =>
      people.map(({ name, ssn, mrn }) => `Patient: ${name}\nSSN ${ssn}, MRN# ${mrn}.\n\n`).join(''),
    ),
  ],
};
