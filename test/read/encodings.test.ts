import { expect, test } from 'vitest';
import { decodings } from '../../src/read/encodings.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const twice = Buffer.from(encodeURIComponent(`ssn=${ssn}`)).toString('base64');

test.each<[string, string, readonly string[]]>([
  ['percent', 'Jane%20Roe', ['Jane Roe']],
  ['percent with UTF-8', 'Zo%C3%AB', ['Zoë']],
  ['percent that is no UTF-8', '%ff%fe', []],
  ['base64', Buffer.from(ssn).toString('base64'), [ssn]],
  ['base64 for URLs, without padding', Buffer.from(`${ssn}??>`).toString('base64url'), [`${ssn}??>`]],
  ['base64 of a binary file', Buffer.from([0, 1, 2, 3, 255, 254, 7, 8, 9]).toString('base64'), []],
  ['percent in base64', twice, [`ssn%3D${ssn}`, `ssn=${ssn}`]],
  ['JSON escapes', 'Zo\\u00eb \\"Roe\\"', ['Zoë "Roe"']],
  ['quoted-printable', 'Zo=C3=AB', ['Zoë']],
  ['a word', 'hello', []],
  ['a path', '/usr/share/doc', []],
  ['a share of something', '100% of them', []],
  ['nothing', '', []],
])('%s', (_title, value, expected) => {
  expect(decodings(value)).toEqual(expected);
});
