/** Keys above a line that count as its labels. */
const PARENTS = 4;
/** Open keys that are remembered. */
const PARENT_DEPTH = 32;
/** Longest line that opens others, in characters. */
const OPENING_CHARS = 100;

/** A key on a line of its own, which lines further in belong to: `patient:`, `"address": {`, `<name>`, `[section]`. */
const OPENING =
  /^(\s*)(?:-\s+)?["'<]?([A-Za-z_][\w .-]{0,60}?)["']?\s{0,8}(?:[:=]\s{0,8}[>|&]?[-+]?\s{0,8}[[{(]?|>|\{)\s*$/;
const SECTION = /^\s*\[{1,2}([\w .":-]{1,60})\]{1,2}\s*$/;

interface Parent {
  readonly indent: number;
  readonly key: string;
}

/** The keys that a line of text is inside of, by indents and sections. */
export class KeysAbove {
  /** Outermost first. */
  #open: readonly Parent[] = [];
  /** Of what is open, nearest first: the same for all lines that stand side by side. */
  #keys: readonly string[] = NONE;

  /** What stood before has no bearing on what follows. */
  leave(): void {
    this.#replace([]);
  }

  /** Keys above the line, nearest first; those that the line is not inside of are left. */
  of(text: string): readonly string[] {
    if (this.#open.length === 0) return NONE;
    if (SECTION.test(text)) {
      this.#replace([]);
      return NONE;
    }
    const indent = /^\s*/.exec(text)?.[0].length ?? 0;
    // An element may stand at its key's own indent in YAML; a closing bracket belongs to what it closes.
    const inside = /^\s*(?:-\s|[\]})])/.test(text) ? indent + 1 : indent;
    if (this.#open.some((parent) => parent.indent >= inside)) {
      this.#replace(this.#open.filter((parent) => parent.indent < inside));
    }
    return this.#keys;
  }

  /** Remembers the key that the line opens, if it opens one. */
  add(text: string): void {
    const section = SECTION.exec(text)?.[1];
    const opening = section === undefined && text.length <= OPENING_CHARS ? OPENING.exec(text) : null;
    if (section !== undefined) this.#replace([{ indent: -1, key: section }]);
    else if (opening !== null && this.#open.length < PARENT_DEPTH)
      this.#replace([...this.#open, { indent: opening[1]?.length ?? 0, key: opening[2] ?? '' }]);
  }

  #replace(open: readonly Parent[]): void {
    this.#open = open;
    this.#keys = open
      .slice(-PARENTS)
      .map((parent) => parent.key)
      .reverse();
  }
}

const NONE: readonly string[] = [];

/** Whether the line is a key on a line of its own. */
export function isOpening(text: string): boolean {
  return OPENING.test(text);
}
