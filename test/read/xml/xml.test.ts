import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/detect/field.ts';
import { limits } from '../../../src/limits.ts';
import { readers } from '../../../src/read/readers.ts';
import { xmlReader } from '../../../src/read/xml/xml.ts';
import { patient } from '../../support/patients.ts';
import { takesTimeInProportion } from '../properties.ts';
import { bytesAt, fieldsOf, headOf } from '../reading.ts';

const xml = xmlReader(() => readers);
const someone = patient(31);

function read(text: string | Buffer): readonly Field[] {
  return fieldsOf(xml, Buffer.from(text));
}

/** `pointer [labels] value`, of fields with a label. */
function shown(text: string | Buffer): readonly string[] {
  return read(text)
    .filter(({ labels }) => labels.length > 0)
    .map(({ pointer, labels, value }) => `${pointer ?? ''} [${labels.join(' ')}] ${value}`);
}

describe('recognizes', () => {
  test.each<[string, string, boolean]>([
    ['a declaration', '<?xml version="1.0"?>\n<a>b</a>', true],
    ['no declaration', '<patients><patient/></patients>', true],
    ['a byte order mark', '\ufeff<?xml version="1.0"?><a/>', true],
    ['a prefix', '<n1:Message xmlns:n1="urn:x"><n1:Id>', true],
    ['a document type', '<!DOCTYPE plist SYSTEM "x"><plist><dict/></plist>', true],
    ['a document that is cut off', '<a><b c="d', true],
    ['HTML', '<!DOCTYPE html><p>a<br>b</p>', false],
    ['HTML without a type', '<html><body>a<br></body></html>', false],
    ['a place holder', '<ssn> is the number\n', false],
    ['an e-mail address', '<jane@example.org> wrote:', false],
    ['a redirection', '<< EOF\n', false],
    ['C++ templates', '<T, U> void f();', false],
    ['text', 'a < b and c > d', false],
    ['an empty entry', '', false],
  ])('%s', (_title, text, expected) => {
    expect(xml.recognizes(headOf('a', Buffer.from(text)))).toBe(expected);
  });
});

describe('fields', () => {
  test.each<[string, string, readonly string[]]>([
    ['elements', `<p><ssn>${someone.ssn}</ssn></p>`, [`p.ssn [ssn p] ${someone.ssn}`]],
    ['attributes', `<p ssn="${someone.ssn}"/>`, [`p.ssn [ssn p] ${someone.ssn}`]],
    ['prefixes are no part of a name', `<n:p xmlns:n="u"><n:ssn>1</n:ssn></n:p>`, ['p.ssn [ssn p] 1']],
    ['white space around a value', '<p>\n  <a>\n  b c \n </a>\n</p>', ['p.a [a p] b c']],
    ['a CDATA section', '<p><![CDATA[a < b]]></p>', ['p [p] a < b']],
    [
      'entities and character references',
      '<p>O&apos;Neil &#233; &#x2019;&nbsp;&other; & Co</p>',
      ["p [p] O'Neil é ’ &other; & Co"],
    ],
    ['UTF-8', '<p>Zoë</p>', ['p [p] Zoë']],
    [
      'a name in an attribute',
      `<e><property name="SSN" value="${someone.ssn}"/></e>`,
      ['e.property.name [name property e] SSN', `e.property.value [SSN value property e] ${someone.ssn}`],
    ],
    [
      'a name in an attribute, the value in the element',
      `<e><col name="SSN">${someone.ssn}</col></e>`,
      ['e.col.name [name col e] SSN', `e.col [SSN col e] ${someone.ssn}`],
    ],
    [
      'a name in an element beside',
      `<e><name>SSN</name><value>${someone.ssn}</value></e>`,
      ['e.name [name e] SSN', `e.value [SSN value e] ${someone.ssn}`],
    ],
    ['elements that come again', '<e><r><a>1</a></r><r><a>2</a></r></e>', ['e.r.a [a r e] 1', 'e.r[1].a [a r e] 2']],
    [
      'documents behind each other',
      '<?xml version="1.0"?><a>1</a>\n<?xml version="1.0"?><b>2</b>',
      ['a [a] 1', 'b [b] 2'],
    ],
    [
      'NCPDP SCRIPT',
      `<Message><Patient><HumanPatient><DateOfBirth><Date>${someone.dob}</Date></DateOfBirth></HumanPatient></Patient></Message>`,
      [`Message.Patient.HumanPatient.DateOfBirth.Date [Date DateOfBirth HumanPatient Patient Message] ${someone.dob}`],
    ],
  ])('%s', (_title, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test('Latin-1 is read where it is no UTF-8', () => {
    const text = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><p>Zo\xeb</p>', 'latin1');
    expect(shown(text)).toEqual(['p [p] Zoë']);
  });

  test('comments are text', () => {
    expect(read(`<a><!-- SSN: ${someone.ssn} --></a>`)).toContainEqual(
      expect.objectContaining({ labels: ['SSN'], value: someone.ssn }),
    );
  });

  test('a text of many lines is read as such', () => {
    expect(read(`<a><note>seen today\nSSN: ${someone.ssn}\n</note></a>`)).toContainEqual(
      expect.objectContaining({ labels: ['SSN', 'note', 'a'], value: someone.ssn, line: 2, column: 6 }),
    );
  });

  test('a file in base64 is read again', () => {
    const file = Buffer.from(`${'a line of a letter\n'.repeat(30)}SSN: ${someone.ssn}\n`).toString('base64');
    expect(read(`<a><body>${file}</body></a>`)).toContainEqual(
      expect.objectContaining({ labels: ['SSN'], value: someone.ssn }),
    );
  });

  test('a text longer than a block is text, and what follows is XML', () => {
    const text = `<a><note>${'word '.repeat(60_000)}\nSSN: ${someone.ssn}\n${'word '.repeat(30_000)}</note><mrn>${someone.mrn}</mrn></a>`;
    const labelled = read(text).filter(({ labels }) => labels.length > 0);
    expect(labelled.map(({ labels, value }) => [labels[0], value])).toEqual([
      ['SSN', someone.ssn],
      ['mrn', someone.mrn],
    ]);
  });

  test('records are elements that come again, and lists of parts are none', () => {
    const numbers = read('<e><p><a>1</a><phone>2</phone><phone>3</phone></p><p><a>4</a></p></e>')
      .filter(({ tie }) => tie === 'key')
      .map(({ record }) => record);
    expect(numbers[0]).toBe(numbers[1]);
    expect(numbers[1]).toBe(numbers[2]);
    expect(numbers[3]).not.toBe(numbers[2]);
  });

  test('who prescribes is another record than the patient', () => {
    const [patientName, prescriber] = read(
      '<M><Patient><Name>a</Name></Patient><Prescriber><Name>b</Name></Prescriber></M>',
    ).filter(({ tie }) => tie === 'key');
    expect(prescriber?.record).not.toBe(patientName?.record);
  });
});

describe('broken and hostile documents', () => {
  test('what was read stays, and a document that is cut off is read to its end', () => {
    expect(shown(`<a><ssn>${someone.ssn}</ssn><mrn>${someone.mrn}`)).toContain(`a.ssn [ssn a] ${someone.ssn}`);
    expect(read(`<a><b>1</b><c>SSN: ${someone.ssn}`)).toContainEqual(
      expect.objectContaining({ value: someone.ssn, labels: ['SSN'] }),
    );
  });

  test('with too many faults the rest is text', () => {
    const text = `<a>${'<b c=d>'.repeat(200)}\nSSN: ${someone.ssn}\n`;
    expect(read(text)).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
  });

  test('some faults are borne with', () => {
    expect(shown(`<a><b>1</c></b><b x=1/><ssn>${someone.ssn}</ssn>`).at(-1)).toContain(`[ssn`);
  });

  test('entities of a document type are not expanded', () => {
    const lol = `<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><l>&b;&b;</l>`;
    expect(shown(lol)).toEqual(['l [l] &b;&b;']);
  });

  test('a token without end is text from where it begins', () => {
    const text = `<a><b c="${'x '.repeat(limits.attachedBytes / 2 + 200_000)}\nSSN: ${someone.ssn}\n`;
    expect(read(text)).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
  });
});

const piece = fc.constantFrom(
  '<a>',
  '</a>',
  '<b c="',
  '"',
  '>',
  '/>',
  '<patient ssn="1 2">',
  '</patient>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?xml version="1.0"?>',
  '<!DOCTYPE x [',
  ']>',
  '&',
  '&amp;',
  '&#233;',
  'é',
  '😀',
  'ssn: 123-45',
  '\n',
  '\r\n',
  ' ',
  "'",
  '<',
  'aGVsbG8=',
  '<Patient xmlns="http://hl7.org/fhir">',
  '<name><family value="Roe"/></name>',
  '<recordTarget><patientRole>',
  '<id root="1.2" extension="7"/>',
);
const soup = fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join('')));
const broken = fc.tuple(soup, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 })).map(([bytes, changes]) => {
  for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
  return bytes;
});

