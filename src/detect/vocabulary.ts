/** Where the words of all detectors' labels stand in a text. Made by detect/labels.ts; readers know no detector. */
export interface Vocabulary {
  /** All label occurrences in one line of text, left to right, the longest at each place, none overlapping. */
  readonly find: (line: string) => readonly LabelSpan[];
}

export interface LabelSpan {
  /** Character indexes in the line. */
  readonly start: number;
  readonly end: number;
}
