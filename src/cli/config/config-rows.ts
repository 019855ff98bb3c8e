/** The effective settings, one row for each value. */
import { limitRows } from '../../config/limit-keys.ts';
import { DEFAULT_ORIGIN, type Origin, type Settings } from '../../config/settings.ts';
import { amountWords } from '../../config/amounts.ts';

export interface ConfigRow {
  /** As in phiscan.yaml, with the keys above it: `limits.nested-depth`; an element of a list has its key and its index, from 0. */
  readonly key: string;
  /** Masked. */
  readonly value: string | number | boolean | null;
  /** For people: `4GiB`. */
  readonly words: string;
  readonly origin: Origin;
}

/** `mask`: makes a text fit to be printed. */
export function configRows(settings: Settings, mask: (text: string) => string): readonly ConfigRow[] {
  const { origins, customDetectors, severities, exclude, accept, limits, platforms, outputs, baseline } = settings;
  const row = (key: string, value: string | number | boolean | null, words?: string): ConfigRow => {
    const origin = mask(origins.get(key) ?? DEFAULT_ORIGIN);
    const masked = typeof value === 'string' ? mask(value) : value;
    return { key, value: masked, words: words ?? (masked === null || masked === '' ? 'none' : String(masked)), origin };
  };
  const listed = <Element>(
    key: string,
    elements: readonly Element[],
    words: (element: Element) => string,
  ): ConfigRow[] =>
    elements.length === 0 ? [row(key, null)] : elements.map((element, index) => row(`${key}.${index}`, words(element)));
  const severityRows = Object.entries(severities).map(([of, severity]) => row(`severities.${of}`, severity));
  const limitValues = limitRows.map(({ name, key, kind }) =>
    row(`limits.${key}`, limits[name], amountWords(limits[name], kind)),
  );
  return [
    row('fail-on', settings.failOn),
    row('min-confidence', settings.minConfidence),
    row('allow-incomplete', settings.allowIncomplete),
    ...(severityRows.length === 0 ? [row('severities', null)] : severityRows),
    ...listed('paths.exclude', exclude, (pattern) => pattern),
    ...listed('paths.accept', accept, ({ path, reason }) => `${path} (${reason})`),
    ...limitValues,
    row('platforms', platforms.length === 0 ? null : platforms.join(', '), platforms.length === 0 ? 'all' : undefined),
    ...listed('outputs', outputs, ({ format, file }) => `${format} ${file}`),
    row('baseline', baseline ?? null),
    ...listed('detectors', customDetectors, ({ id }) => id),
  ];
}
