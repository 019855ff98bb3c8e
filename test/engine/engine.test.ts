import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Engine } from '../../src/engine/engine.ts';
import type { EntryFinding } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import { patient, patients } from '../support/patients.ts';

const engine = new Engine();
const one = patient(3);

function scan(text: string | Buffer, path = 'notes.txt'): readonly EntryFinding[] {
  return engine.scan(path, Buffer.from(text));
}

function scanSplit(entry: Buffer, sizes: readonly number[], path: string): readonly EntryFinding[] {
  const open = engine.open(path);
  let at = 0;
  for (const size of sizes) {
    // The engine must not keep the buffer: it is overwritten after the call.
    const part = Buffer.from(entry.subarray(at, at + size));
    open.write(part);
    part.fill(0x5a);
    at += size;
  }
  open.write(entry.subarray(at));
  return open.end();
}

function filler(bytes: number): string {
  return 'Nothing of note on this line of the log.\n'.repeat(Math.ceil(bytes / 41));
}

function table(rows: number): string {
  return [
    'id,ssn,last_name,birth_date',
    ...patients(rows).map((p, row) => [row, p.ssn, p.family, p.dob].join(',')),
  ].join('\n');
}

const wide = Buffer.from(`\ufeffMRN: ${one.mrn}\r\n${filler(90_000)}é SSN: ${one.ssn}\r\n`, 'utf16le');
const entries: readonly (readonly [string, string, Buffer])[] = [
  [
    'text with a value beyond the head',
    'a.log',
    Buffer.from(`${filler(100_000)}SSN: ${one.ssn}\n${filler(400_000)}MRN: ${one.mrn}`),
  ],
  [
    'one long line',
    'a.min.js',
    Buffer.from(`${'x=1;'.repeat(40_000)}ssn="${one.ssn}";${'y=2;'.repeat(90_000)}mrn="${one.mrn}"`),
  ],
  ['a table', 'a.csv', Buffer.from(table(4000))],
  ['UTF-16 with its mark', 'a.txt', wide],
  [
    'UTF-16 inside a binary',
    'a.bin',
    Buffer.concat([Buffer.alloc(99_999, 1), Buffer.from(`SSN: ${one.ssn}`, 'utf16le'), Buffer.alloc(300_000, 2)]),
  ],
  ['a value across the head’s end', 'a.txt', Buffer.from(`${'a'.repeat(limits.headBytes - 8)} SSN: ${one.ssn}`)],
];

describe('the findings do not depend on how the bytes arrive', () => {
  test.each(entries)('%s', (_name, path, entry) => {
    const expected = engine.scan(path, entry);
    expect(expected.length).toBeGreaterThan(0);
    const size = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 200_000 }));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 12 }), (sizes) => {
        expect(scanSplit(entry, sizes, path)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('byte by byte', () => {
    const entry = Buffer.from(`first line\nssn: ${one.ssn}\nMRN ${one.mrn}\n`);
    expect(scanSplit(entry, Array<number>(entry.length).fill(1), 'a.txt')).toEqual(engine.scan('a.txt', entry));
  });
});

