import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { patient, patients } from '../support/patients.ts';

const engine = new Engine();
const one = patient(3);
const other = patient(4);
const WHY = 'an invented patient of the manual';

function scan(text: string | Buffer, path = 'notes.txt'): readonly EntryFinding[] {
  return engine.scan(path, Buffer.from(text));
}

/** The findings in the order of their places: how many values, and why they do not count. */
function told(findings: readonly EntryFinding[]): readonly (readonly [string, number, string | undefined])[] {
  return findings.map(({ detector, count, accepted }) => [detector, count, accepted?.reason] as const);
}

describe('a mark with a reason accepts the values of its line', () => {
  const lines: readonly (readonly [string, string, string])[] = [
    ['behind #', 'a.txt', `SSN: ${one.ssn} # phiscan:ignore ${WHY}`],
    ['behind //', 'a.ts', `const patientSsn = "${one.ssn}"; // phiscan:ignore ${WHY}`],
    ['in /* */', 'a.c', `char *patient_ssn = "${one.ssn}"; /* phiscan:ignore ${WHY} */`],
    ['in <!-- -->', 'a.md', `SSN: ${one.ssn} <!-- phiscan:ignore ${WHY} -->`],
    ['behind --', 'a.sql', `SELECT 1 FROM p WHERE ssn = '${one.ssn}'; -- phiscan:ignore ${WHY}`],
    ['before the value', 'a.txt', `/* phiscan:ignore ${WHY} */ SSN: ${one.ssn}`],
    ['of a setting', '.env', `PATIENT_SSN=${one.ssn} # phiscan:ignore ${WHY}`],
    ['of YAML', 'a.yaml', `patient:\n  ssn: ${one.ssn} # phiscan:ignore ${WHY}`],
    ['of Kubernetes', 'a.yaml', `apiVersion: v1\ndata:\n  PATIENT_SSN: ${one.ssn} # phiscan:ignore ${WHY}`],
    ['of INI, which begins with a bracket', 'a.ini', `[patient]\nssn = ${one.ssn} ; phiscan:ignore ${WHY}`],
    ['with a colon', 'a.txt', `SSN: ${one.ssn} # phiscan:ignore: ${WHY}`],
    ['before the end of a Windows line', 'a.txt', `SSN: ${one.ssn} # phiscan:ignore ${WHY}\r\nnothing\r\n`],
    ['on the first of several lines', 'a.txt', `SSN: ${one.ssn} # phiscan:ignore ${WHY}\nnothing of note\n`],
  ];
  test.each(lines)('%s', (_title, path, text) => {
    const findings = scan(text, path);
    expect(told(findings)).toEqual([['ssn', 1, WHY]]);
    expect(findings[0]?.accepted?.by).toBe('inline');
  });

  test('of UTF-16', () => {
    const text = `\ufeffSSN: ${one.ssn} # phiscan:ignore ${WHY}\r\nSSN: ${other.ssn}\r\n`;
    expect(told(scan(Buffer.from(text, 'utf16le')))).toEqual([
      ['ssn', 1, WHY],
      ['ssn', 1, undefined],
    ]);
  });
});

describe('a mark accepts nothing', () => {
  const lines: readonly (readonly [string, string, string | Buffer])[] = [
    ['without a reason', 'a.txt', `SSN: ${one.ssn} # phiscan:ignore`],
    ['whose reason is no word', 'a.txt', `SSN: ${one.ssn} /* phiscan:ignore -- */`],
    ['on the line above', 'a.txt', `# phiscan:ignore ${WHY}\nSSN: ${one.ssn}`],
    ['on the line below', 'a.txt', `SSN: ${one.ssn}\n# phiscan:ignore ${WHY}`],
    ['that is a part of another word', 'a.txt', `SSN: ${one.ssn} # phiscan:ignored ${WHY}`],
    ['that is the end of another word', 'a.txt', `SSN: ${one.ssn} # my-phiscan:ignore ${WHY}`],
    ['that wants the next line', 'a.txt', `SSN: ${one.ssn} # phiscan:ignore-next-line ${WHY}`],
    ['in capitals', 'a.txt', `SSN: ${one.ssn} # PHISCAN:IGNORE ${WHY}`],
    ['in a binary', 'a.bin', Buffer.from(`\0\0SSN: ${one.ssn} # phiscan:ignore ${WHY}\n`)],
    ['in JSON, which may be one line', 'a.json', `{"ssn": "${one.ssn}", "note": "phiscan:ignore ${WHY}"}`],
    ['in a line that is too long', 'a.txt', `SSN: ${one.ssn} ${'x '.repeat(limits.lineBytes)}# phiscan:ignore ${WHY}`],
  ];
  test.each(lines)('%s', (_title, path, text) => {
    const findings = scan(text, path);
    expect(told(findings)).toEqual([['ssn', 1, undefined]]);
  });

  test('in a document of AWS, in a text inside a document, and in what an event brings', () => {
    const text = `SSN: ${one.ssn} # phiscan:ignore ${WHY}`;
    for (const findings of [
      engine.scan('task', Buffer.from(text), 'ecs'),
      engine.text('config', 'config.Env[0]', text),
      engine.part('message', Buffer.from(text)),
    ]) {
      expect(told(findings)).toEqual([['ssn', 1, undefined]]);
    }
  });
});

