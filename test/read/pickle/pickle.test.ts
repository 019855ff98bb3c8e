import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/detect/field.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { limits } from '../../../src/limits.ts';
import { jsonReader } from '../../../src/read/json.ts';
import { pickle } from '../../../src/read/pickle/pickle.ts';
import { readers } from '../../../src/read/readers.ts';
import { patient, patients } from '../../support/patients.ts';
import { missing, run } from '../../support/programs.ts';
import { holdsForAnyBytes, takesTimeInProportion } from '../properties.ts';
import { fieldsOf, labelled, readerOf } from '../reading.ts';
import { pickled, PickledObject, type Value } from './pickles.ts';

const one = patient(41);
const { ssn, mrn, dob, name } = one;
const PROTOCOLS = [0, 1, 2, 3, 4, 5];
const json = jsonReader(() => readers);

/** With the numbers of their records, from the first. */
function read(fields: readonly Field[]): readonly string[] {
  const records = [...new Set(fields.map(({ record }) => record))];
  return fields
    .filter(({ labels }) => labels.length > 0)
    .map(({ labels, value, record, pointer }) => {
      return `${String(records.indexOf(record))} ${pointer ?? ''} ${labels.join(' < ')}: ${value}`;
    });
}

const documents: readonly (readonly [string, Value])[] = [
  ['a dict', { ssn, patient_name: name, mrn, dob }],
  ['dicts in a list', patients(1, 5).map((person) => ({ ssn: person.ssn, mrn: person.mrn, note: 'seen' }))],
  ['dicts in dicts', { patient: { ids: { ssn, mrn: Number(mrn) }, name }, ward: '7' }],
  [
    'lists in a dict',
    { ssn: patients(1, 4).map((person) => person.ssn), mrn: patients(1, 4).map(({ mrn: of }) => of) },
  ],
  ['letters beyond ASCII', { patient_name: ['Zoë', 'Łukasz'].join(' '), mrn }],
  ['more than a batch', Array.from({ length: 2500 }, (_, index) => ({ mrn: `7${String(index).padStart(7, '0')}` }))],
];

describe.each(PROTOCOLS)('protocol %i', (protocol) => {
  test.each(documents)('%s: read as the same JSON', (_title, document) => {
    const bytes = pickled(document, protocol);
    expect(readerOf('cache.bin', bytes)).toBe(pickle);
    expect(labelled(fieldsOf(pickle, bytes))).toEqual(labelled(fieldsOf(json, Buffer.from(JSON.stringify(document)))));
  });

  test('the attributes of an object are its keys', () => {
    const bytes = pickled({ people: [new PickledObject({ ssn, mrn }), new PickledObject({ ssn, mrn })] }, protocol);
    expect(read(fieldsOf(pickle, bytes))).toEqual([
      `0 people[0].ssn ssn < people: ${ssn}`,
      `0 people[0].mrn mrn < people: ${mrn}`,
      `1 people[1].ssn ssn < people: ${ssn}`,
      `1 people[1].mrn mrn < people: ${mrn}`,
    ]);
  });

  test('a record of short keys alone is found', () => {
    const found = new Engine().scan('cache.bin', pickled({ ssn, mrn }, protocol));
    expect(found).toMatchObject([{ detector: 'patient-record', identifiers: ['mrn', 'ssn'] }]);
  });

  test('a number without a key is found', () => {
    expect(new Engine().scan('cache.bin', pickled(['a', ssn], protocol))).toMatchObject([{ detector: 'ssn' }]);
  });
});

test('each dict below a key of its own is a record', () => {
  const bytes = pickled({ a1: { ssn, mrn }, a2: { ssn, mrn } }, 4);
  expect(new Set(fieldsOf(pickle, bytes).map(({ record }) => record)).size).toBe(2);
});

test('pickles one behind the other', () => {
  const bytes = Buffer.concat([pickled({ ssn }, 2), pickled({ mrn }, 4), pickled({ dob }, 0)]);
  expect(labelled(fieldsOf(pickle, bytes))).toEqual([`ssn: ${ssn}`, `mrn: ${mrn}`, `dob: ${dob}`]);
});

