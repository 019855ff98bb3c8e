/** Paths in an image or a folder by a pattern, in time that grows with the path alone: names in an image may be chosen by anybody. */
import { Shape, shapeFault } from '../detect/automaton.ts';

/** Between the parts of a path: folders, and `!` before what is in an archive. */
const PART = '[^/!]';

/**
 * Whether a glob matches a path as a report shows it, or a folder or archive that it is in. `*` and `?` stay in one part of the
 * path, `**` goes over several, `[abc]` and `{a,b}` are choices, a backslash takes a character as it is. A glob without a slash
 * or `!` matches at any depth; others begin at the first folder. Undefined when it is no glob.
 */
export function globMatcher(glob: string): ((path: string) => boolean) | undefined {
  const source = globSource(glob);
  if (source === undefined || shapeFault(source) !== undefined) return undefined;
  const shape = new Shape(source);
  return (path) => shape.test(path.replace(/^(?:\.?\/)+/, ''));
}

function globSource(glob: string): string | undefined {
  const rooted = /^(?:\.?\/)+/.test(glob);
  const text = glob.replace(/^(?:\.?\/)+/, '').replace(/(?<!\\)\/+$/, '');
  if (text === '') return undefined;
  // Whatever matches a folder is all that is in it.
  const reading = new GlobReading(text.replace(/(?:\/\*\*)+$/, ''));
  const source = reading.alternatives('');
  if (source === undefined) return undefined;
  const anywhere = rooted || /[/!]/.test(text) ? '' : '(?:.*[/!])?';
  return `(?s:${anywhere}(?:${source})(?:[/!].*)?)`;
}

/** One pass over a glob, to RE2 source. */
class GlobReading {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to `end`, which is taken; undefined when it does not come. Empty: the end of the glob. */
  alternatives(end: '' | '}'): string | undefined {
    let source = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) return end === '' ? source : undefined;
      this.#at += 1;
      if (character === end) return source;
      const part = character === ',' && end !== '' ? '|' : this.#part(character);
      if (part === undefined) return undefined;
      source += part;
    }
  }

  #part(character: string): string | undefined {
    switch (character) {
      case '*':
        return this.#stars();
      case '?':
        return PART;
      case '[':
        return this.#choice();
      case '{': {
        const inside = this.alternatives('}');
        return inside === undefined ? undefined : `(?:${inside})`;
      }
      case '\\': {
        const next = this.#text[this.#at];
        this.#at += 1;
        return next === undefined ? undefined : escaped(next);
      }
      default:
        return escaped(character);
    }
  }

  /** `**` as a whole part, with the slash behind it, is any number of folders, none too. Elsewhere it is `*`. */
  #stars(): string {
    const begins = this.#at === 1 || /[/!{,]/.test(this.#text[this.#at - 2] ?? '');
    let stars = 1;
    while (this.#text[this.#at] === '*') {
      stars += 1;
      this.#at += 1;
    }
    const next = this.#text[this.#at];
    if (stars < 2 || !begins || (next !== undefined && !'/!,}'.includes(next))) return `${PART}*`;
    if (next !== '/') return '.*';
    this.#at += 1;
    return '(?:.*[/!])?';
  }

  #choice(): string | undefined {
    const rest = /^([!^]?)(\]?[^\]]*)\]/.exec(this.#text.slice(this.#at));
    if (rest === null) return undefined;
    const [whole, not = '', characters = ''] = rest;
    if (characters === '') return undefined;
    this.#at += whole.length;
    const listed = characters.replace(/[\\[\]^&~]/g, '\\$&');
    return not === '' ? `[${listed}]` : `[^/!${listed}]`;
  }
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
