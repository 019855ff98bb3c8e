import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { patients } from '../support/patients.ts';

const engine = new Engine();
const people = patients(5, 211);
const FILLER = 3 * limits.headBytes;

function lines(line: (index: number) => string): string {
  let text = '';
  for (let index = 0; text.length < FILLER; index++) text += line(index);
  return text;
}

function records(findings: readonly EntryFinding[]): readonly EntryFinding[] {
  return findings.filter(({ detector }) => detector === 'patient-record');
}

/** A text whose first hint stands far behind its head: what comes before the persons, they, and where the first one stands. */
interface Late {
  readonly title: string;
  readonly path: string;
  readonly before: string;
  readonly persons: string;
}

const late: readonly Late[] = [
  {
    title: 'CSV: the header names no strong label',
    path: 'export.csv',
    before: `id,last_name,first_name,number,city\n${lines((row) => `${row},,,,Springfield\n`)}`,
    persons: people.map((p, row) => `${row},${p.family},${p.given},${p.ssn},${p.city}\n`).join(''),
  },
  {
    title: 'a table without the extension',
    path: 'export',
    before: `id|last_name|first_name|number|city\n${lines((row) => `${row}||||Springfield\n`)}`,
    persons: people.map((p, row) => `${row}|${p.family}|${p.given}|${p.ssn}|${p.city}\n`).join(''),
  },
  {
    title: 'JSON Lines',
    path: 'events.ndjson',
    before: lines((row) => `{"id":${row},"kind":"ping"}\n`),
    persons: people
      .map((p, row) => `{"id":${row},"person":{"name":"${p.name}","number":"${p.ssn}","phone":"${p.phone}"}}\n`)
      .join(''),
  },
  {
    title: 'JSON, an object on each line of an array',
    path: 'events.json',
    before: `[\n${lines((row) => `{"id":${row},"kind":"ping"},\n`)}`,
    persons: `${people.map((p, row) => `{"id":${row},"name":"${p.name}","number":"${p.ssn}"}`).join(',\n')}\n]\n`,
  },
  {
    title: 'JSON over many lines',
    path: 'events.json',
    before: `{\n  "rows": [\n${lines((row) => `    {\n      "id": ${row},\n      "at": {\n        "x": 1\n      }\n    },\n`)}`,
    persons: `${people.map((p, row) => `    {\n      "id": ${row},\n      "name": "${p.name}",\n      "at": {\n        "x": 1\n      },\n      "number": "${p.ssn}"\n    }`).join(',\n')}\n  ]\n}\n`,
  },
  {
    title: 'JSON on one line',
    path: 'events.json',
    before: `{"rows":[${lines((row) => `{"id":${row},"at":{"x":1}},`)}`,
    persons: `${people.map((p, row) => `{"id":${row},"name":"${p.name}","number":"${p.ssn}"}`).join(',')}]}`,
  },
  {
    title: 'a dump whose later table has its columns in CREATE TABLE',
    path: 'dump.sql',
    before: `CREATE TABLE \`items\` (\`id\` int, \`title\` text);\n${lines((row) => `INSERT INTO \`items\` VALUES (${row},'Kettle');\n`)}`,
    persons: `CREATE TABLE \`patients\` (\n  \`id\` int,\n  \`last_name\` text,\n  \`first_name\` text,\n  \`ssn\` text,\n  \`dob\` date\n);\nINSERT INTO \`patients\` VALUES ${people.map((p, row) => `(${row},'${p.family}','${p.given}','${p.ssn}','${p.dob}')`).join(',')};\n`,
  },
  {
    title: 'a dump with COPY',
    path: 'dump.sql',
    before: `COPY public.items (id, title) FROM stdin;\n${lines((row) => `${row}\tKettle\n`)}\\.\n\n`,
    persons: `COPY public.patients (id, last_name, first_name, ssn, dob) FROM stdin;\n${people.map((p, row) => `${row}\t${p.family}\t${p.given}\t${p.ssn}\t${p.dob}\n`).join('')}\\.\n`,
  },
];

describe('a first hint behind the head', () => {
  test.each(late)('$title: one record for each person', ({ path, before, persons }) => {
    const found = records(engine.scan(path, Buffer.from(before + persons)));
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(people.length);
    expect(found[0]?.identifiers).toEqual(expect.arrayContaining(['name', 'ssn']));
  });

  test.each(late)('$title: the first value’s offset and line are those in the entry', ({ path, before, persons }) => {
    const text = before + persons;
    const [found] = records(engine.scan(path, Buffer.from(text)));
    const { offset = -1, line } = found?.place ?? {};
    const [first] = people;
    const value = [first?.family, first?.name, first?.given].find((part) => text.startsWith(part ?? '?', offset));
    expect(value).toBeDefined();
    expect(line).toBe(text.slice(0, offset).split('\n').length);
    expect(found?.place.record).toBeUndefined();
  });

  test.each(late)('$title: the findings do not depend on how the bytes arrive', ({ path, before, persons }) => {
    const entry = Buffer.from(before + persons + before + persons);
    const whole = engine.scan(path, entry);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 6 }), (sizes) => {
        const open = engine.open(path);
        let at = 0;
        for (const size of sizes) {
          open.write(Buffer.from(entry.subarray(at, at + size)));
          at += size;
        }
        open.write(entry.subarray(at));
        expect(open.end()).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  test.each(late)('$title, whose hint is right behind the head', ({ path, before, persons }) => {
    const cut = before.lastIndexOf('\n', limits.headBytes - 40) + 1;
    const near = (cut > 0 ? before.slice(0, cut) : before) + persons;
    expect(records(engine.scan(path, Buffer.from(near))).reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
  });

  test.each(late)('$title, broken between head and hint: still found', ({ path, before, persons }) => {
    const broken = `${before.slice(0, limits.headBytes + 1000)}\n"}]{\\x00(\n'${before.slice(limits.headBytes + 1000)}${persons}`;
    expect(records(engine.scan(path, Buffer.from(broken))).length).toBeGreaterThan(0);
  });

  test('a table of products with a word of the vocabulary far behind its head is silent', () => {
    const rows = `id,name,part,price\n${lines((row) => `${row},Kettle,${100_000 + row},19\n`)}`;
    const text = `${rows}7,SSN reader,123,19\n${rows}`;
    expect(engine.scan('parts.csv', Buffer.from(text))).toEqual([]);
  });
});
