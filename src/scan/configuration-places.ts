import { isDeepStrictEqual } from 'node:util';
import type { Engine } from '../engine/engine.ts';
import { type EntryFinding, SEVERITIES } from '../finding.ts';
import { arrayOf, isObject, memberOf, textOf } from '../image/json.ts';

type Members = Readonly<Record<string, unknown>>;

/** Members of a configuration that hold members of their own which have nothing to do with each other. */
const CONTAINERS = ['config', 'container_config'];
const OWN_TEXT = /^(?:[0-9a-f]{64}|\d{4}-\d\d-\d\dT[\d:.]+Z)?$/;
/** Commands whose arguments are an array, where an option's value is the element behind it. */
const COMMANDS = ['Cmd', 'Entrypoint', 'Healthcheck.Test', 'Shell'].flatMap((name) =>
  CONTAINERS.map((container) => `${container}.${name}`),
);

/** The findings of a configuration, each in the member that it is in; what its container_config repeats is left out. */
export function configurationFindings(
  engine: Engine,
  path: string,
  json: unknown,
  findings: readonly EntryFinding[],
): readonly EntryFinding[] {
  return withCommands(engine, path, json, byMember(engine, path, json, findings)).filter(
    ({ place }) =>
      !place.pointer?.startsWith('container_config.') || !repeatsConfiguration(json, place.pointer, [json]),
  );
}

/**
 * A configuration is no record of one person: an environment variable and a label that are in one record are told apart,
 * unless parts of the record are only in the whole.
 */
function byMember(
  engine: Engine,
  path: string,
  json: unknown,
  findings: readonly EntryFinding[],
): readonly EntryFinding[] {
  const spanning = findings.filter(isSpanning);
  if (spanning.length === 0 || !isObject(json)) return findings;
  const found = members(json).flatMap((member) => engine.part(path, Buffer.from(JSON.stringify(member))));
  const identifiers = new Set(found.flatMap((one) => one.identifiers ?? [one.identifier]));
  const isWhole = spanning.every((record) => record.identifiers?.every((identifier) => identifiers.has(identifier)));
  if (!isWhole) return findings;
  // Contact details count beside a match only, which may be in another member.
  const others = findings.filter((one) => !isSpanning(one) && !found.some(({ detector }) => detector === one.detector));
  // They are read from parts of the document, so lines and offsets are not those of the blob.
  return [...found.map(withoutNumbers), ...others];
}

function isSpanning({ detector, place: { pointer } }: EntryFinding): boolean {
  return detector === 'patient-record' && (pointer === undefined || CONTAINERS.includes(pointer));
}

/** `config.Env` of `{ config: { Env } }`; nothing of ids, dates and flags, which are each document's own. */
function placesIn(part: Members): readonly string[] {
  const [key, value] = Object.entries(part)[0] ?? ['', undefined];
  if (CONTAINERS.includes(key) && isObject(value)) return Object.keys(value).map((inner) => `${key}.${inner}`);
  const isOwn = typeof value === 'boolean' || (typeof value === 'string' && OWN_TEXT.test(value));
  return isOwn ? [] : [key];
}

/** The document once for each of its members, without the others. */
function members(json: Members): readonly Members[] {
  return Object.entries(json).flatMap(([key, value]): readonly Members[] => {
    if (!CONTAINERS.includes(key) || !isObject(value)) return [{ [key]: value }];
    return Object.entries(value).map(([inner, held]) => ({ [key]: { [inner]: held } }));
  });
}

function withoutNumbers(finding: EntryFinding): EntryFinding {
  const { path, pointer, field } = finding.place;
  const place = { path, ...(pointer === undefined ? {} : { pointer }), ...(field === undefined ? {} : { field }) };
  return { ...finding, place };
}

/** An option and its value are two elements of an array, and one text on the command line. */
function withCommands(
  engine: Engine,
  path: string,
  json: unknown,
  findings: readonly EntryFinding[],
): readonly EntryFinding[] {
  let all = findings;
  for (const pointer of COMMANDS) {
    const words: unknown = pointer.split('.').reduce<unknown>(memberOf, json);
    if (!Array.isArray(words) || words.length < 2) continue;
    const text = words.filter((word) => typeof word === 'string').join(' ');
    for (const found of engine.text(path, pointer, text)) {
      const same = all.filter((one) => one.detector === found.detector && one.place.pointer?.startsWith(pointer));
      if (same.some((one) => rank(one) <= rank(found))) continue;
      all = [...all.filter((one) => !same.includes(one)), { ...found, place: { ...same[0]?.place, ...found.place } }];
    }
  }
  return all;
}

function rank({ severity }: EntryFinding): number {
  return SEVERITIES.indexOf(severity);
}

/**
 * True when what a document holds at the pointer stands in one of the configurations too, word for word: Docker repeats
 * an image's configuration for its topmost layer, and in its container_config. A different value at the same place is no
 * repetition.
 */
export function repeatsConfiguration(
  json: unknown,
  pointer: string | undefined,
  configurations: readonly unknown[],
): boolean {
  if (pointer === undefined) {
    if (!isObject(json)) return false;
    const places = members(json).flatMap((part) => placesIn(part));
    return places.every((place) => repeatsConfiguration(json, place, configurations));
  }
  const [member = '', inner = ''] = pointer.match(/[^.[\]]+/g) ?? [];
  const held = memberOf(json, member);
  if (!CONTAINERS.includes(member)) {
    return held !== undefined && configurations.some((one) => isDeepStrictEqual(memberOf(one, member), held));
  }
  const value = memberOf(held, inner);
  if (value === undefined) return false;
  if (configurations.some((one) => isDeepStrictEqual(memberOf(memberOf(one, 'config'), inner), value))) return true;
  if (inner !== 'Cmd') return false;
  // The builder ran each instruction as a command, which the history has too.
  const command = arrayOf(value).map(textOf).join(' ');
  const isInstruction = (entry: unknown): boolean => textOf(memberOf(entry, 'created_by')) === command;
  return command === '' || configurations.some((one) => arrayOf(memberOf(one, 'history')).some(isInstruction));
}
