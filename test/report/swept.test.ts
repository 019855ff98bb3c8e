import { describe, expect, it } from 'vitest';
import { noColors } from '../../src/report/palette.ts';
import { columnsOf } from '../../src/report/printable.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderSweepTable } from '../../src/report/sweep-table.ts';
import type { TableOptions } from '../../src/report/table.ts';
import type { SweepSummary } from '../../src/finding.ts';
import { sweptReport } from '../support/html-reports.ts';

const options: TableOptions = { width: 80, palette: noColors, explain: false, failOn: 'medium' };
const report = sweptReport();
const sweep = report.sweep as SweepSummary;

describe('a finished sweep', () => {
  it('as a table', async () => {
    await expect(renderSweepTable(report, sweep, options)).toMatchFileSnapshot('golden/swept.txt');
  });

  it('as a table with evidence', async () => {
    const explained = renderSweepTable(report, sweep, { ...options, explain: true });
    await expect(explained).toMatchFileSnapshot('golden/swept.explain.txt');
  });

  it('as JSON', async () => {
    await expect(renderJson(report)).toMatchFileSnapshot('golden/swept.json');
  });

  it.each([60, 80, 120])('keeps to %i columns', (width) => {
    for (const line of renderSweepTable(report, sweep, { ...options, width }).split('\n')) {
      expect(columnsOf(line), line).toBeLessThanOrEqual(width);
    }
  });

  it('lists no more images than a person reads, and says how many more there are', () => {
    const [row] = sweep.rows.filter(({ outcome }) => outcome === 'findings');
    if (row === undefined) throw new Error('no row with findings');
    const rows = Array.from({ length: 80 }, (_, index) => ({
      ...row,
      tags: [`1.${index}`],
      digest: `sha256:${index}`,
    }));
    const text = renderSweepTable(report, { ...sweep, rows }, options);
    expect(text).toContain('and 30 further ones');
  });
});
