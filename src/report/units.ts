/** Numbers as people read them, the same on every machine and in every locale. */

const thousands = /\B(?=(?:\d{3})+$)/g;

/** `12,345` */
export function grouped(count: number): string {
  return Math.trunc(count).toString().replace(thousands, ',');
}

/** `1 value`, `40 values`, `1 entry`, `12,345 entries` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Decimal units, three significant digits: `512 bytes`, `1.84 GB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return counted(Math.max(0, bytes), 'byte');
  let size = bytes;
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    size /= 1000;
    // 999.5 would be rounded to 1000 of this unit: it is 1.00 of the next.
    if (size < 999.5) return `${size.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)} ${unit}`;
  }
  return `${grouped(size)} TB`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min` */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
