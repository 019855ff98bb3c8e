import type { LabelSpan } from '../detect/vocabulary.ts';

/** A label and what follows it in one line of text; indexes count characters. */
export interface LabelledValue {
  /** The whole key that the vocabulary's words stand in, then labels before it that lead to the same value. */
  readonly labels: readonly string[];
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  /** Equal to `start` when nothing follows on the line. */
  readonly end: number;
  /** `key`: the value is delimited, all of it is the candidate. */
  readonly tie: 'key' | 'inline';
  /** A key of a record (`dob=`, `DOB 3/12`), not a word of a sentence: when it comes again, another record begins. */
  readonly names: boolean;
  /** Number of the row of a table that the value is of; values of another row are another record's. */
  readonly row?: number;
}

/** Characters of text after a label. */
const VALUE_CHARS = 160;
/** Characters of a quoted value: many labels inside long quotes must not cost more than their number. */
const QUOTED_CHARS = 512;
const KEY_CHARS = 64;

// All are sticky, and every repetition is bounded or disjoint from what follows: the time is linear in the line.
const KEY_WORD = /[A-Za-z_0-9.$-]/;
/** The rest of an identifier that is being assigned. Parts after `.` or `-` begin with a letter, lest a value is eaten. */
const ASSIGNED_REST =
  /(?:[A-Za-z_]|\d{1,2}(?!\d))*(?:[.-][A-Za-z_]\w{0,40}){0,6}(?=(?:\\{0,4}["'`]|\])?\s{0,8}(?::|=))/y;
/** `CM_PAT_ID_0192` is one word. */
const WORD_REST = /[A-Za-z_]*(?:(?:\d{1,2}|(?<=_)\d{1,4})(?![\d/.-]))?/y;
/** What is called is a function, and what stands behind it in a line of documentation, its result. */
const CALL = /(?:\w{0,40})\(\)/y;
/** Words behind a label that belong to it: `SSN (last 4)`, `phone regex`, `MRN #`. A closed list: no name may become a label. */
const LABEL_TAIL =
  /(?:\s?\((?:last|first|masked|hashed|format|optional|required|if|primary|home|work|cell)[\w .\/#-]{0,16}\)|\s?#|\s(?:last|four|4|digits?|hash|mask|format|regex|pattern|template|number|nbr|num|no|code|type)\b\.?){1,4}/iy;
/** The first two are how a shell says a quote inside of quotes. */
const QUOTE = /'"'"'|'\\{1,4}''|\\{0,4}["'`]|&quot;|&#3[49];/y;
/** `=3D` is quoted-printable's way to write `=`. */
const ASSIGNMENT =
  /(?:\\{0,4}["'`]|&quot;|&#3[49];)?[\])]?\s{0,40}(?:=>|->|:{1,2}=?|={1,3}(?:3[AD](?=["'\w]))?|%3[aAdD])\s*/y;
/** A setter, a builder, a block of a factory: `setSsn("…")`, `.ssn("…")`, `ssn { "…" }`. */
const GIVEN = /(?:\(|\s?\{)\s{0,4}(?=["'`]|(?:new\s)?[A-Za-z_][\w.:]{0,48}\(\s?["'`\d])/y;
/** What makes a date of the text that it is given. */
const DATE_CALL = /(?:new\s{1,4})?[\w.:]{0,24}(?:[Dd]ate|[Tt]ime|[Pp]arse|moment)[\w.:]{0,24}\(\s{0,4}(?=["'`])/y;
/** The second half of `"name": "ssn", "value": "..."`; a quote or a comma stands between. */
const PAIRED = /(?:\\{0,4}["']\s{0,8},?|,)\s{0,8}(?:\\{0,4}["'])?[vV]alue\\{0,4}["']?\s{0,8}[:=]\s{0,8}/y;
const TAGS = /\s{0,40}(?:<[^<>]{0,120}>\s{0,40}){1,4}/y;
const TAG_VALUE = /[^<>]{0,80}?\s(?:value|extension)\s{0,4}=\s{0,4}(?=["'])/y;
/** Also the lengths and tags that binaries have between a name and its value. */

const LOOSE = /[\s\x00-\x1f:=#|>"'`*)\].]*/y;
const QUERY_VALUE = /[^&\s"'<>#\\]{0,512}/y;
/** Where an unquoted value ends before its 160 characters do. */
const VALUE_STOP =
  /[;|\t<>{}\r\n]|&[\w.]|["'`]\s{0,4}[,)\]]|,\s{0,4}["']?[A-Za-z][\w.$-]{0,63}["']?\s{0,4}[=:]|\s(?:--?[A-Za-z]|[A-Za-z][\w.$-]{0,63}=)/;
const INLINE_STOP = /[;|\t<>{}\r\n]|&[\w.]/;
const TRAILING = /(?:[\s,.;:"'`\])}\\&?(-]|\*\/)+$/;
const BETWEEN_LABELS = /^[A-Za-z\s()'’/&,-]{0,20}$/;
const PHRASE_GAP = /^(?: {1,2}|['’]s )$/;

interface Key {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const NOTHING: readonly LabelledValue[] = [];

/** The value of a cell: its labels stand elsewhere in the table. */
export function cellValue(labels: readonly string[], start: number, end: number, row: number): LabelledValue {
  return { labels, keyStart: start, keyEnd: start, start, end, tie: 'key', names: true, row };
}

/** The values behind the labels of one line, left to right. `spans` come from `Vocabulary.find`. */
export function labelledValues(line: string, spans: readonly LabelSpan[]): readonly LabelledValue[] {
  if (spans.length === 0) return NOTHING;
  const keys = wholeKeys(line, spans);
  const assigned = keys.map((key) => assignedStart(line, key));
  const values: LabelledValue[] = [];
  let leading: readonly string[] = [];
  for (const [index, key] of keys.entries()) {
    const limit = keys[index + 1]?.start ?? line.length;
    const labels = [key.text, ...leading];
    const at = assigned[index];
    let value: LabelledValue | undefined;
    if (at !== undefined) {
      // A word of the vocabulary may stand in a value; a key that is assigned cannot.
      let next = index + 1;
      while (next < keys.length && assigned[next] === undefined && (keys[next]?.start ?? 0) < at + VALUE_CHARS) next++;
      value = keyValue(line, key, labels, at, keys[next]?.start ?? line.length);
      values.push(value);
    }
    const inline = value !== undefined && isWhole(line, value) ? undefined : inlineValue(line, key, labels, limit);
    if (inline !== undefined) values.push(inline);
    const between = line.slice(key.end, Math.min(limit, key.end + 21));
    leading = value === undefined && limit < line.length && BETWEEN_LABELS.test(between) ? labels.slice(0, 3) : [];
  }
  return values;
}

/** Vocabulary words grown to the identifiers, quoted keys and phrases that they are part of. */
function wholeKeys(line: string, spans: readonly LabelSpan[]): readonly Key[] {
  const keys: Key[] = [];
  let taken = 0;
  for (const span of spans) {
    if (span.start < taken) continue;
    const quoted = quotedKey(line, span, taken);
    const start = quoted?.start ?? identifierStart(line, span.start, taken);
    const end = quoted?.end ?? identifierEnd(line, span.end);
    const before = keys.at(-1);
    taken = end;
    if (before !== undefined && end - before.start <= KEY_CHARS && PHRASE_GAP.test(line.slice(before.end, start))) {
      keys[keys.length - 1] = { start: before.start, end, text: line.slice(before.start, end) };
    } else {
      keys.push({ start, end, text: line.slice(start, end) });
    }
  }
  return keys;
}

function identifierStart(line: string, from: number, floor: number): number {
  let start = from;
  const lowest = Math.max(floor, from - KEY_CHARS);
  while (start > lowest && KEY_WORD.test(line.charAt(start - 1))) start--;
  // `--name`, `12:00.name`: what is no identifier is left off again.
  while (start < from && !/[A-Za-z_]/.test(line.charAt(start))) start++;
  return start;
}

function identifierEnd(line: string, from: number): number {
  const end = matchEnd(ASSIGNED_REST, line, from) ?? matchEnd(WORD_REST, line, from) ?? from;
  return matchEnd(LABEL_TAIL, line, end) ?? end;
}

/** `"Home Phone Nr":` where the vocabulary knows `phone` only. */
function quotedKey(line: string, span: LabelSpan, floor: number): { start: number; end: number } | undefined {
  const around = line.slice(Math.max(floor, span.start - KEY_CHARS), span.start);
  const before = /["'`][\w .\-/()#]*$/.exec(around)?.[0];
  if (before === undefined) return undefined;
  const after = /^[\w .\-/()#]{0,64}(?=\\{0,4}["'`]\s{0,8}(?:=>|:|=))/.exec(
    line.slice(span.end, span.end + 2 * KEY_CHARS),
  )?.[0];
  // `exec: "import --mrn NUMBER": stat`: the number is no part of a key.
  if (after === undefined || /\d{4}/.test(after)) return undefined;
  return { start: span.start - before.length + 1, end: span.end + after.length };
}

/** The value of `key=value` in all its dialects; it begins at `at`. */
function keyValue(line: string, key: Key, labels: readonly string[], at: number, limit: number): LabelledValue {
  const { start, end } = delimited(line, key, matchEnd(DATE_CALL, line, at) ?? at, limit);
  return { labels, keyStart: key.start, keyEnd: key.end, start, end, tie: 'key', names: true };
}

/** Where the value of an assignment begins; undefined where the line has no such syntax at the key. */
function assignedStart(line: string, key: Key): number | undefined {
  const assigned = matchEnd(ASSIGNMENT, line, key.end) ?? matchEnd(PAIRED, line, key.end);
  if (assigned !== undefined) return matchEnd(TAGS, line, assigned) ?? assigned;
  const given = matchEnd(GIVEN, line, key.end);
  if (given !== undefined) return given;
  const before = line.slice(Math.max(0, key.start - 12), key.start);
  if (/<(?:\w{1,10}:)?$/.test(before)) {
    const attribute = matchEnd(TAG_VALUE, line, key.end);
    if (attribute !== undefined) return attribute;
    const tagEnd = /^[^<>]{0,200}>/.exec(line.slice(key.end, key.end + 201))?.[0];
    return tagEnd === undefined || tagEnd.endsWith('/>') ? undefined : key.end + tagEnd.length;
  }
  if (/(?:^|\s)--?$/.test(before)) return matchEnd(/\s{1,8}(?!-)/y, line, key.end);
  return undefined;
}

function delimited(line: string, key: Key, at: number, limit: number): { start: number; end: number } {
  const opened = matchEnd(QUOTE, line, at);
  if (opened !== undefined) {
    const end = closing(line, opened, line.slice(at, opened));
    if (end !== undefined) return { start: opened, end };
  }
  const start = opened ?? at;
  if (/[?&]/.test(line.charAt(key.start - 1))) return { start, end: matchEnd(QUERY_VALUE, line, start) ?? start };
  const text = line.slice(start, Math.max(start, Math.min(limit, start + VALUE_CHARS)));
  return trimmed(text, start, VALUE_STOP);
}

/** Where the quote that opened the value closes it; undefined when it does not, in reach. */
function closing(line: string, start: number, quote: string): number | undefined {
  const text = line.slice(start, start + QUOTED_CHARS);
  for (let index = text.indexOf(quote); index >= 0; index = text.indexOf(quote, index + quote.length)) {
    let escapes = index;
    while (escapes > 0 && text.charAt(escapes - 1) === '\\') escapes--;
    if ((index - escapes) % 2 === 0) return start + index;
  }
  return undefined;
}

/** The text behind a label, whatever stands between, up to the next label. */
function inlineValue(line: string, key: Key, labels: readonly string[], limit: number): LabelledValue | undefined {
  if (matchEnd(CALL, line, key.end) !== undefined) return undefined;
  const assigned = matchEnd(ASSIGNMENT, line, key.end) ?? key.end;
  const at = matchEnd(TAGS, line, assigned) ?? assigned;
  const from = Math.min(limit, matchEnd(LOOSE, line, at) ?? at);
  const { start, end } = trimmed(line.slice(from, Math.min(limit, from + VALUE_CHARS)), from, INLINE_STOP);
  if (start === end && limit < line.length) return undefined;
  const names = at > key.end || /\d/.test(line.charAt(start));
  return { labels, keyStart: key.start, keyEnd: key.end, start, end, tie: 'inline', names };
}

function trimmed(text: string, start: number, stop: RegExp): { start: number; end: number } {
  const stopped = text.search(stop);
  const kept = (stopped < 0 ? text : text.slice(0, stopped)).replace(TRAILING, '');
  return { start, end: start + kept.length };
}

/** Quoted, one word, or nothing: then the text behind the label says no more than the value. */
function isWhole(line: string, value: LabelledValue): boolean {
  return /["'`;]/.test(line.charAt(value.start - 1)) || !/\s/.test(line.slice(value.start, value.end));
}

function matchEnd(pattern: RegExp, line: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : undefined;
}
