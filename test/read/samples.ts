import { deflateRawSync } from 'node:zlib';
import type { Patient } from '../support/patients.ts';
import { dicomFile, type Element } from './dicom/dicom-file.ts';
import { pickled } from './pickle/pickles.ts';
import { database } from './sqlite/databases.ts';

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

function hl7Message(
  { mrn, family, given, dob, sex, street, city, state, zip, phone, ssn }: Patient,
  end: string,
): string {
  return [
    'MSH|^~\\&|ADT|KELP|LAB|KELP|20240102||ADT^A08|17|P|2.5.1',
    `PID|1||${mrn}^^^KELP^MR||${family}^${given}||${dob.replaceAll('-', '')}|${sex}|||${street}^^${city}^${state}^${zip}||${phone}||||||${ssn}`,
    'PV1|1|I',
    '',
  ].join(end);
}

/** A claim for each person. */
function interchange(people: readonly Patient[], separator: string, end: string): string {
  const pad = (value: string): string => value.padEnd(15);
  const segments = [
    [
      'ISA',
      '00',
      ' '.repeat(10),
      '00',
      ' '.repeat(10),
      'ZZ',
      pad('KELP'),
      'ZZ',
      pad('PLAN'),
      '240102',
      '1200',
      '^',
      '00501',
      '000000017',
      '0',
      'P',
      ':',
    ],
    ['GS', 'HC', 'KELP', 'PLAN', '20240102', '1200', '1', 'X', '005010X222A1'],
    ['ST', '837', '0001'],
    ...people.flatMap(({ family, given, memberId, street, city, state, zip, dob, sex, account }, index) => [
      ['HL', `${index + 1}`, '', '22', '0'],
      ['SBR', 'P', '18'],
      ['NM1', 'IL', '1', family, given, '', '', '', 'MI', memberId],
      ['N3', street],
      ['N4', city, state, zip],
      ['DMG', 'D8', dob.replaceAll('-', ''), sex],
      ['CLM', account, '100'],
    ]),
    ['SE', '7', '0001'],
    ['GE', '1', '1'],
    ['IEA', '1', '000000017'],
  ];
  return segments.map((segment) => segment.join(separator) + end).join('');
}

