import type { SqlTokens } from './tokens.ts';

/** The table that a statement is about, and the columns that it lists. */
export class SqlTarget {
  /** Without the schema. */
  name = '';
  columns: string[] = [];
  /** The name goes on behind a dot. */
  #dotted = false;

  clear(): void {
    this.name = '';
    this.columns = [];
    this.#dotted = false;
  }

  /** Takes a name part by part, of which the last counts: `public.patients`. False for what is no part of it. */
  takesName({ word, mark }: SqlTokens): boolean {
    if (mark === '.') {
      this.#dotted = true;
      return true;
    }
    if (word === '' || (this.name !== '' && !this.#dotted)) return false;
    this.#dotted = word.endsWith('.');
    this.name = lastPart(this.#dotted ? word.slice(0, -1) : word);
    return true;
  }

  addColumn(word: string): void {
    this.columns.push(lastPart(word));
  }
}

export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).trim();
}
