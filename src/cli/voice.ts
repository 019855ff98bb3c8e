/** What is said on standard error beside errors. */
import { byteSize } from '../report/units.ts';
import { follow } from '../trace.ts';
import { echo, type Mask } from './echo.ts';
import type { Writable } from 'node:stream';

/** `quiet`: errors alone. `verbose`: what was chosen, what was read and what was asked again, too. */
export type Loudness = 'quiet' | 'normal' | 'verbose';

/** One line at a time. Each command has one, as loud as its options say. */
export class Voice {
  readonly #stderr: Writable;
  #loudness: Loudness = 'normal';
  #mask: Mask | undefined;
  readonly #unfollow: (() => void)[] = [];

  constructor(stderr: Writable) {
    this.#stderr = stderr;
  }

  get loudness(): Loudness {
    return this.#loudness;
  }

  hush(): void {
    this.#loudness = 'quiet';
  }

  /** From here on details are told, their values masked. */
  tellAll(mask: Mask): void {
    this.#loudness = 'verbose';
    this.#mask = mask;
    this.#unfollow.push(
      follow('layer', ({ name, digest, bytes, milliseconds, remembered }) => {
        const what = digest === '' ? name : digest;
        const how = remembered ? 'remembered' : 'read';
        this.detail(`${what}: ${byteSize(bytes)}, ${how} in ${Math.round(milliseconds)} ms`);
      }),
      follow('retry', ({ call, attempt, why }) => {
        this.detail(`${call}: attempt ${attempt}${why === '' ? '' : ` after ${why}`}`);
      }),
    );
  }

  /** What a person should know, masked by the caller: a warning, where the report is. */
  note(text: string): void {
    if (this.#loudness !== 'quiet') this.#stderr.write(`phiscan: ${text}\n`);
  }

  /** The same, behind a line that is being drawn, or an echoed ^C. */
  interrupt(text: string): void {
    if (this.#loudness === 'quiet') return;
    this.#stderr.write('\n');
    this.note(text);
  }

  /** With `--verbose` only. */
  detail(text: string): void {
    if (this.#mask !== undefined) this.#stderr.write(`phiscan: ${echo(text, this.#mask)}\n`);
  }

  close(): void {
    for (const unfollow of this.#unfollow.splice(0)) unfollow();
  }
}
