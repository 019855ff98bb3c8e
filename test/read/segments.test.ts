import fc from 'fast-check';
import { describe } from 'vitest';
import { cclf } from '../../src/read/cclf.ts';
import { hl7 } from '../../src/read/hl7/hl7.ts';
import { ncpdp } from '../../src/read/ncpdp.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { x12 } from '../../src/read/x12/x12.ts';
import { type Hostile, holdsForAnyBytes, takesTimeInProportion, tellsLineAndColumn } from './properties.ts';

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
const valid = texts.map((text) => Buffer.from(text));

describe.each([hl7, x12, ncpdp, cclf, plainText])('$id', (reader) => {
  holdsForAnyBytes(reader, valid);
  tellsLineAndColumn(reader, texts);
});

/** Inputs made to cost more than their length. */
const HOSTILE: readonly Hostile[] = [
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

describe.each([hl7, x12, ncpdp, cclf, plainText])('$id', (reader) => {
  takesTimeInProportion(reader, HOSTILE, { least: 2 });
});
