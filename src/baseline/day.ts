/** Days in UTC, as ISO 8601 writes them: `2027-01-31`. They compare as texts. */

export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** False for 30 February, which Date takes for 2 March. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(new Date(time)) === text;
}

/** Whole days from one to the other; negative where it has passed. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
