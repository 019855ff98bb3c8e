import type { Field } from '../detect/field.ts';
import { addDecoded, textFields } from './line-fields.ts';
import type { Vocabulary } from './reader.ts';

/** An element `SSN=...` of a container's Env. */
const ASSIGNMENT = /^([A-Za-z_][\w.-]{0,127})=/;
/** What a short string must have to be more than one value. */
const TEXT = /[\s=:]|%[0-9A-Fa-f]{2}/;
const TEXT_CHARS = 40;

/** Adds the fields of one string or number of a document: itself, and what stands in it. */
export function addLeaf(fields: Field[], leaf: Field, vocabulary: Vocabulary): void {
  const { value } = leaf;
  const assigned = ASSIGNMENT.exec(value);
  if (assigned === null) {
    fields.push(leaf);
    if (value.length > 11) addDecoded(fields, leaf, vocabulary);
  } else {
    const shift = leaf.span === 'fixed' ? 0 : assigned[0].length;
    const [, key = ''] = assigned;
    const { offset, column } = leaf;
    const rest = value.slice(assigned[0].length);
    const field = {
      ...leaf,
      value: rest,
      labels: [key, ...leaf.labels],
      offset: offset + shift,
      column: column + shift,
    };
    if (rest !== '') fields.push(field);
    addDecoded(fields, field, vocabulary);
  }
  if (value.length > TEXT_CHARS || TEXT.test(value)) {
    for (const field of textFields(value, leaf, vocabulary)) fields.push(field);
  }
}
