import type { Field } from '../detect/field.ts';
import { addDecoded, textFields } from './line-fields.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';

/** An element `SSN=...` of a container's Env; base64 may end in `=`, too. */
const ASSIGNMENT = /^([A-Za-z_][\w.-]{0,127})=(?!=?$)/;
/** What a short string must have to be more than one value; words alone hold no number and name no label's value. */
const TEXT = /[=:%@]|\s.*\d|\d.*\s/s;
const TEXT_CHARS = 40;

/** Adds the fields of one string or number of a document: itself, and what stands in it. */
export function addLeaf(fields: Field[], leaf: Field, vocabulary: Vocabulary): void {
  const assigned = leaf.value.includes('=') ? ASSIGNMENT.exec(leaf.value) : null;
  const field = assigned === null ? leaf : assignedField(leaf, assigned[1] ?? '');
  const { value } = field;
  fields.push(field);
  if (value.length > 11) addDecoded(fields, field, vocabulary);
  if (value.length <= TEXT_CHARS && !TEXT.test(value)) return;
  for (const inner of textFields(value, field, vocabulary)) fields.push(inner);
}

function assignedField(leaf: Field, key: string): Field {
  const shift = leaf.span === 'fixed' ? 0 : key.length + 1;
  const { offset, column, value, labels } = leaf;
  const place = { offset: offset + shift, column: column + shift };
  return { ...leaf, ...place, value: value.slice(key.length + 1), labels: [key, ...labels] };
}
