import { isUtf8 } from 'node:buffer';
import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { limits } from '../limits.ts';

const PERCENT = /%[0-9A-Fa-f]{2}/;
const ESCAPE = /\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|["'\\/nrt ])/;
/** Something that is always encoded, and no `=` that is not: `ssn=52…` is none. */
const QUOTED_PRINTABLE = /=(?:3D|20|0[9AD]|[89A-F][0-9A-F]|[ \t]*\r?\n)/;
const PLAIN_EQUALS = /=(?![0-9A-F]{2}|[ \t]*\r?\n|$)/;
/** Shorter ones are words. RFC 4648 section 4 and 5, RFC 2045 section 6.8 with its line breaks. */
const BASE64 = /^[A-Za-z0-9+/_-]{12,}={0,2}$/;
const BROKEN_BASE64 = /^[A-Za-z0-9+/_-]{12,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]+)*={0,2}\s*$/;
/** RFC 2397. */
const DATA_URL = /^data:[\w.+/-]{0,80}(?:;[\w.=+-]{1,40}){0,4},/i;
/** PostgreSQL's bytea, mysqldump --hex-blob. */
const HEX = /^(?:\\?\\x|0x|X')((?:[0-9A-Fa-f]{2}){8,})'?$/;
/** `date(1961, 3, 12)`, `LocalDate.of(1961, 3, 12)`. */
const DATE_CALL = /^(?:new )?[\w.]{0,30}\b(?:[dD]ate(?:time)?|of|DateTime)\((\d{4}), ?(\d{1,2}), ?(\d{1,2})\b/;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\r\n]+$/u;
/** A cheap look that most values fail. */
const MAYBE = /[%\\]|=[0-9A-F\r\n]|\(\d{4}, ?\d|^0x|^X'|^data:|^[\w+/-]{12,}(?:[\r\n]|={0,2}$)/i;
/** Meanings of one value: encodings that undo each other in turns are somebody's puzzle. */
const MEANINGS = 8;

/** What a value means when it is encoded, outermost first, mostly empty: percent, base64, quoted-printable, escapes,
 * hexadecimal, data URLs, gzip or zlib in base64, and all of them inside each other. At most `limits.lineBytes` each. */
export function decodings(value: string, depth: number = limits.decodingDepth): readonly string[] {
  const results: string[] = [];
  addDecodings(results, value, depth);
  return results;
}

function addDecodings(results: string[], value: string, depth: number): void {
  if (depth === 0 || results.length >= MEANINGS || !MAYBE.test(value)) return;
  const [told] = TELLING.flatMap((decode) => decode(value) ?? []);
  const meanings = told === undefined ? GUESSING.map((decode) => decode(value)) : [told];
  for (const decoded of meanings) {
    if (decoded === undefined || decoded === value || results.includes(decoded) || !PRINTABLE.test(decoded)) continue;
    results.push(decoded);
    addDecodings(results, decoded, depth - 1);
  }
}

/** Encodings that a value shows by its beginning, and those that it may have. */
const TELLING = [dateCall, dataUrl, hexadecimal];
const GUESSING = [percent, escapes, quotedPrintable, base64];

function dateCall(value: string): string | undefined {
  const [, year, month = '', day = ''] = DATE_CALL.exec(value) ?? [];
  return year === undefined ? undefined : [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
}

function dataUrl(value: string): string | undefined {
  const head = DATA_URL.exec(value)?.[0];
  if (head === undefined) return undefined;
  const content = value.slice(head.length);
  return /;base64,$/i.test(head) ? base64(percent(content) ?? content) : (percent(content) ?? content);
}

function percent(value: string): string | undefined {
  if (!PERCENT.test(value)) return undefined;
  return value
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => text(Buffer.from(run.replaceAll('%', ''), 'hex')) ?? run);
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function escapes(value: string): string | undefined {
  if (!ESCAPE.test(value)) return undefined;
  return value.replace(
    /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'\\/nrt ]))/g,
    (whole, wide?: string, narrow?: string) => {
      const code = wide ?? narrow;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return ESCAPED[whole.charAt(1)] ?? whole.charAt(1);
    },
  );
}

/** RFC 2045 section 6.7. */
function quotedPrintable(value: string): string | undefined {
  if (!QUOTED_PRINTABLE.test(value) || PLAIN_EQUALS.test(value)) return undefined;
  return value
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (run) => text(Buffer.from(run.replaceAll('=', ''), 'hex')) ?? run);
}

function base64(value: string): string | undefined {
  const digits = BASE64.test(value) ? value : BROKEN_BASE64.test(value) ? value.replace(/\s+/g, '') : undefined;
  if (digits === undefined || digits.replace(/=+$/, '').length % 4 === 1) return undefined;
  const bytes = Buffer.from(digits, 'base64');
  return text(unpacked(bytes) ?? bytes);
}

function hexadecimal(value: string): string | undefined {
  const digits = HEX.exec(value)?.[1];
  return digits === undefined ? undefined : text(Buffer.from(digits, 'hex'));
}

/** What gzip (RFC 1952) or zlib (RFC 1950) made smaller, as far as it goes; undefined for other bytes. */
function unpacked(bytes: Buffer): Buffer | undefined {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && bytes.readUInt16BE(0) % 31 === 0;
  if (!isGzip && !isZlib) return undefined;
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: limits.decodedBytes };
  try {
    const whole = isGzip ? gunzipSync(bytes, options) : inflateSync(bytes, options);
    return whole.subarray(0, limits.lineBytes);
  } catch {
    // Not compressed after all, or a bomb: then it is a value like any other.
    return undefined;
  }
}

function text(bytes: Buffer): string | undefined {
  if (isUtf8(bytes)) return bytes.toString();
  // A run that was cut inside a character.
  for (let cut = 1; cut < 4 && cut < bytes.length; cut++) {
    const less = bytes.subarray(0, -cut);
    if (bytes.length > CUT_BYTES && isUtf8(less)) return less.toString();
  }
  return undefined;
}

/** Shorter values are whole. */
const CUT_BYTES = 4096;

/** A run of base64 in a text that goes on around it. */
const RUN = /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![A-Za-z0-9+/_=-])/g;

