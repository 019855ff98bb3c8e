// What the built-in detectors and readers become before the first search. The build puts it here; a run from the sources makes it.

/** `packedHints` (prepared-hints.ts). */
export const BUILT_IN_HINTS: string | undefined = undefined;
/** `packedLabels` (label-table.ts). */
export const BUILT_IN_LABELS: string | undefined = undefined;
/** `packedRules` (../engine/ruleset.ts). */
export const BUILT_IN_RULES: string | undefined = undefined;
