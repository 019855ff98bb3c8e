import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { jsonFormats } from './json-format.ts';
import { JsonReading } from './json-reading.ts';
import type { RecordNumbers } from './record-numbers.ts';

/** Adds the fields of a JSON document inside the value of `base`; false, and nothing added, where it holds none. */
export function addNestedJson(
  fields: Field[],
  base: Field,
  vocabulary: Vocabulary,
  numbers: RecordNumbers,
  isDefinition: boolean = false,
): boolean {
  if (!/^\s*[[{]/.test(base.value) || base.value.length <= 2) return false;
  const nested: Field[] = [];
  const reading = new JsonReading(vocabulary, {
    beginning: base.value,
    formatOf: jsonFormats(vocabulary),
    isDefinition,
    nesting: { base, numbers, depth: 1 },
  });
  if (reading.readBlock(Buffer.from(base.value), 0, true, nested).broken || reading.loose > 0) return false;
  for (const field of nested) fields.push(field);
  return true;
}
