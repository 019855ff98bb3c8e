import type { Vocabulary } from '../detect/vocabulary.ts';
import { identifierLabel } from './hl7/identifier-types.ts';

/** `id_type` beside `id_value`, `id` or `id_number`. */
const TYPES = /^(.*?)(?:type|system|kind|qualifier|scheme)$/;
const OF_TYPES = ['', 'value', 'val', 'number', 'num', 'no', 'nbr', 'identifier', 'id', 'text'];
/** `key` beside `value`, `attribute_name` beside `attribute_value`. */
const KEYS = /^(.*?)(?:key|name|attribute|field|parameter|label|code)$/;
const OF_KEYS = ['value', 'val', 'text'];
/** Longest text that says what the value beside it means, and texts that are remembered. */
const TYPE_CHARS = 64;
const KNOWN = 1000;
const HL7_TYPE = /^[A-Z]{2,5}$/;

/** Columns whose cells say what the cells of another mean, row by row: an alias or a key beside its value. */
export class PairedColumns {
  /** By column of the values: that of their types. */
  readonly #pairs = new Map<number, number>();
  readonly #known = new Map<string, readonly string[]>();
  readonly #vocabulary: Vocabulary;

  constructor(names: readonly string[], vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    const columns = names.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
    for (const [index, column] of columns.entries()) {
      for (const [kinds, values] of [[TYPES, OF_TYPES] as const, [KEYS, OF_KEYS] as const]) {
        const stem = kinds.exec(column)?.[1];
        if (stem === undefined) continue;
        const value = columns.findIndex((other) => other !== '' && values.some((end) => other === stem + end));
        if (value >= 0 && value !== index && !this.#pairs.has(value)) this.#pairs.set(value, index);
      }
    }
  }

  /** The column whose cell says what the value in this column means. */
  typeOf(column: number): number | undefined {
    return this.#pairs.get(column);
  }

  /** What a type means, when it holds words of the vocabulary or is one of HL7 table 0203. */
  labelsOf(type: string): readonly string[] {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    // As a whole, for what silences a label: `mrn_format`.
    const isKnown = type.length <= TYPE_CHARS && this.#vocabulary.find(type).length > 0;
    const label = isKnown ? type : HL7_TYPE.test(type) ? identifierLabel('', type, '', '') : undefined;
    const labels = label === undefined || label === '' ? [] : [label];
    if (this.#known.size < KNOWN) this.#known.set(type, labels);
    return labels;
  }
}
