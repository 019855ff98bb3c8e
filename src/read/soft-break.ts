import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { addDecoded, type LinePlace } from './line-fields.ts';
import { labelledValues } from './labelled-value.ts';

/** RFC 2045 section 6.7 (5): 76 characters; some programs count otherwise. */
const MOST_CHARS = 100;
/** A value that goes on behind the break. */
const REST_CHARS = 200;
const EQUALS = 0x3d;

/** A line of quoted-printable that goes on in the next one. */
export interface BrokenLine {
  /** Without the equals sign. */
  readonly text: string;
  readonly place: LinePlace;
}

/** The line, where it ends with a soft break, or might. */
export function brokenLine(text: string, place: LinePlace): BrokenLine | undefined {
  const last = text.length - 1;
  if (text.charCodeAt(last) !== EQUALS || last === 0 || last > MOST_CHARS) return undefined;
  return { text: text.slice(0, -1), place };
}

/**
 * What stands across a soft line break: a value or a label that begins on the line before. What stands on one of the lines
 * alone is read there, since the equals sign may be that of an assignment.
 */
export function brokenFields(
  before: BrokenLine,
  text: string,
  place: LinePlace,
  vocabulary: Vocabulary,
  record: () => number,
): readonly Field[] {
  const junction = before.text.length;
  const joined = before.text + text.slice(0, REST_CHARS);
  const fields: Field[] = [];
  const add = (start: number, end: number, labels: readonly string[], tie: Field['tie']): void => {
    const isBefore = start < junction;
    const { offset, line, column, span } = isBefore ? before.place : place;
    const passed = isBefore ? before.text.slice(0, start) : text.slice(0, start - junction);
    const at =
      span === 'fixed'
        ? { offset, line, column }
        : {
            offset: offset + Buffer.byteLength(passed, span === 'utf8' ? 'utf8' : 'latin1'),
            line,
            column: column + passed.length,
          };
    const value = joined.slice(start, end);
    const field: Field = { value, labels, tie, record: record(), ...at, span: 'fixed' };
    fields.push(field);
    addDecoded(fields, field, vocabulary);
  };
  const crosses = (start: number, end: number): boolean => start < junction && end > junction;
  for (const { labels, keyStart, keyEnd, start, end, tie } of labelledValues(joined, vocabulary.find(joined))) {
    if (end > start && (crosses(start, end) || crosses(keyStart, keyEnd))) add(start, end, labels, tie);
  }
  const [word] = /\S*$/.exec(before.text) ?? [''];
  const [rest] = /^\S*/.exec(text.slice(0, REST_CHARS)) ?? [''];
  if (/\d/.test(word) && /\d/.test(rest)) add(junction - word.length, junction + rest.length, [], 'bare');
  return fields;
}