describe('places', () => {
  test('line, column and offset count from the entry’s start, far behind the head', () => {
    const before = filler(500_000);
    const [finding] = scan(`${before}é: SSN: ${one.ssn}`);
    expect(finding?.place).toEqual({
      path: 'notes.txt',
      field: expect.any(String) as string,
      line: before.split('\n').length,
      column: 9,
      offset: before.length + 9,
    });
  });

  test('UTF-16 gives offsets of the stored bytes', () => {
    const text = `é\nSSN: ${one.ssn}\n`;
    const [finding] = scan(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(finding?.place.offset).toBe(2 * (1 + text.indexOf(one.ssn)));
    expect(finding?.place.line).toBe(2);
    const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    expect(scan(swapped)).toEqual(scan(Buffer.from(`\ufeff${text}`, 'utf16le')));
  });

  test.each(['utf16le', 'utf16be'])('%s inside a binary, at odd and even places', (order) => {
    const text = Buffer.from(`SSN: ${one.ssn}`, 'utf16le');
    if (order === 'utf16be') text.swap16();
    for (const before of [1000, 1001]) {
      const [finding] = scan(Buffer.concat([Buffer.alloc(before, 1), text, Buffer.alloc(100, 3)]), 'a.bin');
      expect(finding?.detector).toBe('ssn');
      expect(finding?.place.offset).toBe(before + 10 + (order === 'utf16be' ? 1 : 0));
      expect(finding?.place.line).toBeUndefined();
    }
  });

  test('a text inside a document has its pointer and no line', () => {
    const [finding] = engine.text('config', 'config.Labels', `ssn=${one.ssn}`);
    expect(finding?.place.pointer).toBe('config.Labels');
    expect(finding?.place.line).toBeUndefined();
    expect(finding?.place.offset).toBeUndefined();
  });

  test('settings are no document of ECS, whatever resources they name', () => {
    const text = `CLUSTER="arn:aws:ecs:us-east-1:123456789012:cluster/prod"\nPATIENT_SSN=${one.ssn}\n`;
    const [finding] = scan(text, '.env');
    expect(finding?.place).toMatchObject({ pointer: 'PATIENT_SSN', field: 'PATIENT_SSN', line: 2, column: 13 });
    expect(finding?.document).toBeUndefined();
    expect(scan(text, 'a.txt')[0]?.document).toBe('ecs');
  });
});

describe('a value is found once', () => {
  test.each([
    ['at the runs of a long line', limits.lineBytes - 2 * limits.hintBytes],
    ['at the end of the head', limits.headBytes],
    ['at the end of a window', limits.chunkBytes + 3 * (limits.lineBytes + limits.hintReach + limits.hintBytes)],
  ])('%s', (_where, edge) => {
    const text = `ssn="${one.ssn}";`;
    for (let shift = -text.length; shift <= 4; shift++) {
      const before = 'x=1;'.repeat(edge).slice(0, edge + shift - 1) + ';';
      const entry = Buffer.from(before + text + 'y=2;'.repeat(edge));
      const expected = [['ssn', 1, before.length + 5, before.length + 6]];
      const open = engine.open('a.js');
      open.write(entry);
      for (const findings of [engine.scan('a.js', entry), open.end()]) {
        expect(findings.map(({ detector, count, place }) => [detector, count, place.offset, place.column])).toEqual(
          expected,
        );
      }
    }
  });

  test('names in keys and columns do not leave', () => {
    const output = JSON.stringify([
      ...scan(JSON.stringify({ [one.name]: { [`SSN of ${one.name}`]: one.ssn } }), 'a.json'),
      ...scan(`id,SSN ${one.name},x\n1,${one.ssn},2\n`, 'a.csv'),
    ]);
    expect(output).toContain('ssn');
    expect(output).not.toContain(one.family);
  });
});

describe('records', () => {
  test('rows of a table are one finding with their number', () => {
    const findings = scan(table(500), 'a.csv');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      detector: 'patient-record',
      severity: 'critical',
      outcome: 'real',
      count: 500,
      identifiers: ['dob', 'name', 'ssn'],
    });
  });

  test('ten values of a direct number are critical, nine are high', () => {
    const column = (rows: number): string =>
      ['id,ssn', ...patients(rows).map(({ ssn }, row) => `${row},${ssn}`)].join('\n');
    const text = (rows: number): string =>
      patients(rows)
        .map(({ ssn }) => `SSN: ${ssn}`)
        .join('\n\n');
    expect(scan(text(9))[0]).toMatchObject({ severity: 'high', count: 9 });
    expect(scan(text(10))[0]).toMatchObject({ severity: 'critical', count: 10 });
    expect(scan(column(10), 'a.csv')[0]).toMatchObject({ severity: 'critical', count: 10 });
  });

  test('the same value again does not count again', () => {
    expect(scan(`SSN: ${one.ssn}\n\n`.repeat(40))[0]).toMatchObject({ severity: 'high', count: 1 });
  });

  test('a record of invented values is synthetic', () => {
    const fake = [100 + 23, 45, 6000 + 789].join('-');
    const [finding] = scan(`ssn,first_name,last_name\n${fake},Jane,Doe\n`, 'a.csv');
    expect(finding).toMatchObject({ detector: 'patient-record', outcome: 'synthetic', severity: 'low' });
  });

  test('a weak label alone is nothing', () => {
    expect(scan(`patient portal\nname: ${one.name}\nemail: ${one.email}\n`)).toEqual([]);
  });
});

