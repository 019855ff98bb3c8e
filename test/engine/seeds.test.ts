import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { patients, type Patient } from '../support/patients.ts';

const engine = new Engine();
const people = patients(3, 71);

function scan(path: string, text: string): readonly EntryFinding[] {
  return engine.scan(path, Buffer.from(text));
}

/** Each person's part of a text, made by one function. */
function each(part: (person: Patient, index: number) => string, glue = '\n'): string {
  return people.map(part).join(glue);
}

const MEMBERS = ['dob', 'mrn', 'name', 'ssn'];

interface Seed {
  readonly title: string;
  readonly path: string;
  readonly text: string;
}

const seeds: readonly Seed[] = [
  {
    title: 'Django JSON fixture',
    path: 'clinic/fixtures/patients.json',
    text: JSON.stringify(
      people.map((p, index) => ({
        model: 'clinic.patient',
        pk: index + 1,
        fields: { first_name: p.given, last_name: p.family, ssn: p.ssn, mrn: p.mrn, date_of_birth: p.dob },
      })),
      null,
      2,
    ),
  },
  {
    title: 'Django YAML fixture',
    path: 'clinic/fixtures/patients.yaml',
    text: each(
      (p, index) =>
        `- model: clinic.patient\n  pk: ${index + 1}\n  fields:\n    first_name: ${p.given}\n    last_name: ${p.family}\n    ssn: ${p.ssn}\n    mrn: '${p.mrn}'\n    date_of_birth: ${p.dob}`,
    ),
  },
  {
    title: 'Django XML fixture',
    path: 'clinic/fixtures/patients.xml',
    text: `<?xml version="1.0" encoding="utf-8"?>\n<django-objects version="1.0">\n${each(
      (p, index) =>
        `<object model="clinic.patient" pk="${index + 1}">\n<field name="first_name" type="CharField">${p.given}</field>\n<field name="last_name" type="CharField">${p.family}</field>\n<field name="ssn" type="CharField">${p.ssn}</field>\n<field name="mrn" type="CharField">${p.mrn}</field>\n<field name="date_of_birth" type="DateField">${p.dob}</field>\n</object>`,
    )}\n</django-objects>\n`,
  },
  {
    title: 'Rails YAML fixture',
    path: 'test/fixtures/patients.yml',
    text: each(
      (p, index) =>
        `patient_${index}:\n  first_name: ${p.given}\n  last_name: ${p.family}\n  ssn: ${p.ssn}\n  mrn: "${p.mrn}"\n  date_of_birth: ${p.dob}\n`,
    ),
  },
  {
    title: 'Rails YAML fixture with ERB',
    path: 'test/fixtures/patients.yml',
    text: each(
      (p, index) =>
        `patient_${index}:\n  id: <%= ${index} %>\n  first_name: ${p.given}\n  last_name: ${p.family}\n  ssn: ${p.ssn}\n  mrn: "${p.mrn}"\n  date_of_birth: ${p.dob}\n  created_at: <%= Time.now.to_fs(:db) %>\n`,
    ),
  },
  {
    title: 'Rails seeds, one call on one line',
    path: 'db/seeds.rb',
    text: each(
      (p) =>
        `Patient.create!(first_name: "${p.given}", last_name: "${p.family}", ssn: "${p.ssn}", mrn: "${p.mrn}", date_of_birth: "${p.dob}")`,
    ),
  },
  {
    title: 'Rails seeds, one call over several lines',
    path: 'db/seeds.rb',
    text: each(
      (p) =>
        `Patient.create!(\n  first_name: "${p.given}",\n  last_name: "${p.family}",\n  ssn: "${p.ssn}",\n  mrn: "${p.mrn}",\n  date_of_birth: Date.new(${p.dob.split('-').map(Number).join(', ')}),\n  born_on: Date.parse("${p.dob}")\n)`,
    ),
  },
  {
    title: 'Rails seeds, a block with assignments',
    path: 'db/seeds.rb',
    text: each(
      (p) =>
        `Patient.find_or_create_by!(mrn: "${p.mrn}") do |patient|\n  patient.first_name = "${p.given}"\n  patient.last_name = "${p.family}"\n  patient.ssn = "${p.ssn}"\n  patient.date_of_birth = Date.parse("${p.dob}")\nend`,
    ),
  },
  {
    title: 'Rails seeds, a list of arrays below a list of names',
    path: 'db/seeds.rb',
    text: `Patient.insert_all([\n${each(
      (p) =>
        `  { "first_name" => "${p.given}", "last_name" => "${p.family}", "ssn" => "${p.ssn}", "mrn" => "${p.mrn}", "date_of_birth" => "${p.dob}" },`,
    )}\n])`,
  },
  {
    title: 'activerecord-import: columns and rows of values',
    path: 'db/seeds.rb',
    text: `columns = [:first_name, :last_name, :ssn, :mrn, :date_of_birth]\nvalues = [\n${each(
      (p) => `  ["${p.given}", "${p.family}", "${p.ssn}", "${p.mrn}", "${p.dob}"],`,
    )}\n]\nPatient.import columns, values\n`,
  },
  {
    title: 'knex, objects over several lines',
    path: 'seeds/01_patients.js',
    text: `exports.seed = async (knex) => {\n  await knex('patients').insert([\n${each(
      (p, index) =>
        `    {\n      id: ${index + 1},\n      first_name: '${p.given}',\n      last_name: '${p.family}',\n      ssn: '${p.ssn}',\n      mrn: '${p.mrn}',\n      date_of_birth: '${p.dob}',\n    },`,
    )}\n  ]);\n};\n`,
  },
  {
    title: 'knex, objects on one line',
    path: 'seeds/01_patients.js',
    text: `knex('patients').insert([\n${each(
      (p, index) =>
        `  {id: ${index + 1}, firstName: '${p.given}', lastName: '${p.family}', ssn: '${p.ssn}', mrn: '${p.mrn}', dateOfBirth: '${p.dob}'},`,
    )}\n])`,
  },
  {
    title: 'knex, all objects on one line',
    path: 'seeds/01_patients.js',
    text: `knex('patients').insert([${each(
      (p, index) =>
        `{id:${index + 1},firstName:'${p.given}',lastName:'${p.family}',ssn:'${p.ssn}',mrn:'${p.mrn}',dateOfBirth:'${p.dob}'}`,
      ',',
    )}])`,
  },
  {
    title: 'Liquibase XML',
    path: 'db/changelog/patients.xml',
    text: `<?xml version="1.0" encoding="UTF-8"?>\n<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n<changeSet id="1" author="x">\n${each(
      (p, index) =>
        `<insert tableName="patients">\n  <column name="id" valueNumeric="${index + 1}"/>\n  <column name="first_name" value="${p.given}"/>\n  <column name="last_name" value="${p.family}"/>\n  <column name="ssn" value="${p.ssn}"/>\n  <column name="mrn" value="${p.mrn}"/>\n  <column name="date_of_birth" valueDate="${p.dob}"/>\n</insert>`,
    )}\n</changeSet>\n</databaseChangeLog>\n`,
  },
  {
    title: 'Liquibase YAML',
    path: 'db/changelog/patients.yaml',
    text: `databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: x\n      changes:\n${each(
      (p) =>
        `        - insert:\n            tableName: patients\n            columns:\n              - column:\n                  name: first_name\n                  value: ${p.given}\n              - column:\n                  name: last_name\n                  value: ${p.family}\n              - column:\n                  name: ssn\n                  value: ${p.ssn}\n              - column:\n                  name: mrn\n                  value: "${p.mrn}"\n              - column:\n                  name: date_of_birth\n                  valueDate: ${p.dob}`,
    )}\n`,
  },
  {
    title: 'Liquibase JSON',
    path: 'db/changelog/patients.json',
    text: JSON.stringify({
      databaseChangeLog: [
        {
          changeSet: {
            id: '1',
            changes: people.map((p) => ({
              insert: {
                tableName: 'patients',
                columns: [
                  { column: { name: 'first_name', value: p.given } },
                  { column: { name: 'last_name', value: p.family } },
                  { column: { name: 'ssn', value: p.ssn } },
                  { column: { name: 'mrn', value: p.mrn } },
                  { column: { name: 'date_of_birth', valueDate: p.dob } },
                ],
              },
            })),
          },
        },
      ],
    }),
  },
  {
    title: 'Liquibase CSV of loadData',
    path: 'db/changelog/patients.csv',
    text: `first_name;last_name;ssn;mrn;date_of_birth\n${each((p) => [p.given, p.family, p.ssn, p.mrn, p.dob].join(';'))}\n`,
  },
  {
    title: 'Liquibase formatted SQL',
    path: 'db/changelog/patients.sql',
    text: `--liquibase formatted sql\n--changeset x:1\n${each(
      (p) =>
        `INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth) VALUES ('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}');`,
    )}\n`,
  },
  {
    title: 'DBUnit flat XML',
    path: 'src/test/resources/dataset.xml',
    text: `<?xml version='1.0' encoding='UTF-8'?>\n<dataset>\n${each(
      (p, index) =>
        `  <PATIENT ID="${index}" FIRST_NAME="${p.given}" LAST_NAME="${p.family}" SSN="${p.ssn}" MRN="${p.mrn}" BIRTH_DATE="${p.dob}"/>`,
    )}\n</dataset>\n`,
  },
  {
    title: 'DBUnit full XML',
    path: 'src/test/resources/full.xml',
    text: `<!DOCTYPE dataset SYSTEM "dataset.dtd">\n<dataset>\n  <table name="PATIENT">\n    <column>ID</column>\n    <column>FIRST_NAME</column>\n    <column>LAST_NAME</column>\n    <column>SSN</column>\n    <column>MRN</column>\n    <column>BIRTH_DATE</column>\n${each(
      (p, index) =>
        `    <row>\n      <value>${index}</value>\n      <value>${p.given}</value>\n      <value>${p.family}</value>\n      <value>${p.ssn}</value>\n      <value>${p.mrn}</value>\n      <value>${p.dob}</value>\n    </row>`,
    )}\n  </table>\n</dataset>\n`,
  },
  {
    title: 'DBUnit full XML with null cells',
    path: 'src/test/resources/full.xml',
    text: `<dataset><table name="PATIENT"><column>ID</column><column>SUFFIX</column><column>FIRST_NAME</column><column>LAST_NAME</column><column>SSN</column><column>MRN</column><column>BIRTH_DATE</column>${each(
      (p, index) =>
        `<row><value>${index}</value><null/><value>${p.given}</value><value description="x">${p.family}</value><value>${p.ssn}</value><value><![CDATA[${p.mrn}]]></value><value>${p.dob}</value></row>`,
      '',
    )}</table></dataset>`,
  },
  {
    title: 'JavaScript template literal',
    path: 'seed.js',
    text: `await db.query(\`\n  INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth)\n  VALUES\n${each(
      (p) => `    ('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}')`,
      ',\n',
    )}\n\`);\n`,
  },
  {
    title: 'Python triple quotes',
    path: 'seed.py',
    text: `def seed(cur):\n    cur.execute("""\n        INSERT INTO patients\n            (first_name, last_name, ssn, mrn, date_of_birth)\n        VALUES\n${each(
      (p) => `            ('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}')`,
      ',\n',
    )}\n    """)\n`,
  },
  {
    title: 'Python executemany with tuples',
    path: 'seed.py',
    text: `cur.executemany(\n    "INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth) VALUES (%s, %s, %s, %s, %s)",\n    [\n${each(
      (p) => `        ("${p.given}", "${p.family}", "${p.ssn}", "${p.mrn}", "${p.dob}"),`,
    )}\n    ],\n)\n`,
  },
  {
    title: 'Java concatenation over lines',
    path: 'Seed.java',
    text: each(
      (p) =>
        `    jdbc.update("INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth) "\n        + "VALUES ('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}')");`,
    ),
  },
  {
    title: 'Java text block',
    path: 'Seed.java',
    text: `  String SQL = """\n      INSERT INTO patients (first_name, last_name,\n          ssn, mrn, date_of_birth) VALUES\n${each(
      (p) => `      ('${p.given}', '${p.family}',\n       '${p.ssn}', '${p.mrn}', '${p.dob}')`,
      ',\n',
    )};\n      """;\n`,
  },
  {
    title: 'Ruby heredoc',
    path: 'db/migrate/1_seed.rb',
    text: `execute <<~SQL\n  INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth)\n  VALUES ${each(
      (p) => `('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}')`,
      ',\n         ',
    )};\nSQL\n`,
  },
  {
    title: 'PHP heredoc, one statement a person',
    path: 'seed.php',
    text: `<?php\n$sql = <<<SQL\n${each(
      (p) =>
        `INSERT INTO \`patients\` (\`first_name\`, \`last_name\`, \`ssn\`, \`mrn\`, \`date_of_birth\`)\nVALUES ('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}');`,
    )}\nSQL;\n`,
  },
  {
    title: 'shell here-document for psql',
    path: 'seed.sh',
    text: `#!/bin/sh\npsql -d clinic <<'EOT'\nINSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth) VALUES\n${each(
      (p) => `  ('${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}')`,
      ',\n',
    )};\nEOT\n`,
  },
  {
    title: 'Alembic bulk_insert',
    path: 'versions/1.py',
    text: `op.bulk_insert(patients, [\n${each(
      (p) =>
        `    {"first_name": "${p.given}", "last_name": "${p.family}", "ssn": "${p.ssn}", "mrn": "${p.mrn}", "date_of_birth": date(${p.dob.split('-').map(Number).join(', ')}), "birth_date": "${p.dob}"},`,
    )}\n])\n`,
  },
  {
    title: 'Go struct literals',
    path: 'seed.go',
    text: `var patients = []Patient{\n${each(
      (p) =>
        `\t{FirstName: "${p.given}", LastName: "${p.family}", SSN: "${p.ssn}", MRN: "${p.mrn}", DateOfBirth: "${p.dob}"},`,
    )}\n}\n`,
  },
  {
    title: 'C# HasData',
    path: 'Seed.cs',
    text: `modelBuilder.Entity<Patient>().HasData(\n${each(
      (p, index) =>
        `    new Patient { Id = ${index + 1}, FirstName = "${p.given}", LastName = "${p.family}", Ssn = "${p.ssn}", Mrn = "${p.mrn}", DateOfBirth = DateTime.Parse("${p.dob}") }`,
      ',\n',
    )});\n`,
  },
  {
    title: 'Java setters',
    path: 'Seed.java',
    text: each(
      (p, index) =>
        `Patient p${index} = new Patient();\np${index}.setFirstName("${p.given}");\np${index}.setLastName("${p.family}");\np${index}.setSsn("${p.ssn}");\np${index}.setMrn("${p.mrn}");\np${index}.setDateOfBirth(LocalDate.parse("${p.dob}"));\nrepo.save(p${index});\n`,
    ),
  },
  {
    title: 'Java builder',
    path: 'Seed.java',
    text: each(
      (p) =>
        `repo.save(Patient.builder().firstName("${p.given}").lastName("${p.family}").ssn("${p.ssn}").mrn("${p.mrn}").dateOfBirth(LocalDate.parse("${p.dob}")).build());`,
    ),
  },
  {
    title: 'Laravel seeder',
    path: 'PatientSeeder.php',
    text: `<?php\nDB::table('patients')->insert([\n${each(
      (p) =>
        `  ['first_name' => '${p.given}', 'last_name' => '${p.family}', 'ssn' => '${p.ssn}', 'mrn' => '${p.mrn}', 'date_of_birth' => '${p.dob}'],`,
    )}\n]);\n`,
  },
  {
    title: 'FactoryBot',
    path: 'spec/factories/patients.rb',
    text: each(
      (p, index) =>
        `FactoryBot.define do\n  factory :patient_${index} do\n    first_name { "${p.given}" }\n    last_name { "${p.family}" }\n    ssn { "${p.ssn}" }\n    mrn { "${p.mrn}" }\n    date_of_birth { Date.parse("${p.dob}") }\n  end\nend\n`,
    ),
  },
  {
    title: 'a prepared statement with the values in an array',
    path: 'seed.ts',
    text: each(
      (p) =>
        `await pool.query('INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth) VALUES ($1, $2, $3, $4, $5)', ['${p.given}', '${p.family}', '${p.ssn}', '${p.mrn}', '${p.dob}']);`,
    ),
  },
  {
    title: 'a prepared statement with the values behind it',
    path: 'Seed.java',
    text: each(
      (p) =>
        `    jdbc.update("INSERT INTO patients (first_name, last_name, ssn, mrn, date_of_birth) VALUES (?, ?, ?, ?, ?)", "${p.given}", "${p.family}", "${p.ssn}", "${p.mrn}", LocalDate.parse("${p.dob}"));`,
    ),
  },
  {
    title: 'pandas: names of columns above rows',
    path: 'seed.py',
    text: `columns = ["first_name", "last_name", "ssn", "mrn", "date_of_birth"]\ndf = pd.DataFrame([\n${each(
      (p) => `    ["${p.given}", "${p.family}", "${p.ssn}", ${p.mrn}, "${p.dob}"],`,
    )}\n], columns=columns)\n`,
  },
  {
    title: 'dates made of numbers',
    path: 'seed.py',
    text: each(
      (p) =>
        `Patient.objects.create(first_name="${p.given}", last_name="${p.family}", ssn="${p.ssn}", mrn="${p.mrn}", date_of_birth=datetime.date(${p.dob.split('-').map(Number).join(', ')}))`,
    ),
  },
];

/** What is not known of a person, or is no person's. */
const silent: readonly Seed[] = [
  {
    title: 'an INSERT with a place for each value and none behind it',
    path: 'dao.py',
    text: 'cur.execute("INSERT INTO patients (first_name, ssn, mrn) VALUES (%s, %s, %s)", row)\n',
  },
  {
    title: 'names of columns above lists of other words',
    path: 'grid.js',
    text: "const columns = ['first_name', 'ssn', 'mrn'];\nconst sorts = ['asc', 'desc', 'none'];\nconst widths = [100, 80, 80];\n",
  },
  {
    title: 'rows of products',
    path: 'seed.rb',
    text: "execute <<~SQL\n  INSERT INTO products (name, sku, price)\n  VALUES\n    ('Blue Kettle 2', 'KT-20-1187', 1999),\n    ('Red Kettle', 'KT-20-1188', 2099);\nSQL\n",
  },
  {
    title: 'a table of columns without persons in DBUnit’s XML',
    path: 'full.xml',
    text: '<dataset><table name="ITEM"><column>SSN_REQUIRED</column><column>NAME</column><row><value>1</value><value>Blue Kettle</value></row></table></dataset>',
  },
  {
    title: 'setters that are given names of keys',
    path: 'Form.java',
    text: 'form.setSsn("patient.ssn.label");\nform.setMrn("mrn");\nform.setDateOfBirth("yyyy-MM-dd");\n',
  },
];

describe('seeds', () => {
  test.each(silent)('$title: silent', ({ path, text }) => {
    expect(scan(path, text).filter(({ severity }) => severity !== 'info' && severity !== 'low')).toEqual([]);
  });

  test.each(seeds)('$title, cut anywhere: what stands before the cut is found', ({ path, text }) => {
    const last = text.lastIndexOf(people[2]?.ssn ?? '');
    const records = scan(path, text.slice(0, last)).filter(({ detector }) => detector === 'patient-record');
    expect(records.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(2);
  });

  test('an INSERT that never ends does not swallow what stands behind it', () => {
    const [one] = people;
    const text = `sql = "INSERT INTO patients (first_name, ssn\n${'x = 1\n'.repeat(300)}ssn = "${one?.ssn ?? ''}"\ndob = "${one?.dob ?? ''}"\n`;
    expect(scan('seed.py', text).map(({ detector }) => detector)).toContain('patient-record');
  });

  test('the rows of a statement are read to its end, however far they are from a hint', () => {
    const many = patients(200, 71);
    const rows = many.map((p) => `  ('${p.given}', '${p.family}', '${p.mrn}', '${p.dob}')`).join(',\n');
    const text = `${'// nothing\n'.repeat(7000)}db.query(\`\nINSERT INTO patients (first_name, last_name, mrn, date_of_birth) VALUES\n${rows}\n\`);\n`;
    const records = scan('seed.js', text).filter(({ detector }) => detector === 'patient-record');
    expect(records.map(({ count }) => count)).toEqual([many.length]);
  });

  test('lines of brackets and quotes take time in proportion', () => {
    const textOf = (size: number): Buffer =>
      Buffer.from(
        `columns = ["a", "b", "ssn", "mrn"]\n${'["('.repeat(size)}\nINSERT INTO p (${'a,'.repeat(size)}\n`.repeat(40),
      );
    const [half, whole] = [textOf(2000), textOf(4000)];
    const best = { half: Infinity, whole: Infinity };
    for (let run = 0; run < 8; run++) {
      for (const [size, text] of [['half', half] as const, ['whole', whole] as const]) {
        const start = performance.now();
        engine.scan('a.py', text);
        best[size] = Math.min(best[size], performance.now() - start);
      }
    }
    expect(best.whole).toBeLessThan(2.5 * best.half);
  });

  test.each(seeds)('$title: one record for each person', ({ path, text }) => {
    const records = scan(path, text).filter(({ detector }) => detector === 'patient-record');
    expect({
      count: records.reduce((sum, { count }) => sum + count, 0),
      identifiers: [...new Set(records.flatMap(({ identifiers = [] }) => identifiers))].sort(),
    }).toEqual({ count: people.length, identifiers: MEMBERS });
  });
});
