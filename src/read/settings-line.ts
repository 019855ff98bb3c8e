/** What a line of a settings file is. Indexes count characters in the line. */
export type SettingsLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'comment' }
  /** `keys`: of its name, nearest first. `isElement`: of a list, `[[patients]]`. */
  | { readonly kind: 'section'; readonly keys: readonly string[]; readonly isElement: boolean }
  | SettingsPair
  /** None of them. */
  | { readonly kind: 'other' };

export interface SettingsPair {
  readonly kind: 'pair';
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** What the value is, as far as its first line shows. */
  readonly value: 'scalar' | 'collection' | 'text';
  /** What closes a text or collection that does not end on this line. */
  readonly closing: string | undefined;
}

const COMMENT = /^\s*(?:[#;!]|\/\/)/;
const SECTION = /^\s*(\[{1,2})\s{0,8}([^[\]]{1,200})\]{1,2}\s*(?:[#;].*)?$/;
const PAIR = /^\s*(?:export\s{1,8}|set\s{1,8})?(["']?)([A-Za-z_][\w .\-[\]/]{0,120}?)\1\s{0,40}[=:]\s{0,40}/;
const TEXT_QUOTE = /^(?:"""|''')/;

export function settingsLine(line: string): SettingsLine {
  if (line.trim() === '') return { kind: 'blank' };
  if (COMMENT.test(line)) return { kind: 'comment' };
  const section = SECTION.exec(line);
  if (section !== null) {
    return { kind: 'section', keys: keysOf(section[2] ?? ''), isElement: section[1] === '[[' };
  }
  const pair = PAIR.exec(line);
  if (pair === null) return { kind: 'other' };
  return { kind: 'pair', key: pair[2] ?? '', ...valueOf(line, pair[0].length) };
}

/** The keys of a section's name, nearest first: `patient.home`, `remote "origin"`. */
function keysOf(name: string): readonly string[] {
  return name
    .split(/[."']/)
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .reverse();
}

function valueOf(line: string, start: number): Omit<SettingsPair, 'kind' | 'key'> {
  const text = line.slice(start);
  const quote = TEXT_QUOTE.exec(text)?.[0];
  if (quote !== undefined) {
    const closed = text.indexOf(quote, 3);
    const end = closed < 0 ? line.length : start + closed;
    return { start: start + 3, end, value: 'text', closing: closed < 0 ? quote : undefined };
  }
  const opened = text.charAt(0);
  if (opened === '[' || opened === '{') {
    const closing = opened === '[' ? ']' : '}';
    const isClosed = new RegExp(`\\${closing}\\s*(?:[#;].*)?$`).test(text);
    return { start, end: line.length, value: 'collection', closing: isClosed ? undefined : closing };
  }
  const closed = closingQuote(text);
  if (closed > 0) return { start: start + 1, end: start + closed, value: 'scalar', closing: undefined };
  const comment = text.search(/\s[#;]/);
  const { length } = (comment < 0 ? text : text.slice(0, comment)).trimEnd();
  return { start, end: start + length, value: 'scalar', closing: undefined };
}

/** Where the quote that a value begins with is closed; -1 where it is not, or there is none. */
function closingQuote(text: string): number {
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return -1;
  for (let end = text.indexOf(quote, 1); end > 0; end = text.indexOf(quote, end + 1)) {
    if (text.charAt(end - 1) !== '\\' || quote === "'") return end;
  }
  return -1;
}