describe('no value leaves', () => {
  const values = (seed: number): string[] => {
    const p = patient(seed);
    return [p.ssn, p.ssn.replaceAll('-', ''), p.mrn, p.mbi, p.memberId, p.account, p.email];
  };

  test('whatever text, key, path, column or pointer holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (seed) => {
        const p = patient(seed);
        const content = {
          [p.mrn]: { ssn: p.ssn, mrn: p.mrn, name: p.name, [p.ssn]: 'ssn' },
          [`ssn ${p.ssn}`]: { mbi: p.mbi, member_id: p.memberId, account_number: p.account, email: p.email },
        };
        const path = `srv/${p.mrn}/${p.ssn}/${p.mbi}.json`;
        const columns = `ssn ${p.ssn},mrn,${p.mbi}\n${p.ssn},${p.mrn},${p.mbi}\n`;
        const findings = [
          ...engine.scan(path, Buffer.from(JSON.stringify(content))),
          ...engine.scan(`${p.ssn}.csv`, Buffer.from(columns)),
          ...engine.text(path, `config.Labels["${p.ssn}"]`, `mrn=${p.mrn} ssn=${p.ssn} mbi: ${p.mbi}`),
        ];
        expect(findings.length).toBeGreaterThan(2);
        const output = JSON.stringify(findings);
        for (const value of values(seed)) expect(output.includes(value)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('free texts are masked', () => {
    expect(engine.maskText(`RUN echo ssn=${one.ssn} > /tmp/a`)).toBe('RUN echo ssn=***-**-**** > /tmp/a');
    expect(engine.maskText(`/data/${one.ssn}/x.csv`)).toBe('/data/***-**-****/x.csv');
    expect(engine.maskText('/usr/lib/node_modules/yaml/package.json')).toBe('/usr/lib/node_modules/yaml/package.json');
    expect(engine.maskText(`curl 'http://x/?mrn=${one.mrn}&a=1'`)).not.toContain(one.mrn);
  });
});

describe('hostile bytes', () => {
  test.each([
    ['only hints', Buffer.from('ssn '.repeat(60_000))],
    ['only label ends', Buffer.from('ssn: mrn= "dob" '.repeat(20_000))],
    ['only newlines', Buffer.from(`ssn${'\n'.repeat(500_000)}`)],
    ['only digits', Buffer.from(`ssn ${'1234567890'.repeat(50_000)}`)],
    ['only wide letters', Buffer.from('ssn '.repeat(40_000), 'utf16le')],
    ['one base64 line', Buffer.from(`mrn ${'QUJDREVGR0hJSktM'.repeat(30_000)}`)],
    ['brackets', Buffer.from(`{"ssn":${'['.repeat(200_000)}`)],
  ])('%s: no value, no hang', (_name, bytes) => {
    const started = performance.now();
    const findings = engine.scan('a.txt', bytes);
    expect(findings.filter(({ severity }) => severity !== 'low')).toEqual([]);
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.constantFrom('ssn', '\ufeff', 'mrn: ', 's\0s\0n\0'),
        (bytes, start) => {
          engine.scan('a', Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(start)]));
        },
      ),
    );
  });
});

test('the ruleset is the same for the same detectors and another for fewer', () => {
  expect(new Engine().ruleset).toBe(engine.ruleset);
  expect(new Engine([]).ruleset).not.toBe(engine.ruleset);
});

test('no detectors, no findings', () => {
  expect(new Engine([]).scan('a.txt', Buffer.from(`SSN: ${one.ssn}`))).toEqual([]);
});
