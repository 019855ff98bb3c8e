import { remoteLimits } from '../remote-limits.ts';

/** One way to be let in, of a WWW-Authenticate header (RFC 9110, 11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By name in lower case; of a name that comes twice the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** A comma may be missing or doubled; both are seen. */
const SEPARATOR = /[\s,]*/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s",]*))`, 'ys');
const SCHEME = new RegExp(`(${TOKEN})(?:[ \\t]+(?=\\S)|(?=[\\s,]|$))`, 'y');
/** What is neither: passed over up to where something may begin again. */
const OTHER = /[^\s,]+/y;

/** All challenges of a header, or of several that were joined with commas. Never throws: what is none is passed over. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { readonly scheme: string; readonly parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (take(SEPARATOR); at < header.length; take(SEPARATOR)) {
    const parameter = take(PARAMETER);
    if (parameter !== null) {
      const [, name = '', quoted, plain = ''] = parameter;
      const parameters = challenges.at(-1)?.parameters;
      const key = name.toLowerCase();
      if (parameters?.has(key) === false) parameters.set(key, quoted?.replace(/\\(.)/gs, '$1') ?? plain);
      continue;
    }
    if (challenges.length >= remoteLimits.challenges) break;
    const [, scheme] = take(SCHEME) ?? [];
    if (scheme === undefined) take(OTHER);
    else challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
  }
  return challenges;
}