test('the fields do not depend on how the bytes are split, and stand where they say', () => {
  fc.assert(
    fc.property(fc.oneof(soup, broken), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (bytes, sizes) => {
      const fields = fieldsOf(xml, bytes);
      expect(fieldsOf(xml, bytes, '', sizes)).toEqual(fields);
      for (const field of fields) if (field.span !== 'fixed') expect(bytesAt(bytes, field)).toBe(field.value);
    }),
    { numRuns: 400 },
  );
});

test('the same of documents that are longer than a block', () => {
  fc.assert(
    fc.property(soup, fc.integer({ min: 20_000, max: 200_000 }), (part, size) => {
      const bytes = Buffer.concat(Array.from({ length: Math.ceil(300_000 / (part.length + 1)) }, () => part));
      const fields = fieldsOf(xml, bytes);
      expect(fieldsOf(xml, bytes, '', [size])).toEqual(fields);
      for (const field of fields) {
        expect(field.value.length).toBeLessThanOrEqual(limits.lineBytes);
        if (field.span !== 'fixed') expect(bytesAt(bytes, field)).toBe(field.value);
      }
    }),
    { numRuns: 8 },
  );
});

takesTimeInProportion(
  xml,
  [
    ['elements', (times) => '<a>' + `<ssn>${String(10 ** 8 + 7)}</ssn>`.repeat(times)],
    ['open elements', (times) => '<a>'.repeat(times)],
    ['open and unmatched elements', (times) => '<a><b><c><d></x>'.repeat(times)],
    ['attributes without end', (times) => '<a ' + 'b="c" '.repeat(times)],
    ['a tag without end', (times) => '<a b="' + 'x y '.repeat(times)],
    ['a comment without end', (times) => '<a><!--' + 'x y '.repeat(times)],
    ['ampersands', (times) => '<a>' + '&a'.repeat(2 * times)],
    [
      'names that never come again',
      (times) => '<a>' + Array.from({ length: times }, (_, at) => `<b${String(at)}/>`).join(''),
    ],
    ['tags of one letter', (times) => '<a><!'.repeat(times)],
  ],
  { times: 40_000, least: 2 },
);
