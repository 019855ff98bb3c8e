/** Values of the options of `phiscan sweep`. */
import { bytesOf } from '../../config/amounts.ts';
import { wrongValue } from './option-values.ts';

/** May be given several times. */
export function parseRepository(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[a-z0-9*?][a-z0-9*?._/-]{0,255}$/.test(text)) {
    throw wrongValue('--repository', 'the name of a repository, in which * stands for anything: team/*');
  }
  return [...before, text];
}

/** Host and port, as a reference has them. */
export function parseRegistryHost(text: string): string {
  if (!/^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:]{2,39}\])(?::\d{1,5})?$/i.test(text)) {
    throw wrongValue('HOST', 'the host of a registry, with its port: registry.example:5000');
  }
  return text;
}

export function parseBytes(text: string): number {
  const bytes = bytesOf(text);
  if (bytes !== undefined) return bytes;
  throw wrongValue('--max-bytes', 'a size, for example 500MB or 20GiB');
}

const DURATIONS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
/** A sweep that takes longer is a typing error. */
const LONGEST = 30 * 24 * 3_600_000;

/** Milliseconds since 1970: of a time from now (`90m`, `6h`), or of one that is written out. */
export function parseDeadline(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const now = Date.now();
  const deadline =
    amount === undefined ? (isTime ? Date.parse(text) : NaN) : now + Number(amount) * (DURATIONS[unit] ?? NaN);
  if (deadline > now && deadline <= now + LONGEST) return deadline;
  throw wrongValue('--deadline', 'a time to come: 90m, 6h, 2026-11-22T06:00:00Z');
}

/** Only standard input. */
export function parseEvents(text: string): '-' {
  if (text !== '-') throw wrongValue('--events', '- for JSON Lines on standard input');
  return text;
}

export function parseFile(option: string): (text: string) => string {
  return (text) => {
    if (text === '' || text === '-') throw wrongValue(option, 'the name of a file');
    return text;
  };
}