/**
 * Whether a line has `RUN_CHARS` digits of base64 in a row. Mostly it looks at a few characters in so many: the last one that
 * a run would have, and back from there.
 */
export function hasEncodedRun(line: string): boolean {
  for (let first = 0; first + RUN_CHARS <= line.length;) {
    let at = first + RUN_CHARS - 1;
    while (at >= first && IS_DIGIT[line.charCodeAt(at)] === 1) at--;
    if (at < first) return true;
    first = at + 1;
  }
  return false;
}

const RUN_CHARS = 24;
/** By character code: whether it is a digit of base64, in either alphabet of RFC 4648. */
const IS_DIGIT: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code))),
);

/** The runs of base64 inside a text that mean text, with where they stand in it. `tells` says whether a decoded text is
 * worth having: paths and digests are runs too. */
export function encodedRuns(
  line: string,
  tells: (decoded: string) => boolean,
): readonly { readonly index: number; readonly value: string }[] {
  const runs: { index: number; value: string }[] = [];
  for (const { 0: run, index } of line.matchAll(RUN)) {
    if (!meansText(run)) continue;
    const value = base64(run);
    if (value !== undefined && PRINTABLE.test(value) && tells(value)) runs.push({ index, value });
  }
  return runs;
}

/** The first bytes are ASCII text, or a gzip header. */
function meansText(run: string): boolean {
  if (run.startsWith('H4sI') || run.startsWith('eJ') || run.startsWith('eN')) return true;
  return /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(run.slice(0, 16), 'base64').toString('latin1'));
}
