/** Sizes and times as people write them. */

const BINARY: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

const SIZES: Readonly<Record<string, number>> = { ...BINARY, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** Bytes of `500MB`, `20GiB`, `1000000`; undefined for other texts, and below one byte. */
export function bytesOf(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?)([kMGT]?i?B|KiB|)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(amount ?? NaN) * (SIZES[unit] ?? NaN));
  return Number.isSafeInteger(bytes) && bytes >= 1 ? bytes : undefined;
}

const TIMES: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `5m`, `1h`, `500ms`. */
export function millisecondsOf(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (TIMES[unit] ?? NaN);
}

/** The shortest text that phiscan.yaml takes for the amount. */
export function amountWords(amount: number, kind: 'number' | 'bytes' | 'time'): string {
  if (kind === 'number') return String(amount);
  const units = Object.entries(kind === 'bytes' ? BINARY : TIMES).sort(([, a], [, b]) => b - a);
  const [unit, size] = units.find(([, each]) => amount % each === 0) ?? ['', 1];
  return `${amount / size}${unit}`;
}