test('a mark without a reason says so at its finding, and only there', () => {
  const [unsaid] = scan(`SSN: ${one.ssn} # phiscan:ignore\n`);
  expect(unsaid?.lapsed).toEqual({ why: 'no-reason', by: 'inline', reason: '' });
  const [silent] = scan(`# phiscan:ignore\nSSN: ${one.ssn}\n`);
  expect(silent?.lapsed).toBeUndefined();
});

test('values of other lines stay a finding with a count of their own', () => {
  const rows = patients(12);
  const text = rows.map(({ ssn }, row) => `SSN: ${ssn}${row < 5 ? ` # phiscan:ignore ${WHY}` : ''}\n\n`).join('');
  const findings = scan(text);
  expect(told(findings)).toEqual([
    ['ssn', 5, WHY],
    ['ssn', 7, undefined],
  ]);
  expect(findings.map(({ severity }) => severity)).toEqual(['high', 'high']);
  expect(findings.map(({ place }) => place.line)).toEqual([1, 11]);
});

test('rows of a table: marked ones are a record finding of their own', () => {
  const rows = patients(30).map(({ ssn, family, dob }, row) => {
    return [row, ssn, family, dob, row % 3 === 0 ? `phiscan:ignore ${WHY}` : ''].join(',');
  });
  const findings = scan(['id,ssn,last_name,birth_date,note', ...rows].join('\n'), 'a.csv');
  expect(told(findings).toSorted()).toEqual([
    ['patient-record', 10, WHY],
    ['patient-record', 20, undefined],
  ]);
});

test('a record is accepted when all of its values are', () => {
  const mark = ` # phiscan:ignore ${WHY}`;
  const record = (marks: readonly string[]): string =>
    `Patient Name: ${one.name}${marks[0] ?? ''}\nSSN: ${one.ssn}${marks[1] ?? ''}\nDOB: ${one.dob}${marks[2] ?? ''}\n`;
  expect(told(scan(record([mark, mark, mark])))).toEqual([['patient-record', 1, WHY]]);
  expect(told(scan(record([mark, mark])))).toEqual([['patient-record', 1, undefined]]);
});

describe('the reason', () => {
  function reasonOf(text: string, path?: string): string | undefined {
    return scan(text, path)[0]?.accepted?.reason;
  }

  test('holds no value, neither one of its line nor another', () => {
    const reason = reasonOf(`MRN: ${one.mrn} # phiscan:ignore not ${one.mrn} nor ssn ${other.ssn} of the demo`) ?? '';
    expect(reason).toMatch(/^not .*of the demo$/);
    for (const value of [one.mrn, other.ssn]) expect(reason).not.toContain(value);
  });

  test('ends where its cell ends', () => {
    const text = `id,ssn,note,last_name\n1,${one.ssn},phiscan:ignore demo row,${one.family}\n`;
    expect(reasonOf(text, 'a.csv')).toBe('demo row');
    expect(reasonOf(text.replace('phiscan:ignore demo row', '"phiscan:ignore demo row"'), 'a.csv')).toBe('demo row');
  });

  test('is bounded', () => {
    const long = `SSN: ${one.ssn} # phiscan:ignore ${'why '.repeat(1000)}`;
    expect(reasonOf(long)?.length).toBeLessThanOrEqual(limits.answerCharacters);
  });

  test('of many lines are the first three', () => {
    const text = patients(9).map(({ ssn }, row) => `SSN: ${ssn} # phiscan:ignore reason ${'abcdefghi'[row]}x\n`);
    expect(reasonOf(text.join(''))).toBe('reason ax; reason bx; reason cx');
  });
});

/** Beginnings of formats that readers read, longer than the head, behind which bytes come as they are split. */
const beginnings: readonly (readonly [string, string])[] = [
  ['a.csv', `id,ssn,last_name,note\n${`7,${one.ssn},${one.family},none\n`.repeat(3000)}`],
  ['a.yaml', `patient:\n  ssn: ${one.ssn}\n${'  note: nothing of note on this line\n'.repeat(2000)}`],
  ['.env', `PATIENT_SSN=${one.ssn}\n${'NOTE=nothing of note on this line\n'.repeat(2100)}`],
  ['a.txt', 'Nothing of note on this line of the log.\n'.repeat(1700)],
];
const mark = `# phiscan:ignore ${WHY}`;
const line = fc.constantFrom(
  `8,${other.ssn},${other.family},phiscan:ignore ${WHY}\n`,
  `9,${other.ssn},${other.family},none\n`,
  `PATIENT_SSN=${other.ssn} ${mark}\n`,
  `  ssn: ${other.ssn} ${mark}\n`,
  `  ssn: ${one.ssn}\n`,
  `MRN: ${other.mrn} // phiscan:ignore\r\n`,
  `phiscan:ignore first, MRN: ${one.mrn}\n`,
  `nothing of note ${mark}\n`,
  `${'long '.repeat(4000)}SSN: ${one.ssn} ${mark}\n`,
  '\n',
);

test.each(beginnings)('findings of %s do not depend on how the bytes are split', (path, beginning) => {
  expect(Buffer.byteLength(beginning)).toBeGreaterThan(limits.headBytes);
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 80 }),
      fc.boolean(),
      (lines, sizes, endsLine) => {
        const text = beginning + lines.join('');
        const entry = Buffer.from(endsLine ? text : text.trimEnd());
        const whole = engine.scan(path, entry);
        accepted += whole.filter((finding) => finding.accepted !== undefined).length;
        const open = engine.open(path);
        let at = 0;
        for (const size of [Buffer.byteLength(beginning) - 20, ...sizes]) {
          const part = Buffer.from(entry.subarray(at, at + size));
          open.write(part);
          part.fill(0x5a);
          at += size;
        }
        open.write(entry.subarray(at));
        expect(open.end()).toEqual(whole);
      },
    ),
    { numRuns: 12 },
  );
  expect(accepted).toBeGreaterThan(0);
});

