/** Reads what may stand around a candidate in running text: RE2 has no lookaround. */

/** Words between a label and its value: `SSN is: …`, `MRN number …`. */
const FILLER =
  /^(?:[^A-Za-z0-9{<%$]|\b(?:is|was|are|be|no|nos|nr|num|nbr|number|numbers|id|ids|code|value|val|of|on|as|the|for|a|an|equals|eq|str|string|text|recorded|reported|listed|given|patient|pt)(?![A-Za-z0-9]))*$/i;
/** Long runs of hexadecimal or base64, in which any short shape turns up by chance. */
const LONG_RUN = /[A-Za-z0-9+/]{32,}/g;
/** A path has no piece this long; base64 has a slash in every 64 characters. */
const LONG_PIECE = 20;
/** Stands for a value that is not there. */
const PLACEHOLDER =
  /^(?:\{\{?.*\}?\}|\$\{?\w+.*|%\(?\w*\)?[sd]?%?|<[^>]*>|:[a-z_]\w*|\?+|null|nil|none|undefined|n\/?a|nan|unknown|unspecified|not available|tbd|todo|example|redacted|\[?redacted\]?|masked|true|false|x+|\*+|-+|#+|_+|\.+)$/i;

/** Whether the text between a label and a candidate leaves them together. */
export function isGap(text: string): boolean {
  return FILLER.test(text) && !/[;\r\n]/.test(text);
}

export function isPlaceholder(value: string): boolean {
  return value === '' || PLACEHOLDER.test(value) || /[xX*#]{3}|\{\{|\$\{/.test(value);
}

/** Whether the candidate ends and begins by itself, and is not cut out of a longer number, name or hash. */
export function standsAlone(text: string, start: number, end: number): boolean {
  return beginsAlone(text, start) && endsAlone(text, end);
}

function beginsAlone(text: string, start: number): boolean {
  const before = text[start - 1];
  if (before === undefined || !/[0-9A-Za-z_.+/\-\u2010-\u2015]/.test(before)) return true;
  if (before === '_') return !/[0-9]/.test(text[start - 2] ?? '');
  if (/[0-9A-Za-z]/.test(before)) return false;
  // 12.345, 0b52-123, 2024/05.
  return !/[0-9]/.test(text[start - 2] ?? '');
}

function endsAlone(text: string, end: number): boolean {
  const after = text[end];
  if (after === undefined || !/[0-9A-Za-z_.+/\-\u2010-\u2015]/.test(after)) return true;
  if (/[0-9A-Za-z_]/.test(after)) return false;
  const beyond = text[end + 1] ?? '';
  return after === '-' ? !/[0-9A-Za-z_-]/.test(beyond) : !/[0-9]/.test(beyond);
}

/** Character ranges of long hexadecimal or base64 runs. */
export function noiseRuns(text: string): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  if (text.length < 32) return runs;
  for (const found of text.matchAll(LONG_RUN)) {
    if (found[0].split('/').some((piece) => piece.length >= LONG_PIECE)) {
      runs.push([found.index, found.index + found[0].length]);
    }
  }
  return runs;
}
