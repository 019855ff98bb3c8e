import type { Field } from '../detect/field.ts';
import { joinPointers } from '../detect/pointer.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { jsonFormats } from './json-format.ts';
import { JsonReading } from './json-reading.ts';
import type { Position } from './reader.ts';
import type { RecordNumbers } from './record-numbers.ts';

/**
 * Adds the fields of a JSON document that stands in a text as it is, over lines of its own: a heredoc, a block scalar of
 * YAML. Its places are those in the text. False, and nothing added, where there is no such document.
 *
 * @param base - Labels and pointer of what it is in.
 */
export function addBlockJson(
  fields: Field[],
  bytes: Buffer,
  at: Position,
  base: Pick<Field, 'labels' | 'pointer'>,
  { vocabulary, numbers, isDefinition }: BlockJsonParts,
): boolean {
  const text = bytes.toString('latin1');
  if (!/^\s*[[{]/.test(text)) return false;
  const inner: Field[] = [];
  const reading = new JsonReading(vocabulary, {
    beginning: text,
    formatOf: jsonFormats(vocabulary),
    isDefinition,
    numbers,
  });
  if (reading.readBlock(bytes, 0, true, inner).broken || reading.loose > 0) return false;
  for (const field of inner) {
    const pointer = joinPointers(base.pointer, field.pointer);
    fields.push({
      ...field,
      labels: base.labels.length === 0 ? field.labels : [...field.labels, ...base.labels],
      offset: field.offset + at.offset,
      line: field.line + at.line - 1,
      column: field.line === 1 ? field.column + (at.column ?? 1) - 1 : field.column,
      ...(pointer === undefined ? {} : { pointer }),
    });
  }
  return true;
}

interface BlockJsonParts {
  readonly vocabulary: Vocabulary;
  readonly numbers: RecordNumbers;
  readonly isDefinition: boolean;
}
