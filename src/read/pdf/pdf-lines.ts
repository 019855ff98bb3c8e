import type { PdfRun } from './pdf-document.ts';

/** Text that stands together on a line. */
export interface PdfCell {
  readonly x: number;
  readonly text: string;
}

/** The runs of a page as lines from above, each of cells from the left: what a reader sees, not the order of drawing. */
export function pdfLines(runs: readonly PdfRun[]): readonly (readonly PdfCell[])[] {
  const sorted = runs.filter(({ text }) => text.trim() !== '').sort((a, b) => b.y - a.y || a.x - b.x);
  const lines: PdfRun[][] = [];
  let base: PdfRun | undefined;
  for (const run of sorted) {
    if (base !== undefined && base.y - run.y <= Math.max(base.height, run.height, 4) / 2) {
      lines.at(-1)?.push(run);
    } else {
      lines.push([run]);
      base = run;
    }
  }
  return lines.map(cellsOf);
}

function cellsOf(line: readonly PdfRun[]): readonly PdfCell[] {
  const cells: { x: number; text: string }[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { text, x, width, height } of [...line].sort((a, b) => a.x - b.x)) {
    const gap = x - end;
    const last = cells.at(-1);
    if (last === undefined || gap > 1.5 * Math.max(height, 4)) cells.push({ x, text });
    // Half a blank: letters may be placed one by one.
    else last.text += gap > height / 8 && !/\s$/.test(last.text) ? ` ${text}` : text;
    end = x + width;
  }
  return cells;
}
