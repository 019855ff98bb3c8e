import { ScanError } from '../../errors.ts';
import { type FailOn, SEVERITIES } from '../../finding.ts';
import { FORMATS, type Format } from '../../report/format.ts';
import { nearest } from '../../nearest.ts';

/** More threads than this are a typing error: each holds a decompressor and its windows. */
const maxJobs = 256;

/** May be given several times. */
export function parseFormat(text: string, before: readonly Format[] = []): readonly Format[] {
  return [...before, oneOf('--format', FORMATS, text)];
}

/** Of commands whose result is no report. */
export const PLAIN_FORMATS = ['table', 'json'] as const;
export type PlainFormat = (typeof PLAIN_FORMATS)[number];

export function parsePlainFormat(text: string): PlainFormat {
  return oneOf('--format', PLAIN_FORMATS, text);
}

export const THRESHOLDS: readonly FailOn[] = [...SEVERITIES, 'none'];

export function parseFailOn(text: string): FailOn {
  return failOnOf(text, '--fail-on');
}

/** `name`: of the option or the variable that says so. */
export function failOnOf(text: string, name: string): FailOn {
  return oneOf(name, THRESHOLDS, text);
}

/** Shells that completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function parseShell(text: string): Shell {
  return oneOf('SHELL', SHELLS, text);
}

/** Hooks of Git that phiscan can be. */
export const GIT_HOOKS = ['pre-commit', 'pre-push'] as const;
export type GitHook = (typeof GIT_HOOKS)[number];

export function parseHook(text: string): GitHook {
  return oneOf('HOOK', GIT_HOOKS, text);
}

export function parseConfidence(text: string): number {
  return confidenceOf(text, '--min-confidence');
}

export function confidenceOf(text: string, name: string): number {
  const confidence = /^(?:0|1|[01]?\.\d+)$/.test(text) ? Number(text) : NaN;
  if (!(confidence >= 0 && confidence <= 1)) throw wrongValue(name, 'a number from 0 to 1, for example 0.8');
  return confidence;
}

/** Of the environment, where programs have several words for the same. */
export function truthOf(text: string, name: string): boolean {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes'].includes(word)) return true;
  if (['0', 'false', 'no'].includes(word)) return false;
  throw wrongValue(name, 'true or false');
}

export function parseJobs(text: string): number {
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (!(jobs >= 1 && jobs <= maxJobs)) throw wrongValue('--jobs', `a whole number from 1 to ${maxJobs}`);
  return jobs;
}

/** `OS/ARCH` or `OS/ARCH/VARIANT`, as the OCI image index writes them. May be given several times. */
export function parsePlatform(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, platformOf(text, '--platform')];
}

/** Separated by commas or spaces. */
export function platformsOf(text: string, name: string): readonly string[] {
  return text
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .map((each) => platformOf(each, name));
}

function platformOf(text: string, name: string): string {
  if (/^[a-z0-9]{1,32}\/[a-z0-9_]{1,32}(?:\/[a-z0-9.]{1,32})?$/.test(text)) return text;
  throw wrongValue(name, 'OS/ARCH or OS/ARCH/VARIANT, for example linux/arm64/v8');
}

/** May be given several times. */
export function parseOutputs(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseOutput(text)];
}

export function parseOutput(text: string): string {
  if (text === '') throw wrongValue('--output', 'the name of a file, or - for standard output');
  return text;
}

/** The account and the Region that findings for Security Hub are of. */
export interface AsffAccount {
  readonly account: string;
  readonly region: string;
}

export function parseAsffAccount(text: string): AsffAccount {
  const [, account, region] = /^(\d{12})\/([a-z]{2}[a-z0-9-]{3,60})$/.exec(text) ?? [];
  if (account !== undefined && region !== undefined) return { account, region };
  throw wrongValue('--asff-account', 'an account and a Region: 123456789012/us-east-1');
}

export function parseDockerfile(text: string): string {
  if (text === '') throw wrongValue('--dockerfile', 'the name of a file, for example docker/Dockerfile');
  return text;
}

export function parseConfig(text: string): string {
  if (text === '') throw wrongValue('--config', 'the name of a file, for example phiscan.yaml');
  return text;
}

export function parseBaseline(text: string): string {
  if (text === '') throw wrongValue('--baseline', 'the name of a file, for example phiscan-baseline.yaml');
  return text;
}

