import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dockerfile } from '../../src/read/dockerfile/dockerfile.ts';
import { literals } from '../../src/read/literals/literals.ts';
import { limits } from '../../src/limits.ts';
import { holdsForAnyBytes, type Hostile, takesTimeInProportion, tellsLineAndColumn } from './properties.ts';
import { fieldsOf } from './reading.ts';

const piece = fc.constantFrom(
  ...['ssn', 'é', '"', "'", '\\', '\n', ' ', '{', '}', '[', ']', '(', ')', '=', ':', ',', '# x', '//', '/*', '<<EOF\n'],
  ...[
    'EOF\n',
    '|||\n',
    '{{',
    '}}',
    '${',
    'join',
    '"a b"',
    "'c'",
    '12-3',
    'ENV ',
    'RUN ',
    'LABEL a="b" ',
    '\\\n',
    'ARG x=y',
  ],
);
const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
const valid = text.map((content) => Buffer.from(content));

/** Inputs made to cost more than their length. */
const HOSTILE: readonly Hostile[] = [
  ['openings of heredocs', (times) => 'a = <<X\n'.repeat(times)],
  ['openings of text blocks', (times) => '|||\n'.repeat(times)],
  ['openings of templates on one line', (times) => '{{ '.repeat(times)],
  ['brackets', (times) => '{[('.repeat(times)],
  ['brackets that close nothing', (times) => '{' + ')]'.repeat(times)],
  ['quotes that are never closed', (times) => 'a = "${x\n'.repeat(times)],
  ['keys', (times) => 'a '.repeat(times)],
  ['lines that go on', (times) => 'ENV ' + 'a="b" \\\n'.repeat(times)],
  ['marks of heredocs', (times) => `RUN ${'<<A '.repeat(16)}\n`.repeat(times / 16)],
];

describe.each([
  [literals, 'main.tf'],
  [dockerfile, 'Dockerfile'],
] as const)('$id', (reader, path) => {
  holdsForAnyBytes(reader, valid, path);
  tellsLineAndColumn(reader, text, path);
  takesTimeInProportion(reader, HOSTILE, { path, least: 2 });
});

/** `pointer: value` of the fields that are a key's. */
function pointed(reader: typeof literals, path: string, content: string): readonly string[] {
  const fields = fieldsOf(reader, Buffer.from(content), path);
  return fields.filter(({ tie }) => tie === 'key').map(({ pointer, value }) => `${pointer ?? ''}: ${value}`);
}

test.each([
  ['a block with labels', 'resource "t" "n" {\n  a = "b"\n}\n', ['resource.t.n.a: b']],
  ['objects in a list in a call', 'x = jsonencode([{ a = "b" }, { a = "c" }])\n', ['x[0].a: b', 'x[1].a: c']],
  ['elements that are no literals are counted', 'x = [var.a, "b"]\n', ['x[1]: b']],
  ['the parts of a join', 'x = join("-", ["a", "b"])\n', ['x: a-b']],
  ['an interpolation with quotes of its own', 'x = "${f("a")}-b"\ny = "c"\n', ['x: ${f("a")}-b', 'y: c']],
  ['a value on the next line', 'x =\n  "b"\n', ['x: b']],
  ['a heredoc with a document', 'x = <<EOF\n{"a": "b"}\nEOF\n', ['x.a: b']],
  ['an object of Jsonnet', "local k = 1;\n{ 'a': 'b', c+: { d:: 'e' } }\n", ['k: 1', 'a: b', 'c.d: e']],
  [
    'a template between members',
    '{\n {{ if x }}\n "a": "b",\n {{ end }}\n "c": {{ y }}, "d": "e"\n}',
    ['a: b', 'd: e'],
  ],
  ['a bracket that closes nothing', 'a = "b"\n)\nc = "d"\n', ['a: b', 'c: d']],
  ['a text without an end', 'a = "b\nc = "d"\n', ['a: b', 'c: d']],
])('literals: %s', (_title, content, expected) => {
  expect(pointed(literals, 'main.tf', content)).toEqual(expected);
});

test.each([
  ['pairs over several lines', 'ENV A=1 \\\n  # of B\n  B="x y"\n', ['ENV.A: 1', 'ENV.B: x y']],
  ['the old form', 'ENV A b c\n', ['ENV.A: b c']],
  ['quoted keys', 'LABEL "a.b"="c"\n', ['LABEL["a.b"]: c']],
  ['commands in JSON', 'CMD ["a", "b"]\n', ['CMD[0][0]: a', 'CMD[0][1]: b']],
  ['a document', 'COPY <<X /x\n{"a": "b"}\nX\nENV C=d\n', ['COPY[0].a: b', 'ENV.C: d']],
  ['another escape character', '# escape=`\nENV A=1 `\n  B=2\n', ['ENV.A: 1', 'ENV.B: 2']],
])('dockerfile: %s', (_title, content, expected) => {
  expect(pointed(dockerfile, 'Dockerfile', content)).toEqual(expected);
});

test.each([
  ['Pipfile', false],
  ['Dockerfile', true],
  ['build/Dockerfile.prod', true],
  ['app.dockerfile', true],
  ['Dockerfiles.md', false],
])('%s is a Dockerfile: %s', (path, expected) => {
  expect(dockerfile.recognizes({ path, bytes: Buffer.from('FROM scratch\n'), whole: true })).toBe(expected);
});

test.each([
  ['a.tf', 'x = 1', true],
  ['ecs-task-def.json', '{ "a": {{ must_env `A` }} }', true],
  ['a.json', '{ "a": 1 }', false],
  ['notes.txt', 'a = {{ x }}', false],
])('%s: %s', (path, content, expected) => {
  expect(literals.recognizes({ path, bytes: Buffer.from(content), whole: true })).toBe(expected);
});

describe('a text that a call joins', () => {
  const longest = (content: string): number =>
    Math.max(...fieldsOf(literals, Buffer.from(content), 'main.tf').map(({ value }) => value.length));

  test('is read in lines that are no longer than others, however calls are nested', () => {
    expect(longest("join('c'".repeat(5000))).toBe(limits.lineBytes);
  });

  test('is a document where it is one, however long', () => {
    const parts = Array.from({ length: 3000 }, (_, index) => `"\\"k${index}\\": 1,"`).join(', ');
    const content = `x = join("", ["{", ${parts}, "\\"member_id\\": \\"kelp\\"}"])\n`;
    expect(pointed(literals, 'main.tf', content)).toContain('x.member_id: kelp');
  });

  test('is not longer than it may be, whatever stands between its parts', () => {
    const content = `x = join("${'d'.repeat(limits.lineBytes)}", [${'a, '.repeat(20_000)} "kelp"])\n`;
    const values = fieldsOf(literals, Buffer.from(content), 'main.tf').map(({ value }) => value);
    expect(values).toContain('kelp');
    expect(values.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(3 * 1024 * 1024);
  });
});
