/** What the values of a column have in common, whatever any detector says of them. All pure. */

/** Fewer values have nothing in common but chance. */
export const FEW_VALUES = 8;

/** Seconds from November 2004 to December 2034: record numbers that begin with `100` are not among them. */
const EPOCH_SECONDS: readonly [number, number] = [1_100_000_000, 2_050_000_000];
/** Keys of a database leave gaps where rows were deleted; numbers that are drawn at random lie millions apart. */
const KEY_STEP = 4;

/** Values without repeats, as a share of all. */
export function distinctRatio(values: readonly string[]): number {
  return values.length === 0 ? 0 : new Set(values).size / values.length;
}

/** The length that all values have. */
export function fixedWidth(values: readonly string[]): number | undefined {
  const width = values[0]?.length;
  return values.every(({ length }) => length === width) ? width : undefined;
}

/** Whole numbers, also with dashes in them, that rise or fall from each value to the next by a few. */
export function countsUp(values: readonly string[]): boolean {
  if (values.length < FEW_VALUES) return false;
  const numbers = values.map((value) =>
    /^\d[\d-]{0,18}$/.test(value) ? Number(value.replaceAll('-', '')) : Number.NaN,
  );
  const first = numbers[0] ?? 0;
  const last = numbers.at(-1) ?? 0;
  if (!(Math.abs(last - first) <= KEY_STEP * values.length)) return false;
  const direction = Math.sign(last - first);
  return (
    direction !== 0 &&
    numbers.every((number, index) => index === 0 || Math.sign(number - (numbers[index - 1] ?? 0)) === direction)
  );
}

/** Seconds since 1970, or milliseconds, of the years in which software runs. */
export function areEpochTimes(values: readonly string[]): boolean {
  if (values.length < FEW_VALUES) return false;
  return values.every((value) => {
    const digits = /^(\d{10})(?:\d{3})?$/.exec(value)?.[1];
    return digits !== undefined && Number(digits) >= EPOCH_SECONDS[0] && Number(digits) < EPOCH_SECONDS[1];
  });
}

/**
 * Log-likelihood ratio of seeing `passed` of `all` values pass, when each passes with the probability `real` if the column
 * is what is asked, and with `chance` if it is not.
 */
export function passRate(passed: number, all: number, real: number, chance: number): number {
  return passed * Math.log(real / chance) + (all - passed) * Math.log((1 - real) / (1 - chance));
}