test('values wait for the end of their line, where more records are on it than are open at once', () => {
  // XML is read piece by piece, and each person is a record.
  const persons = patients(90).map(({ ssn }) => `<p><ssn>${ssn}</ssn></p>`);
  const head = `<?xml version="1.0"?>\n<patients>\n<ssn>${other.ssn}</ssn>\n${'<note>nothing of note</note>\n'.repeat(2400)}`;
  const open = engine.open('a.xml');
  for (const part of [head, persons.join(''), ` <!-- phiscan:ig`, `nore ${WHY} -->\n<p><ssn>${one.ssn}</ssn></p>\n`]) {
    open.write(Buffer.from(part));
  }
  const findings = told(open.end());
  const sum = (reason: string | undefined): number =>
    findings.reduce((total, [, count, why]) => (why === reason ? total + count : total), 0);
  expect([sum(WHY), sum(undefined)]).toEqual([90, 2]);
});

test('nothing but acceptance changes: marked and unmarked values together are those of the text without marks', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (marked) => {
      const rows = patients(marked.length);
      const text = (mark: string): string =>
        rows.map(({ ssn }, row) => `SSN: ${ssn}${marked[row] === true ? mark : ''}\n\n`).join('');
      const counts = (findings: readonly EntryFinding[]): number => findings.reduce((sum, { count }) => sum + count, 0);
      const findings = scan(text(` # phiscan:ignore ${WHY}`));
      expect(counts(findings)).toBe(counts(scan(text(''))));
      const accepted = findings.filter((finding) => finding.accepted !== undefined);
      expect(counts(accepted)).toBe(marked.filter(Boolean).length);
    }),
    { numRuns: 40 },
  );
});
