/** `packedHints` of the built-in detectors and readers. The build puts them here; a run from the sources makes its own. */
export const BUILT_IN_HINTS: string | undefined = undefined;