test('a pickle in a pickle, as joblib writes arrays', () => {
  const [head, tail] = [pickled({ ssn, mrn }, 4).subarray(0, -1), Buffer.from('.')];
  const fields = labelled(fieldsOf(pickle, Buffer.concat([head, pickled({ dob }, 2), tail])));
  expect(fields.toSorted()).toEqual([`dob: ${dob}`, `mrn: ${mrn}`, `ssn: ${ssn}`]);
});

test('a text that is longer than a line is read as lines', () => {
  const note = `${'seen today, nothing new. '.repeat(4000)}\nSSN: ${ssn}\n${'and so on '.repeat(40_000)}\nMRN: ${mrn}\n`;
  expect(note.length).toBeGreaterThan(8 * limits.lineBytes);
  const found = new Engine().scan('notes.pkl', pickled({ note, dob }, 4));
  expect(found.flatMap(({ detector, identifiers = [] }) => [detector, ...identifiers])).toEqual(
    expect.arrayContaining(['ssn', 'mrn']),
  );
});

test('more values than are held: records stay together', () => {
  const count = limits.pickleValues / 2;
  const people = Array.from({ length: count }, (_, index) => ({ mrn: `M${String(index)}`, ward: `W${String(index)}` }));
  const fields = fieldsOf(pickle, pickled({ people }, 4));
  expect(fields.filter(({ labels }) => labels[0] === 'mrn' && labels[1] === 'people')).toHaveLength(count);
  const wards = new Map<number, string>();
  for (const { record, labels, value } of fields) if (labels[0] === 'ward') wards.set(record, value);
  let together = 0;
  for (const { record, labels, value } of fields) {
    if (labels[0] === 'mrn' && wards.get(record)?.slice(1) === value.slice(1)) together++;
  }
  // The one that is begun where the values are read may come in two.
  expect(together).toBeGreaterThan(count - 10);
});

describe('bytes that no pickle has', () => {
  const bytes = pickled({ ssn, mrn, dob }, 4);

  test('what is behind them is text', () => {
    const broken = Buffer.concat([bytes.subarray(0, -2), Buffer.from(`\xff\nMRN: ${mrn}\n`, 'latin1')]);
    expect(labelled(fieldsOf(pickle, broken))).toEqual([`ssn: ${ssn}`, `mrn: ${mrn}`, `dob: ${dob}`, `MRN: ${mrn}`]);
  });

  test('cut short: what is left has its keys', () => {
    const values = bytes.indexOf(mrn) + mrn.length + 1;
    expect(labelled(fieldsOf(pickle, bytes.subarray(0, values)))).toContain(`ssn: ${ssn}`);
    for (let length = 3; length < bytes.length; length++) fieldsOf(pickle, bytes.subarray(0, length));
  });

  test.each<[string, Buffer]>([
    ['a list that is in itself', Buffer.from('\x80\x02]q\x00h\x00a.', 'latin1')],
    ['two lists that are in each other', Buffer.from('\x80\x02]q\x00]q\x01h\x00ah\x01a.', 'latin1')],
    ['nothing on the stack', Buffer.from('\x80\x02.a.s.u', 'latin1')],
    ['a memo that is empty', Buffer.from('\x80\x02h\x07j\x00\x00\x00\x10\x86.', 'latin1')],
    [
      'a string that claims all bytes there are',
      Buffer.from('\x80\x04\x8d\xff\xff\xff\xff\xff\xff\x0f\x00abc', 'latin1'),
    ],
  ])('%s: no field, no error', (_title, hostile) => {
    expect(labelled(fieldsOf(pickle, hostile))).toEqual([]);
  });
});

describe('other files', () => {
  test.each<[string, Buffer]>([
    ['prose that begins like protocol 0', Buffer.from(`(dpkg says that all is well)\nssn: ${ssn}\n`)],
    ['a binary with the first byte', Buffer.concat([Buffer.from([0x80, 4, 0xff, 0xfe]), Buffer.alloc(100, 0xfd)])],
    ['a protocol to come', Buffer.from('\x80\x07}q\x00.', 'latin1')],
    ['JSON in brackets', Buffer.from(`]q, "ssn": "${ssn}"`)],
  ])('%s is no pickle', (_title, bytes) => {
    expect(readerOf('cache.bin', bytes)).not.toBe(pickle);
  });

  test('a model without patients is silent', () => {
    const model = new PickledObject({ name: 'ridge', weights: [1, 2, 3], features: ['age', 'ssn', 'mrn', 'dob'] });
    for (const protocol of PROTOCOLS) expect(new Engine().scan('model.pkl', pickled(model, protocol))).toEqual([]);
  });
});

