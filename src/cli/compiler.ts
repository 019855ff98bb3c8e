import { setFlagsFromString } from 'node:v8';

/** Of the V8 that these were measured with, which is that of Node 20. A later one has other compilers and other flags, and prints
 * a line for each that it does not know. */
const MEASURED = /^11\./;

/**
 * V8 compiles what runs often once more, in threads of its own. By its defaults that was a quarter of the processor time of a
 * scan of a gigabyte, since each worker compiles for itself, and most of it serves for a moment. With these it compiles what
 * has run four times as long, and in smaller pieces; a scan of any length was as fast or faster.
 */
const FLAGS: readonly string[] = ['--interrupt-budget=400000', '--max-inlined-bytecode-size-cumulative=100'];

/** For the whole process, with its threads; before they start. */
export function spareTheCompiler(): void {
  if (MEASURED.test(process.versions.v8)) for (const flag of FLAGS) setFlagsFromString(flag);
}
