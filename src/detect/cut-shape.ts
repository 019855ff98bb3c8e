/** What a text that was cut may still hold of a shape: everything that a match can begin with. */

interface Part {
  /** As it was. */
  readonly whole: string;
  /** What there is of it when the text ends inside of it, or right before it. */
  readonly begun: string;
}

/** Source that cannot be taken apart is left as it is. */
class NotUnderstood extends Error {}

/**
 * RE2 source of all beginnings of a shape, the empty one included: `[0-9]{3}-[0-9]{2}` gives a source for ``, `5`, `522-4`.
 * Undefined where the source is not understood; sources of detectors are, and those of configurations mostly.
 */
export function cutShape(source: string): string | undefined {
  const reading = new ShapeReading(source);
  try {
    const { begun } = reading.alternatives();
    return reading.isAtEnd ? begun : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

/** Groups that do not capture, RE2's syntax page: `(?:…)`, `(?i:…)`, `(?i-s:…)`. */
const GROUP = /\(\?[a-zA-Z]{0,4}(?:-[a-zA-Z]{1,4})?:/y;
const CLASS = /\[\^?\]?(?:\[:\^?[a-z]+:\]|\\[xpP]\{[^}]*\}|\\.|[^\]\\])*\]/suy;
const ESCAPE = /\\(?:[xpP]\{[^}]*\}|x[0-9A-Fa-f]{2}|.)/suy;
const QUANTIFIER = /(?:[*+?]|\{(\d{1,4})(,?)(\d{0,4})\})\??/y;
const LITERAL = /[^\\()[\]|*+?]/suy;

class ShapeReading {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#source.length;
  }

  alternatives(): Part {
    const begun: string[] = [];
    const start = this.#at;
    do begun.push(this.#sequence());
    while (this.#take(/\|/y) !== undefined);
    return { whole: this.#source.slice(start, this.#at), begun: begun.join('|') };
  }

  /** Nested, so that its size grows with the shape's and not with the square of it. */
  #sequence(): string {
    const parts: Part[] = [];
    for (let part = this.#element(); part !== undefined; part = this.#element()) parts.push(part);
    return parts.reduceRight((rest, { whole, begun }) => `(?:${begun}|${whole}${rest})`, '');
  }

  #element(): Part | undefined {
    const atom = this.#atom();
    if (atom === undefined) return undefined;
    const quantifier = this.#take(QUANTIFIER);
    if (quantifier === undefined) return atom;
    const { whole, begun } = atom;
    const most = mostOf(quantifier);
    const before = most === undefined ? `(?:${whole})*` : most > 1 ? `(?:${whole}){0,${most - 1}}` : '';
    return { whole: whole + quantifier[0], begun: `${before}(?:${begun})` };
  }

  #atom(): Part | undefined {
    const opened = this.#take(GROUP)?.[0];
    if (opened !== undefined) {
      const { whole, begun } = this.alternatives();
      if (this.#take(/\)/y) === undefined) throw new NotUnderstood();
      return { whole: `${opened}${whole})`, begun: `${opened}${begun})` };
    }
    const whole = (this.#take(CLASS) ?? this.#take(ESCAPE) ?? this.#take(LITERAL))?.[0];
    if (whole !== undefined) return { whole, begun: '' };
    if (/^[)|]?$/.test(this.#source.charAt(this.#at))) return undefined;
    throw new NotUnderstood();
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}

/** Undefined without a bound. */
function mostOf([quantifier, least = '', comma, most = '']: RegExpExecArray): number | undefined {
  if (quantifier.startsWith('?')) return 1;
  if (quantifier.startsWith('*') || quantifier.startsWith('+')) return undefined;
  if (comma === '') return Number(least);
  return most === '' ? undefined : Number(most);
}
