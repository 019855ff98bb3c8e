import type { HintSearch } from '../detect/hint-search.ts';
import type { Field } from '../detect/field.ts';
import { joinPointers } from '../detect/pointer.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { OnUnread, Reader } from '../read/reader.ts';

export interface EmbeddedParts {
  readonly automaton: HintSearch;
  readonly labels: Vocabulary;
  readonly readers: readonly Reader[];
  readonly onUnread?: OnUnread;
}

/** A CSV file in JSON in base64 is 2. */
const DEPTH = 2;
/** Shorter texts are values. */
const DOCUMENT_CHARS = 24;
/** Record numbers of an embedded document are parts of the record that it stands in. */
const RECORDS = 65_536;

/**
 * The fields, and those of whole documents inside their values: a CSV file in base64, a message in a JSON string. A value
 * that a reader takes is not read as text, too.
 */
export function* withEmbedded(fields: Iterable<Field>, parts: EmbeddedParts, depth: number = DEPTH): Iterable<Field> {
  /** Offset of a value that was read as a document. */
  let taken = -1;
  for (const field of fields) {
    if (field.offset === taken && field.span === 'fixed') continue;
    const inside = depth > 0 && isDocument(field) ? [...documentFields(field, parts, depth)] : [];
    if (inside.length === 0 || field.span !== 'fixed') yield field;
    if (inside.length > 0 && field.span === 'fixed') taken = field.offset;
    yield* inside;
  }
}

function isDocument({ value }: Field): boolean {
  return value.length >= DOCUMENT_CHARS && /[\r\n]|^\s*[[{<]/.test(value);
}

function* documentFields(base: Field, parts: EmbeddedParts, depth: number): Iterable<Field> {
  const bytes = Buffer.from(base.value);
  if (!parts.automaton.test(bytes)) return;
  const head = { path: '', bytes, whole: true };
  const reading = parts.readers.find((reader) => reader.recognizes(head))?.open(head, parts.labels, parts.onUnread);
  if (reading === undefined) return;
  for (const fields of [reading.write(bytes), reading.end()]) {
    for (const inner of withEmbedded(fields, parts, depth - 1)) yield placed(inner, base);
  }
}

/** Where the value stands that the document is in. */
function placed(inner: Field, base: Field): Field {
  const { columnIndex, ...rest } = inner;
  const { offset, line, column } = base;
  const pointer = joinPointers(base.pointer, inner.pointer);
  const labels = base.labels.length === 0 ? inner.labels : [...inner.labels, ...base.labels];
  const record = base.record + (inner.record % RECORDS) / RECORDS;
  return {
    ...rest,
    labels,
    record,
    offset,
    line,
    column,
    span: 'fixed',
    ...(pointer === undefined ? {} : { pointer }),
  };
}
