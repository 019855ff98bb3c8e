/** A run of text in other bytes. */
export interface TextRun {
  readonly start: number;
  readonly text: string;
  /** One character of it is not one byte. */
  readonly isWide: boolean;
}

const LETTER = '(?:[\\t\\x20-\\x7e]|[\\xc2-\\xdf][\\x80-\\xbf]|[\\xe0-\\xef][\\x80-\\xbf]{2})';
/** Shorter runs say nothing; longer ones come in parts. */
const RUN = new RegExp(`${LETTER}{6,4096}`, 'g');
const WIDE_RUN = /(?:[\x20-\x7e]\0){6,2048}|(?:\0[\x20-\x7e]){6,2048}/g;

/** The texts in bytes that have no structure (left). */
export function* textRuns(bytes: Buffer): Iterable<TextRun> {
  if (bytes.length < 6) return;
  const latin1 = bytes.toString('latin1');
  for (const found of latin1.matchAll(RUN)) yield { start: found.index, text: found[0], isWide: false };
  if (!latin1.includes('\0')) return;
  for (const found of latin1.matchAll(WIDE_RUN)) {
    yield { start: found.index, text: found[0].replaceAll('\0', ''), isWide: true };
  }
}
