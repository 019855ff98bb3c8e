import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { cclf } from '../../src/read/cclf.ts';
import { hl7 } from '../../src/read/hl7/hl7.ts';
import { ncpdp } from '../../src/read/ncpdp.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { x12 } from '../../src/read/x12/x12.ts';
import { bytesAt, fieldsOf } from './reading.ts';

/** The example on the card that CMS shows. */
const mbi = ['1EG4', 'TE5', 'MK73'].join('');
const word = fc.constantFrom(
  '',
  '',
  'Roe',
  'Zo\u00eb',
  '19610312',
  '"" ',
  '1',
  'a\\T\\b',
  'x y',
  '\u{1f600}',
  'IL',
  'QC',
  'D8',
);
const component = fc.array(word, { maxLength: 5 }).map((parts) => parts.join('^'));
const repetition = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('~'));
const hl7Segment = fc
  .tuple(
    fc.constantFrom('PID', 'NK1', 'GT1', 'IN1', 'PV1', 'MRG', 'OBX', 'NTE', 'QPD', 'STF', 'ZZZ', 'PID', 'not one'),
    fc.array(repetition, { maxLength: 24 }),
  )
  .map(([name, fields]) => [name, ...fields].join('|'));
const hl7Text = fc
  .tuple(fc.array(hl7Segment, { maxLength: 12 }), fc.constantFrom('\r', '\n', '\r\n', '\x1c\r\x0b'))
  .map(([segments, ending]) => ['MSH|^~\\&|A|B|||||||T', ...segments].join(ending));
const x12Segment = fc
  .tuple(
    fc.constantFrom('NM1', 'N3', 'N4', 'DMG', 'REF', 'PER', 'CLM', 'CLP', 'HL', 'INS', 'DTP', 'NTE', 'LX', 'not one'),
    fc.array(word, { maxLength: 12 }),
  )
  .map(([name, elements]) => [name, ...elements].join('*'));
const x12Text = fc
  .array(x12Segment, { maxLength: 24 })
  .map((segments) => ['ISA*00**00**ZZ*KELP*ZZ*QUILL*240102*0304*^*00501*77*0*P*:', ...segments].join('~\n'));
const logText = fc
  .tuple(hl7Text, x12Text, fc.constantFrom('\\r', '<CR>', '&#13;', '\\n', ' '))
  .map(([message, interchange, ending]) => `sent "${message.replace(/[\r\n]+/g, ending)}"\nand ${interchange}\n`);
const ncpdpText = fc
  .array(fc.tuple(fc.constantFrom('AM01', 'AM04', 'CA', 'CB', 'C4', 'CY', 'CX01', 'ZZ', ''), word), { maxLength: 20 })
  .map((values) => values.map(([id, value]) => `${id === 'AM01' ? '\x1e' : ''}\x1c${id}${value}`).join(''));
const cclfText = fc
  .array(fc.constantFrom(`${mbi} `.padEnd(60, 'x'), mbi.padEnd(32) + '1950-01-02'.padEnd(600, 'A '), 'x'), {
    maxLength: 12,
  })
  .map((lines) => lines.join('\n'));
const texts = fc.oneof(hl7Text, x12Text, logText, ncpdpText, cclfText);
const bytes = fc.oneof(
  texts.map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value)),
);
/** Valid input with some of its bytes changed or cut. */
const mutated = fc
  .tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat())
  .map(([valid, changes, cut]) => {
    const copy = Buffer.from(valid.subarray(0, 1 + (cut % (valid.length + 1))));
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return copy;
  });
/** The same thing so often that it is longer than a block. */
const long = fc
  .tuple(fc.oneof(bytes, mutated), fc.integer({ min: 1, max: 3000 }))
  .map(([part, times]) =>
    Buffer.concat(Array.from({ length: Math.min(times, Math.ceil(400_000 / (part.length + 1))) }, () => part)),
  );
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 200_000 })), {
  minLength: 1,
  maxLength: 6,
});

