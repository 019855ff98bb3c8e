import { isUtf8 } from 'node:buffer';

/** `%3D` inside base64 is two; more is somebody's puzzle. */
const DEPTH = 2;

const PERCENT = /%[0-9A-Fa-f]{2}/;
const ESCAPE = /\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|["'\\/nrt])/;
const QUOTED_PRINTABLE = /=(?:[0-9A-F]{2}|\r?\n)/;
/** Shorter ones are words. */
const BASE64 = /^[A-Za-z0-9+/_-]{12,}={0,2}$/;
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\r\n]+$/u;
/** A cheap look that most values fail. */
const MAYBE = /[%\\]|=[0-9A-F\r\n]|^[\w+/-]{12,}={0,2}$/;

/** What a value means when it is percent-, base64- or quoted-printable-encoded, or escaped; outermost first, mostly empty. */
export function decodings(value: string, depth: number = DEPTH): readonly string[] {
  if (depth === 0 || !MAYBE.test(value)) return [];
  const results: string[] = [];
  for (const decode of [percent, escapes, quotedPrintable, base64]) {
    const decoded = decode(value);
    if (decoded === undefined || decoded === value || !PRINTABLE.test(decoded)) continue;
    results.push(decoded, ...decodings(decoded, depth - 1));
  }
  return results;
}

function percent(value: string): string | undefined {
  if (!PERCENT.test(value)) return undefined;
  const bytes = value
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => text(Buffer.from(run.replaceAll('%', ''), 'hex')) ?? run);
  return bytes;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function escapes(value: string): string | undefined {
  if (!ESCAPE.test(value)) return undefined;
  return value.replace(
    /\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["'\\/nrt]))/g,
    (whole, wide?: string, narrow?: string) => {
      const code = wide ?? narrow;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return ESCAPED[whole.charAt(1)] ?? whole.charAt(1);
    },
  );
}

/** RFC 2045 section 6.7. */
function quotedPrintable(value: string): string | undefined {
  if (!QUOTED_PRINTABLE.test(value)) return undefined;
  return value
    .replace(/=\r?\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/g, (run) => text(Buffer.from(run.replaceAll('=', ''), 'hex')) ?? run);
}

function base64(value: string): string | undefined {
  if (!BASE64.test(value) || value.replace(/=+$/, '').length % 4 === 1) return undefined;
  return text(Buffer.from(value, 'base64'));
}

function text(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString() : undefined;
}
