import type { ByteClass } from './byte-class.ts';

/** Bytes of a match that are looked at. Fewer let more candidates through, more make the table of states large. */
export const BEGINNING_BYTES = 10;
/** Beginnings of one pattern. A pattern of more alternatives is followed no further than where they part. */
const MAX_BEGINNINGS = 512;

/** With which bytes a match of a pattern begins. */
interface Beginning {
  readonly classes: readonly ByteClass[];
  /** What follows in the pattern follows these bytes. False where they are cut off: then anything may follow. */
  readonly open: boolean;
}

export type Beginnings = readonly Beginning[];

/** The empty text alone, which a boundary matches. */
export const EMPTY: Beginnings = [{ classes: [], open: true }];
/** A pattern of which nothing is known from here on. */
export const UNKNOWN: Beginnings = [{ classes: [], open: false }];

export function oneByte(byteClass: ByteClass): Beginnings {
  return [{ classes: [byteClass], open: true }];
}

function optional(beginnings: Beginnings): Beginnings {
  return [...EMPTY, ...beginnings];
}

/** One after the other. */
export function inOrder(first: Beginnings, second: Beginnings): Beginnings {
  const both: Beginning[] = [];
  for (const start of first) {
    if (!start.open) both.push(start);
    else for (const next of second) both.push(joined(start, next));
  }
  return both.length <= MAX_BEGINNINGS ? both : first.map(({ classes }) => ({ classes, open: false }));
}

function joined(start: Beginning, next: Beginning): Beginning {
  const classes = [...start.classes, ...next.classes];
  if (classes.length < BEGINNING_BYTES) return { classes, open: next.open };
  return { classes: classes.slice(0, BEGINNING_BYTES), open: false };
}

/** A pattern repeated; `most` may be Infinity. */
export function repeated(beginnings: Beginnings, least: number, most: number): Beginnings {
  let all = EMPTY;
  for (let count = 0; count < Math.min(most, BEGINNING_BYTES); count++) {
    all = inOrder(all, count < least ? beginnings : optional(beginnings));
  }
  return all;
}
