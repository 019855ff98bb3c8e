/** What a custom detector must keep to, beyond the form of its fields: the same rules that the built-in ones are tested for. */
import { detectors } from '../../detectors/index.ts';
import { Shape, shapeFault } from '../detect/automaton.ts';
import { limits } from '../limits.ts';
import type { Complain, PlacedText } from './fields.ts';

const LABEL = /^(?:[a-z]+|[0-9]+|#)(?: (?:[a-z]+|[0-9]+|#))*$/;
/** Letters, digits and signs that no value could be part of. */
const MASK = /^(?:[*() @-]{1,40}|\[[a-z][a-z -]{0,38}\])$/;

/** What every program writes. An intrinsic shape that fits it would be a finding in every file. */
const ORDINARY: readonly (readonly [string, string])[] = [
  ['a timestamp', '1700000000 1700000000123 2024-03-14T12:30:45.123Z 20240314123045'],
  ['a version or an address', 'v1.22.333 10.0.41.7:8080 2001:db8::1f'],
  ['a number', '3.14159265 100000 4294967295 -1 0x7fffffff'],
  ['a digest or a UUID', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b 123e4567-e89b-42d3-a456-426614174000'],
  ['words of a program', 'package name address SELECT id FROM users_table; const value = item.name ?? default_value'],
];

/** Weak labels of the built-in detectors that are one word: they fill ordinary software. */
const ORDINARY_WORDS: ReadonlySet<string> = new Set([
  ...detectors.flatMap(({ labels }) => labels.weak).filter((label) => !label.includes(' ')),
  ...['id', 'ids', 'key', 'value', 'number', 'code', 'type', 'user', 'record', 'file'],
]);

/** Fewest letters of a strong label: shorter ones turn up in random bytes. */
const STRONG_LETTERS = 3;

export function checkLabel(label: PlacedText, key: string, complain: Complain): void {
  const { text, at } = label;
  if (!LABEL.test(text) || text.length > limits.customTextCharacters) {
    // Without the text: what stands where a label belongs may be a value.
    complain(
      at,
      `a label of ${key} is not in lower-case words`,
      'Write words and numbers with single spaces, as in: kelp chart 2; it then matches every spelling (camelCase, snake_case)',
    );
  } else if (key === 'strong' && (text.replace(/[^a-z0-9]/g, '').length < STRONG_LETTERS || ORDINARY_WORDS.has(text))) {
    complain(
      at,
      `the strong label ${text} fills ordinary software`,
      'Move it to weak, or name the person or hospital in it',
    );
  }
}

/** Whether the text can be a shape; complaints say why not. */
export function checkShape({ text, at }: PlacedText, key: string, complain: Complain): boolean {
  if (text.length > limits.customTextCharacters) {
    complain(at, `${key} is longer than ${limits.customTextCharacters} characters`, 'Make it shorter');
    return false;
  }
  const fault = shapeFault(text);
  if (fault !== undefined) {
    complain(
      at,
      `${key} is wrong (${fault})`,
      'RE2 has no lookaround and no backreferences; see github.com/google/re2/wiki/Syntax',
    );
    return false;
  }
  if (/^\^|(?:^|[^\\])\$$/.test(text)) {
    complain(at, `${key} has an anchor`, 'Leave ^ and $ out: the whole value is compared');
    return false;
  }
  if (new Shape(text).test('')) {
    complain(at, `${key} fits an empty value`, 'Ask for at least one character');
    return false;
  }
  return true;
}

/** An intrinsic shape is looked for in every byte of every file. */
export function checkIntrinsic(intrinsic: PlacedText, complain: Complain): void {
  const shape = new Shape(intrinsic.text);
  const found = ORDINARY.find(([, sample]) => shape.isIn(sample));
  if (found !== undefined) {
    complain(
      intrinsic.at,
      `intrinsic fits ${found[0]}`,
      'Make it more particular, or leave it out and find the value by its labels',
    );
  }
}

export function checkMask({ text, at }: PlacedText, complain: Complain): void {
  if (MASK.test(text)) return;
  complain(
    at,
    'mask could hold a value',
    "Write a constant of * ( ) - @, or small letters in brackets, in quotes: '[kelp-mrn]'",
  );
}
