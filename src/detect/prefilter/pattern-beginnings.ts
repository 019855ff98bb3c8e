import { RegExpParser, type AST } from '@eslint-community/regexpp';

import { ANY_BYTE, bothCases, BOUNDARY, byteClass, byteRange, WORD_BYTE, type ByteClass } from './byte-class.ts';
import { EMPTY, inOrder, oneByte, repeated, UNKNOWN, type Beginnings } from './beginnings.ts';

const parser = new RegExpParser({ ecmaVersion: 2025 });

const LAST_ASCII = 0x7f;
/** Code points beyond ASCII that are spelled out in UTF-8; of a larger class only the first byte is known. */
const MAX_SPELLED = 64;
const DIGITS = byteRange(0x30, 0x39);
/** RE2's `\s`, without the vertical tab. */
const SPACE = [0x09, 0x0a, 0x0c, 0x0d, 0x20];
const LINE_FEED: ByteClass = byteClass([0x0a]);
const LEADING_BYTE: ByteClass = byteClass(byteRange(0xc2, 0xf4));

/** With which bytes a match of RE2 source can begin; undefined where the source is not understood. */
export function beginningsOf(source: string): Beginnings | undefined {
  // RE2 writes \x{2d} where JavaScript has \u{2d}.
  const spelled = source.replace(/\\x\{/g, '\\u{');
  try {
    return alternatives(parser.parsePattern(spelled, 0, spelled.length, { unicode: true }).alternatives);
  } catch {
    // RE2's own syntax (\A, \z, (?P<name>)) is none of JavaScript's: then every byte is searched by RE2 itself.
    return undefined;
  }
}

function alternatives(all: readonly AST.Alternative[]): Beginnings {
  return all.flatMap(({ elements }) => elements.map(elementBeginnings).reduce(inOrder, EMPTY));
}

/** `(?i:…)`; its other modifiers change what `^`, `$` and `.` are, which are taken at their widest anyway. */
function groupBeginnings({ modifiers, alternatives: all }: AST.Group): Beginnings {
  const inside = alternatives(all);
  if (modifiers?.add.ignoreCase !== true) return inside;
  return inside.map(({ classes, open }) => ({ classes: classes.map(bothCases), open }));
}

function elementBeginnings(element: AST.Element): Beginnings {
  switch (element.type) {
    case 'Assertion':
      // The search sees a line feed before the text and behind it.
      if (element.kind === 'start' || element.kind === 'end') return oneByte(LINE_FEED);
      if (element.kind !== 'word') return UNKNOWN;
      return element.negate ? EMPTY : oneByte(BOUNDARY);
    case 'Group':
      return groupBeginnings(element);
    case 'CapturingGroup':
      return alternatives(element.alternatives);
    case 'Quantifier':
      return repeated(elementBeginnings(element.element), element.min, element.max);
    case 'Character':
      return codePoints([[element.value, element.value]]);
    case 'CharacterSet':
      return element.kind === 'any' ? inOrder(oneByte(ANY_BYTE), UNKNOWN) : setBeginnings(element);
    case 'CharacterClass':
      return classBeginnings(element);
    case 'Backreference':
    case 'ExpressionCharacterClass':
      return UNKNOWN;
  }
}

function classBeginnings(element: AST.CharacterClass): Beginnings {
  const ranges: [number, number][] = [];
  const flags = new Set<number>();
  for (const part of element.elements) {
    if (part.type === 'Character') ranges.push([part.value, part.value]);
    else if (part.type === 'CharacterClassRange') ranges.push([part.min.value, part.max.value]);
    else if (part.type === 'CharacterSet' && part.kind !== 'property' && !part.negate)
      setBytes(part).forEach((byte) => flags.add(byte));
    else return inOrder(oneByte(ANY_BYTE), UNKNOWN);
  }
  for (const byte of flags) ranges.push([byte, byte]);
  if (!element.negate) return codePoints(ranges);
  const excluded = new Set(
    ranges.flatMap(([first, last]) => (first > LAST_ASCII ? [] : byteRange(first, Math.min(last, LAST_ASCII)))),
  );
  const ascii = byteRange(0, LAST_ASCII).filter((byte) => !excluded.has(byte));
  return [...oneByte(byteClass(ascii)), ...inOrder(oneByte(LEADING_BYTE), UNKNOWN)];
}

function setBytes(set: AST.EscapeCharacterSet): readonly number[] {
  return set.kind === 'digit' ? DIGITS : set.kind === 'word' ? WORD_BYTE.bytes : SPACE;
}

function setBeginnings(set: AST.CharacterSet): Beginnings {
  if (set.kind === 'any' || set.kind === 'property' || set.negate) return inOrder(oneByte(ANY_BYTE), UNKNOWN);
  return oneByte(byteClass(setBytes(set)));
}

/** The ASCII ones are one class; each other one is spelled out in UTF-8. */
function codePoints(ranges: readonly (readonly [number, number])[]): Beginnings {
  const ascii: number[] = [];
  const others: number[] = [];
  for (const [first, last] of ranges) {
    if (first <= LAST_ASCII) ascii.push(...byteRange(first, Math.min(last, LAST_ASCII)));
    const beyond = Math.max(first, LAST_ASCII + 1);
    if (last - beyond >= MAX_SPELLED) return inOrder(oneByte(ANY_BYTE), UNKNOWN);
    if (last >= beyond) others.push(...byteRange(beyond, last));
  }
  const spelled = others.map((codePoint) =>
    [...Buffer.from(String.fromCodePoint(codePoint))].map((byte) => oneByte(byteClass([byte]))).reduce(inOrder, EMPTY),
  );
  return [...(ascii.length > 0 ? oneByte(byteClass(ascii)) : []), ...spelled.flat()];
}
