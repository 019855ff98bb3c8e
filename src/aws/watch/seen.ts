import { remoteLimits } from '../../remote-limits.ts';

/** Names that were met before, of which the oldest are forgotten first. */
export class Seen {
  readonly #names = new Set<string>();

  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(name: string): void {
    this.#names.delete(name);
    this.#names.add(name);
    for (const oldest of this.#names) {
      if (this.#names.size <= remoteLimits.rememberedEvents) return;
      this.#names.delete(oldest);
    }
  }
}
