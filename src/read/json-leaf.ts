import type { Field } from '../detect/field.ts';
import type { EmbeddedSegments } from './embedded-segments.ts';
import { markCut } from './cut-text.ts';
import { addDecoded, textFields } from './line-fields.ts';
import { limits } from '../limits.ts';
import { slugFields } from './slug-fields.ts';
import { stopReasonIn } from './stop-reason.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';

/** An element `SSN=...` of a container's Env; base64 may end in `=`, too. */
const ASSIGNMENT = /^([A-Za-z_][\w.-]{0,127})=(?!=?$)/;
/** What a short string must have to be more than one value; words alone hold no number and name no label's value. A task or
 * a folder may be named after a number. */
const TEXT = /[=:%@]|\s.*\d|\d.*\s|[A-Za-z][-_/]\d{4}/s;
const TEXT_CHARS = 40;

export interface LeafOptions {
  /** A message in the string is a record of its own, and the string belongs to that. */
  readonly segments?: EmbeddedSegments | undefined;
  /** Names in it may hold numbers. */
  readonly isDefinition?: boolean;
}

/** Adds the fields of one string or number of a document: itself, and what stands in it. */
export function addLeaf(
  fields: Field[],
  leaf: Field,
  vocabulary: Vocabulary,
  { segments, isDefinition = false }: LeafOptions = {},
): void {
  if (leaf.value.length > limits.lineBytes) {
    for (const run of runsOf(leaf)) addLeaf(fields, run, vocabulary, { segments, isDefinition });
    return;
  }
  const first = fields.length;
  addParts(fields, leaf, vocabulary, segments);
  const stopReason = stopReasonIn(leaf);
  if (stopReason !== undefined) fields.push(stopReason);
  if (isDefinition) for (const field of slugFields(leaf, vocabulary)) fields.push(field);
  markCut(fields, first, leaf);
}

/** One that was put together of others may be longer than any line. */
function* runsOf(leaf: Field): Generator<Field, void, undefined> {
  const { value } = leaf;
  for (let start = 0; start < value.length; start += limits.lineBytes) {
    yield { ...leaf, value: value.slice(start, start + limits.lineBytes), span: 'fixed' };
  }
}

function addParts(fields: Field[], leaf: Field, vocabulary: Vocabulary, segments: EmbeddedSegments | undefined): void {
  const own = segments === undefined ? leaf : addMessages(fields, leaf, segments);
  const assigned = own.value.includes('=') ? ASSIGNMENT.exec(own.value) : null;
  const field = assigned === null ? own : assignedField(own, assigned[1] ?? '');
  const { value } = field;
  fields.push(field);
  if (value.length > 11) {
    const decoded: Field[] = [];
    addDecoded(decoded, field, vocabulary);
    // The first decoding that holds messages; what it decodes to in turn, and the parts of it, hold the same ones.
    const message = decoded.findIndex((one) => segments !== undefined && addMessages(fields, one, segments) !== one);
    for (const [index, one] of decoded.entries()) if (index !== message) fields.push(one);
  }
  if (value.length <= TEXT_CHARS && !TEXT.test(value)) return;
  // A sentence that begins like an assignment.
  const text = assigned !== null && /\s/.test(value) ? own : field;
  for (const inner of textFields(text.value, text, vocabulary)) fields.push(inner);
}

/** Adds the messages in a text; returns it as part of the first one's record. */
function addMessages(fields: Field[], text: Field, segments: EmbeddedSegments): Field {
  const messages = segments.read(text.value, text);
  for (const message of messages) fields.push(message);
  return messages[0] === undefined ? text : { ...text, record: messages[0].record };
}

function assignedField(leaf: Field, key: string): Field {
  const shift = leaf.span === 'fixed' ? 0 : key.length + 1;
  const { offset, column, value, labels } = leaf;
  const place = { offset: offset + shift, column: column + shift };
  return { ...leaf, ...place, value: value.slice(key.length + 1), labels: [key, ...labels] };
}