/** What Python itself writes, with the classes that the builder has not; `P` are its people. */
const SCRIPT = `
import sys, json, pickle, datetime, decimal, collections, uuid
protocol, people = int(sys.argv[1]), json.loads(sys.argv[2])
class Patient:
    def __init__(self, **attributes): self.__dict__.update(attributes)
def of(p):
    return Patient(ssn=p['ssn'], mrn=decimal.Decimal(p['mrn']), dob=datetime.date.fromisoformat(p['dob']),
        seen=datetime.datetime(2024, 1, 2, 3, 4), more=collections.OrderedDict(member_id=p['memberId'], none=None))
sys.stdout.buffer.write(pickle.dumps([of(p) for p in people], protocol))
`;

describe.skipIf(missing('python3') !== undefined)('against Python', () => {
  test.each(PROTOCOLS)('protocol %i: objects, dates, decimals and ordered dicts', (protocol) => {
    const people = patients(7, 3);
    const bytes = run('python3', ['-c', SCRIPT, String(protocol), JSON.stringify(people)]);
    expect(readerOf('people.pkl', bytes)).toBe(pickle);
    expect(read(fieldsOf(pickle, bytes))).toEqual(
      people.flatMap((person, index) => [
        `${String(index)} [${String(index)}].ssn ssn: ${person.ssn}`,
        `${String(index)} [${String(index)}].mrn mrn: ${person.mrn}`,
        `${String(index)} [${String(index)}].dob dob: ${person.dob}`,
        `${String(index)} [${String(index)}].seen seen: 2024-01-02`,
        `${String(index)} [${String(index)}].more.member_id member_id < more: ${person.memberId}`,
      ]),
    );
  });

  test.each(PROTOCOLS)('protocol %i: the builder’s documents', (protocol) => {
    for (const [, document] of documents) {
      const script =
        'import sys,json,pickle;sys.stdout.buffer.write(pickle.dumps(json.load(sys.stdin),int(sys.argv[1])))';
      const bytes = run('python3', ['-c', script, String(protocol)], { input: JSON.stringify(document) });
      expect(labelled(fieldsOf(pickle, bytes))).toEqual(labelled(fieldsOf(pickle, pickled(document, protocol))));
    }
  });
});

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.constantFrom(ssn, mrn, 'ssn', 'x'.repeat(300)),
    fc.nat(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('ssn', 'mrn', 'a', 'b', '12-3456'), tie('value'), { maxKeys: 4 }),
    fc
      .dictionary(fc.constantFrom('ssn', 'mrn', 'c'), tie('value'), { maxKeys: 3 })
      .map((attributes) => new PickledObject(attributes)),
  ),
})).value;
holdsForAnyBytes(
  pickle,
  fc.tuple(value, fc.constantFrom(...PROTOCOLS)).map(([document, protocol]) => pickled(document, protocol)),
);

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
takesTimeInProportion(
  pickle,
  [
    [
      'dicts in a list',
      (times) =>
        pickled(
          Array.from({ length: times }, () => ({ ssn, mrn, a: 'b' })),
          4,
        ),
    ],
    ['tuples in tuples', (times) => latin1(`\x80\x02K\x01${'\x85'.repeat(4 * times)}.`)],
    ['lists in lists', (times) => latin1(`\x80\x02${']'.repeat(times)}${'a'.repeat(times - 1)}.`)],
    ['marks alone', (times) => latin1(`\x80\x02${'('.repeat(8 * times)}`)],
    ['a tuple of all there is', (times) => latin1(`\x80\x02(${'K\x01'.repeat(8 * times)}t.`)],
    ['one list again and again', (times) => latin1(`\x80\x02]q\x00(${'h\x00'.repeat(4 * times)}e.`)],
    [
      'lists of the same lists',
      (times) => latin1(`\x80\x02]q\x00${'(h\x00h\x00l q\x00'.replace(' ', '').repeat(times)}.`),
    ],
    ['dicts that begin and do not end', (times) => latin1(`\x80\x02${'}(U\x01a'.repeat(2 * times)}`)],
    ['one long text', (times) => pickled('a b '.repeat(8 * times), 4)],
    ['one long word', (times) => pickled('a'.repeat(30 * times), 4)],
  ],
  { times: 20_000, least: 20 },
);
