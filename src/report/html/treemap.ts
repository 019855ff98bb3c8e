import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

export interface Weighted<Of> {
  readonly of: Of;
  /** Of a part without parts: its area. */
  readonly weight: number;
  readonly parts: readonly Weighted<Of>[];
}

/** In percent of the whole, from its upper left corner. */
export interface Box<Of> {
  readonly of: Of;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Boxes of all parts that have none inside, with areas as their weights (Bruls, Huizing, van Wijk: Squarified Treemaps). */
export function treemapBoxes<Of>(whole: Weighted<Of>, aspectRatio: number): readonly Box<Of>[] {
  const root = hierarchy(whole, ({ parts }) => parts)
    .sum(({ weight, parts }) => (parts.length === 0 ? weight : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const size = { width: 100 * aspectRatio, height: 100 };
  const placed = treemap<Weighted<Of>>().tile(treemapSquarify).size([size.width, size.height])(root);
  return placed
    .leaves()
    .filter(({ value }) => value !== undefined && value > 0)
    .map(({ data, x0, x1, y0, y1 }) => ({
      of: data.of,
      left: (x0 / size.width) * 100,
      top: y0,
      width: ((x1 - x0) / size.width) * 100,
      height: y1 - y0,
    }));
}
