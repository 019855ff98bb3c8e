import type { Report } from '../finding.ts';
import { renderJson } from './json.ts';
import { renderSweepTable } from './sweep-table.ts';
import { renderTable, type TableOptions } from './table.ts';

export type Format = 'table' | 'json';

/** Every report format, one line each. */
const formats: Readonly<Record<Format, (report: Report, options: TableOptions) => string>> = {
  table: (report, options) =>
    report.sweep === undefined ? renderTable(report, options) : renderSweepTable(report, report.sweep, options),
  json: renderJson,
};

export const FORMATS: readonly Format[] = Object.keys(formats) as Format[];

export function render(report: Report, format: Format, options: TableOptions): string {
  return formats[format](report, options);
}
