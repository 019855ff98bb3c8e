/** What `phiscan config show` prints. */
import { basename } from 'node:path';
import type { Palette } from '../../report/palette.ts';
import { columnsOf, cutMiddle, padded, printableJson, wrapped } from '../../report/printable.ts';
import type { ConfigRow } from './config-rows.ts';

const KEY_COLUMNS = 26;
const ORIGIN_COLUMNS = 28;
const GAP = 2;

/** `file`: the configuration that was read, masked. Ends in a newline. */
export function renderConfigTable(
  file: string | undefined,
  rows: readonly ConfigRow[],
  { width, palette }: { readonly width: number; readonly palette: Palette },
): string {
  const told = rows.map((row) => ({
    ...row,
    shortKey: row.key.replace(/\.\d+$/, ''),
    shortOrigin: shortOf(row.origin),
  }));
  const widest = (texts: readonly string[], most: number): number => Math.min(most, Math.max(...texts.map(columnsOf)));
  const keyColumns =
    widest(
      told.map(({ shortKey }) => shortKey),
      KEY_COLUMNS,
    ) + GAP;
  const originColumns = widest(
    told.map(({ shortOrigin }) => shortOrigin),
    ORIGIN_COLUMNS,
  );
  const valueColumns = width - keyColumns - originColumns - GAP;
  const lines = [file === undefined ? 'no phiscan.yaml here: phiscan init writes one' : `read from ${file}`, ''];
  for (const { shortKey, words, shortOrigin, origin } of told) {
    const parts = wrapped(words, valueColumns);
    for (const [index, part] of parts.entries()) {
      const key = index === 0 ? cutMiddle(shortKey, KEY_COLUMNS) : '';
      const from = index === 0 ? cutMiddle(shortOrigin, ORIGIN_COLUMNS) : '';
      const shownFrom = origin === 'default' ? palette.dim(from) : from;
      const value = padded(cutMiddle(part, valueColumns), valueColumns + GAP);
      lines.push(`${padded(key, keyColumns)}${value}${shownFrom}`.trimEnd());
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The header tells the folder. */
function shortOf(origin: string): string {
  return /:\d+$/.test(origin) ? basename(origin) : origin;
}

/** Ends in a newline. */
export function renderConfigJson(file: string | undefined, rows: readonly ConfigRow[]): string {
  const settings = rows.map(({ key, value, origin }) => ({ key, value, origin }));
  return `${printableJson(JSON.stringify({ schemaVersion: 1, file: file ?? null, settings }, undefined, 2))}\n`;
}