/** Regions, clusters and families may be named several times. */
export function parseRegion(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(text)) throw wrongValue('--region', 'the name of a Region, for example us-east-1');
  return [...before, text];
}

export function parseOneRegion(text: string): string {
  return parseRegion(text)[0] ?? '';
}

export function parseQueueUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isUrl = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (isUrl && /\/[\w.-]+$/.test(url.pathname)) return text;
  throw wrongValue(
    '--queue-url',
    'the address of a queue: https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events',
  );
}

/** Stopped tasks are shown for an hour: whoever asks every half hour misses none when one answer fails. */
const LONGEST_INTERVAL = 30 * 60_000;
const SHORTEST_INTERVAL = 10_000;

/** Milliseconds of `90s` or `20m`. */
export function parseInterval(text: string): number {
  const [, amount, unit] = /^(\d{1,4})([sm])$/.exec(text) ?? [];
  const interval = Number(amount ?? NaN) * (unit === 'm' ? 60_000 : 1000);
  if (interval >= SHORTEST_INTERVAL && interval <= LONGEST_INTERVAL) return interval;
  throw wrongValue('--interval', 'a time from 10s to 30m: ECS forgets stopped tasks after about an hour');
}

export function parseMaxMessages(text: string): number {
  const most = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(most >= 1)) throw wrongValue('--max-messages', 'a whole number from 1');
  return most;
}

/** A name or an ARN. */
export function parseCluster(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[\w:/-]{1,2048}$/.test(text)) throw wrongValue('--cluster', 'the name of a cluster, or its ARN');
  return [...before, text];
}

export function parseFamily(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[\w-]{1,255}$/.test(text)) throw wrongValue('--family', 'the name of a task definition, without its revision');
  return [...before, text];
}

export function parseMaxRevisions(text: string): number {
  const most = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (!(most >= 1)) throw wrongValue('--max-revisions', 'a whole number from 1');
  return most;
}

export function parseProfile(text: string): string {
  if (text === '') throw wrongValue('--profile', 'the name of a profile of the AWS configuration');
  return text;
}

/** Roles may be named several times. */
export function parseRoleArn(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(text)) {
    throw wrongValue('--role-arn', 'the ARN of a role: arn:aws:iam::123456789012:role/phiscan');
  }
  return [...before, text];
}

/** IAM User Guide, "Access to AWS accounts owned by third parties". */
export function parseExternalId(text: string): string {
  if (!/^[\w+=,.@:/-]{2,1224}$/.test(text))
    throw wrongValue('--external-id', 'what the trust policy of the role asks for');
  return text;
}

export function parseEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw wrongValue('--endpoint-url', 'an http or https address, for example http://127.0.0.1:5000');
  }
  return text;
}

/** Milliseconds since 1970 of a day, a time, or an age: `2026-11-01`, `2026-11-01T08:00:00Z`, `36h`, `7d`. */
export function parseSince(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const hours = unit === 'd' ? 24 : 1;
  const isTime =
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) && isDay(text.slice(0, 10));
  const since =
    amount === undefined ? (isTime ? Date.parse(text) : NaN) : Date.now() - Number(amount) * hours * 3_600_000;
  if (since <= Date.now()) return since;
  throw wrongValue('--since', 'a time that has passed: 2026-11-01, 2026-11-01T08:00:00Z, or an age as 36h or 7d');
}

/** Milliseconds since 1970 of an age: `36h`, `30d`. */
export function parseAge(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  if (amount === undefined) throw wrongValue('--older-than', 'an age, as 36h or 30d');
  return Date.now() - Number(amount) * (unit === 'd' ? 24 : 1) * 3_600_000;
}

/** Date.parse takes 30 February for 2 March: what is between would not be read. */
function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function oneOf<const T extends string>(option: string, values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  const meant = nearest(values, text);
  const all = `one of ${values.join(', ')}`;
  throw meant === undefined
    ? wrongValue(option, all)
    : new ScanError('usage', `wrong value (${option}). Did you mean ${meant}? Give ${all}`);
}

/** The value itself is not repeated: it may be what slipped out of another argument. */
export function wrongValue(option: string, wanted: string): ScanError {
  return new ScanError('usage', `wrong value (${option}). Give ${wanted}`);
}
