import type { Field } from '../detect/field.ts';

/**
 * A format that stands on a tree of keys or elements (FHIR, DICOM JSON): the reader of the tree tells it what comes, in
 * document order, and it makes the fields. Lists are not told: each object in one has the list's key as its name.
 */
export interface TreeReading {
  /** An object begins. `record`: the number that its values have where the format knows no better. */
  readonly open: (name: string, record: number) => void;
  /** A value of the open object, with the keys upwards as labels. A string longer than a line comes in runs, each a leaf. */
  readonly leaf: (name: string, leaf: Field, fields: Field[]) => void;
  /** The open object ends. */
  readonly close: (fields: Field[]) => void;
  /** Nothing follows, or what follows is no such tree any more. */
  readonly end: (fields: Field[]) => void;
}
