import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';

/** A number, or letters with one, behind a label and a sign: `mrn-…`, `/ssn_…/`, `patient-id:…`. */
const BEHIND = /(?:[-_/:.=]|%3[dD]|%2[fF]){1,2}([A-Za-z0-9]{4,20}|[0-9]{3}-[0-9]{2}-[0-9]{4})(?![A-Za-z0-9])/y;
const DASHED = /(?:[-_/:.=]|%3[dD]|%2[fF]){1,2}([0-9]{3}-[0-9]{2}-[0-9]{4})(?![A-Za-z0-9])/y;
const LONGEST = 2048;

/**
 * The labelled numbers in a name: of a service, a host, a path, an object, where there is neither a blank nor an equals
 * sign. Read in definitions only: elsewhere such names are those of files and functions.
 */
export function slugFields(leaf: Field, vocabulary: Vocabulary): readonly Field[] {
  const { value } = leaf;
  if (value.length > LONGEST || !/\d/.test(value)) return [];
  const fields: Field[] = [];
  for (const { start, end } of vocabulary.find(value)) {
    const found = matchAt(DASHED, value, end) ?? matchAt(BEHIND, value, end);
    const number = found?.[1] ?? '';
    if (!/\d/.test(number)) continue;
    const at = end + (found?.[0].length ?? 0) - number.length;
    const shift = leaf.span === 'bytes' ? at : 0;
    const place = { offset: leaf.offset + shift, column: leaf.column + shift };
    const span = leaf.span === 'bytes' ? 'bytes' : 'fixed';
    fields.push({ ...leaf, ...place, value: number, labels: [value.slice(start, end), ...leaf.labels], span });
  }
  return fields;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