/** A data set with a sequence of persons. */
function studies(people: readonly Patient[]): readonly Element[] {
  const persons = people.map(({ family, given, mrn, dob, sex }): readonly Element[] => [
    ['00100010', 'PN', `${family}^${given}`],
    ['00100020', 'LO', mrn],
    ['00100030', 'DA', dob.replaceAll('-', '')],
    ['00100040', 'CS', sex],
  ]);
  return [['00080050', 'SH', people[0]?.account ?? ''], ...(persons[0] ?? []), ['00101002', 'SQ', persons]];
}

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
  hl7: [
    text('adt.hl7', (people) => people.map((one) => hl7Message(one, '\r')).join('')),
    text('adt.txt', (people) => people.map((one) => `\v${hl7Message(one, '\r\n')}\x1c\r`).join('')),
  ],
  x12: [
    text('claims.edi', (people) => interchange(people, '*', '~\n')),
    text('claims.x12', (people) => interchange(people, '|', '\x1e')),
  ],
  ncpdp: [
    text('claims.txt', (people) =>
      people
        .map(
          ({ given, family, dob, memberId, street }) =>
            `\x1e\x1cAM01\x1cC4${dob.replaceAll('-', '')}\x1cCA${given}\x1cCB${family}\x1cCM${street}` +
            `\x1e\x1cAM04\x1cC2${memberId}\x1cCC${given}\x1cCD${family}\x1d`,
        )
        .join(''),
    ),
  ],
  cclf: [
    text('P.A0001.ACO.ZC7Y24.D240102.T1200000', (people) =>
      people
        .map(
          ({ mbi }, index) =>
            `${7_000_000_000_413 + index}330024${mbi}${' '.repeat(11)}602024-01-022024-01-09${'x'.repeat(40)}\n`,
        )
        .join(''),
    ),
  ],
  dicom: [
    ...(['explicit', 'implicit', 'big'] as const).map((syntax) => ({
      path: 'study.dcm',
      make: (people: readonly Patient[]) => dicomFile(studies(people), syntax),
    })),
    { path: 'study.dcm', make: (people) => dicomFile(studies(people), 'deflated', deflateRawSync) },
  ],
  sqlite: [
    {
      path: 'people.db',
      make: (people) =>
        database(
          'CREATE TABLE people (ssn TEXT, name TEXT, dob TEXT, address TEXT)',
          'INSERT INTO people VALUES ' +
            people.map(({ ssn, name, dob, address }) => `('${ssn}', '${name}', '${dob}', '${address}')`).join(', '),
        ),
    },
  ],
  pickle: [2, 4].map((protocol) => ({
    path: `people.${String(protocol)}.pkl`,
    make: (people) =>
      pickled(
        people.map(({ ssn, name, dob, mrn }) => ({ ssn, name, dob, mrn })),
        protocol,
      ),
  })),
  xml: [
    text('people.xml', (people) =>
      [
        '<?xml version="1.0" encoding="UTF-8"?>\n<people>',
        ...people.map(
          ({ name, ssn, dob, mrn }) =>
            `  <patient mrn="${mrn}"><name>${name}</name><ssn>${ssn}</ssn>\n  <!-- one --><birthDate value="${dob}"/><note><![CDATA[ssn: ${ssn} ]]></note></patient>`,
        ),
        '</people>\n',
      ].join('\n'),
    ),
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
  literals: [
    text('people.tf', (people) =>
      people
        .map(
          ({ name, ssn, mrn }, index) =>
            `resource "aws_ecs_task_definition" "p${index}" {\n  container_definitions = jsonencode([{\n` +
            `    environment = [{ name = "PATIENT_NAME", value = "${name}" }, { value = "${ssn}", name = "SSN" }]\n` +
            `    command = ["--mrn", "${mrn}"]\n  }])\n}\n`,
        )
        .join(''),
    ),
    text(
      'people.jsonnet',
      (people) =>
        `{ people: [\n${people.map(({ name, ssn }) => `  { 'patient name': '${name}', ssn: "${ssn}" },\n`).join('')}] }\n`,
    ),
  ],
  dockerfile: [
    text('Dockerfile', (people) =>
      people
        .map(
          ({ name, ssn, mrn }) =>
            `FROM scratch\nENV PATIENT_NAME="${name}" \\\n  SSN=${ssn}\nRUN load \\\n  --mrn ${mrn}\nCMD ["--ssn", "${ssn}"]\n`,
        )
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
  'fixed-width': [
    text('census.txt', (people) =>
      [
        'MRN       LAST NAME           FIRST NAME     DOB        SSN        ',
        ...people.map(
          ({ mrn, family, given, dob, ssn }) =>
            `${mrn.padEnd(10)}${family.padEnd(20)}${given.padEnd(15)}${dob.padEnd(11)}${ssn}`,
        ),
        '',
      ].join('\n'),
    ),
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
  mime: [
    text('mail.eml', (people) =>
      [
        'From: a@kelpmail.net',
        'Subject: =?UTF-8?Q?patients?=',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary="b1"',
        '',
        ...people.flatMap(({ name, ssn, mrn }, index) => [
          '--b1',
          'Content-Type: text/plain; charset=utf-8',
          `Content-Transfer-Encoding: ${index % 2 === 0 ? 'base64' : 'quoted-printable'}`,
          '',
          index % 2 === 0
            ? Buffer.from(`Patient: ${name}\nSSN ${ssn}, MRN# ${mrn}.\n`).toString('base64')
            : `Patient name=3D ${name}=\r\n, MRN# ${mrn}=2E`,
        ]),
        '--b1--',
        '',
      ].join('\r\n'),
    ),
    text('inbox.mbox', (people) =>
      people
        .map(({ name, mrn }) => `From a Mon Jan  2\nFrom: a\nTo: b\nSubject: c\n\nPatient: ${name}\nMRN# ${mrn}.\n\n`)
        .join(''),
    ),
  ],
  text: [
    text('notes.txt', (people) =>
      people.map(({ name, ssn, mrn }) => `Patient: ${name}\nSSN ${ssn}, MRN# ${mrn}.\n\n`).join(''),
    ),
  ],
};
