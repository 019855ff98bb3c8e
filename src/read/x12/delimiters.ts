/** X12.6, 3.5: the characters that end elements, components and segments. */
export interface Delimiters {
  readonly element: string;
  readonly component: string;
  readonly segment: string;
}

/** A punctuation mark or one of the control characters that take its place. */
const MARK = /^[!-/:-@[-`{-~\x1c-\x1f\x85]$/;
/** ISA with its sixteen elements is 106 characters long; hand-made ones are shorter or a little longer. */
const HEADER_CHARS = 160;
const ELEMENTS = 16;
/** Places of the element separator in an ISA of the right length. */
const FIXED_LENGTH = 106;

/** The delimiters that the interchange header at `at` declares; undefined where none begins. */
export function delimitersAt(text: string, at: number): Delimiters | undefined {
  if (!text.startsWith('ISA', at)) return undefined;
  const element = text.charAt(at + 3);
  if (!MARK.test(element) || text.charAt(at + 6) !== element) return undefined;
  let last = at + 3;
  for (let count = 1; count < ELEMENTS; count++) {
    last = text.indexOf(element, last + 1);
    if (last < 0 || last > at + HEADER_CHARS) return undefined;
  }
  const component = text.charAt(last + 1);
  const segment = text.charAt(last + 2);
  if (!MARK.test(component)) return undefined;
  if (segment === '\r' || segment === '\n') return { element, component, segment: '\n' };
  return MARK.test(segment) && last + 3 <= at + HEADER_CHARS + FIXED_LENGTH
    ? { element, component, segment }
    : undefined;
}

/** A group or transaction set without its interchange header: `GS*HC*`, `ST*837*`. */
const GROUP = /^(?:GS([*|^!#+@>~])H[A-Z]\1|GS([*|^!#+@>~])BE\2|ST([*|^!#+@>~])(?:27[015678]|83[457])\3)/;
/** What stands before a segment that each of them has near its beginning. */
const NEXT = /([^A-Za-z0-9\s]?)[\r\n]{0,2}(?:ST|BHT|BGN|BPR|HL|NM1|N1)(?=[*|^!#+@>~])/g;
const NEXT_CHARS = 400;

/** The delimiters of a group or set at `at`, as far as the text shows them. */
export function groupDelimitersAt(text: string, at: number): Delimiters | undefined {
  const group = GROUP.exec(text.slice(at, at + 8));
  if (group === null) return undefined;
  const element = group[1] ?? group[2] ?? group[3] ?? '*';
  for (const next of text.slice(at + 2, at + NEXT_CHARS).matchAll(NEXT)) {
    if (next.index === 0) continue;
    const mark = next[1] ?? '';
    if (mark === element) continue;
    return { element, component: ':', segment: mark === '' ? '\n' : mark };
  }
  return undefined;
}
