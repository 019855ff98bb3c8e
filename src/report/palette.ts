/** Colours by meaning, so that a report format knows no terminal. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly alarm: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly good: (text: string) => string;
  readonly path: (text: string) => string;
}

function same(text: string): string {
  return text;
}

/** For files, pipes and golden tests. */
export const noColors: Palette = { bold: same, dim: same, alarm: same, warning: same, good: same, path: same };
