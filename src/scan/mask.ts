import { Engine } from '../engine/engine.ts';

let engine: Engine | undefined;

/** Masks values in what is printed outside of reports: names on the command line, messages that repeat them. */
export function maskText(text: string): string {
  engine ??= new Engine();
  return engine.maskText(text);
}