describe.each([hl7, x12, ncpdp, cclf, plainText])('$id', (reader) => {
  test('the fields do not depend on how the bytes are split', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, mutated), sizes, (entry, pieces) => {
        expect(fieldsOf(reader, entry, '', pieces)).toEqual(fieldsOf(reader, entry));
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(long, sizes, (entry, pieces) => {
        const large = pieces.map((size) => size + 5000);
        expect(fieldsOf(reader, entry, '', large)).toEqual(fieldsOf(reader, entry, '', [entry.length + 1]));
      }),
      { numRuns: 8 },
    );
  });

  test('a value stands where its field says, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, mutated), (entry) => {
        for (const field of fieldsOf(reader, entry)) {
          expect(field.offset).toBeLessThan(entry.length);
          if (field.span !== 'fixed') expect(bytesAt(entry, field)).toBe(field.value);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('line and column lead to the same place as the offset', () => {
    fc.assert(
      fc.property(texts, (content) => {
        const entry = Buffer.from(content);
        for (const field of fieldsOf(reader, entry)) {
          const before = entry.toString('utf8', 0, field.offset).split('\n');
          expect([field.line, field.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no field is longer than a line, and no record number comes from nowhere', () => {
    fc.assert(
      fc.property(long, (entry) => {
        for (const field of fieldsOf(reader, entry)) {
          expect(field.value.length).toBeLessThanOrEqual(limits.lineBytes);
          expect(field.record).toBeGreaterThan(0);
        }
      }),
      { numRuns: 8 },
    );
  });
});

/** Inputs made to cost more than their length. */
const HOSTILE: readonly (readonly [string, (times: number) => string])[] = [
  ['segments of one delimiter', (times) => 'MSH|^~\\&|\r' + 'PID|\r'.repeat(times)],
  ['fields without end', (times) => 'MSH|^~\\&|\rPID' + '|^~&'.repeat(times)],
  ['escapes that are never closed', (times) => 'MSH|^~\\&|\rPID|||||' + '\\'.repeat(times) + '^A'],
  ['repetitions without end', (times) => 'MSH|^~\\&|\r' + ('PID|||' + 'A~'.repeat(5000) + '\r').repeat(times / 5000)],
  ['headers', (times) => 'MSH|^~\\&|'.repeat(times)],
  ['lines in a file of returns', (times) => 'MSH|^~\\&|\r' + 'OBX|1|ST|A||B\r'.repeat(times / 2)],
  ['elements without end', (times) => 'ST*837*1~BHT*1~NM1*IL*1' + '*A'.repeat(times)],
  ['segments without end', (times) => 'ST*837*1~BHT*1~' + ['HL*1**22~NM1*IL*1', 'A', 'B~'].join('*').repeat(times / 2)],
  ['interchange headers', (times) => 'ISA*00**00**ZZ*K*ZZ*Q*2*0*^*0*7*0*P*:~'.repeat(times / 4)],
  ['pharmacy fields', (times) => '\x1e\x1cAM01\x1cCAx'.repeat(times / 4)],
  ['lines of beneficiaries', (times) => (mbi + ' '.repeat(60) + '\n').repeat(times / 20)],
  ['headers in a log', (times) => 'x PID|1|\\r '.repeat(times)],
  ['breaks in a log', (times) => 'x PID|1|' + '\\r "'.repeat(times)],
  ['quotes in a log', (times) => 'x PID|1|"" \\" '.repeat(times)],
  ['names of segments in a log', (times) => 'x PID|1|\\r ' + 'ZZZ| '.repeat(times)],
];

describe.each(HOSTILE)('%s', (_title, make) => {
  test.each([hl7, x12, ncpdp, cclf, plainText])('$id takes time in proportion', (reader) => {
    const [once, twice] = [Buffer.from(make(30_000)), Buffer.from(make(60_000))];
    fieldsOf(reader, once);
    const ratios: number[] = [];
    // Other work on the machine slows single runs down: the best of some counts.
    for (let attempt = 0; attempt < 12 && !ratios.some((ratio) => ratio <= 2.5); attempt++) {
      const first = Math.max(
        timed(() => fieldsOf(reader, once)),
        2,
      );
      ratios.push(timed(() => fieldsOf(reader, twice)) / first);
    }
    expect(Math.min(...ratios)).toBeLessThanOrEqual(2.5);
  });
});

/** Milliseconds of processor time. */
function timed(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
