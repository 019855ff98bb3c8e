import { generalPointer } from '../detect/pointer.ts';
import type { Engine } from '../engine/engine.ts';
import type { EntryFinding } from '../finding.ts';
import { memberOf } from '../image/json.ts';

/** Elements that are looked at for one finding, and findings that one may become: beyond, they keep their common place. */
const MAX_ELEMENTS = 1000;
const MAX_APART = 50;
/** `org.opencontainers.image.title`, `build-arg:NAME`: a key that programs choose. Any other may be an identifier, or hold
 * one, and stays `*`. */
const TECHNICAL_KEY = /^(?:build-arg:[A-Za-z_]\w*|[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+(?:[./][A-Za-z][\w-]*)*)$/;
const NUMBER = /\d{4}|\d.*[-/.].*\d/;

/** Where an element of a list stands, and the document without the others. */
interface Element {
  readonly pointer: string;
  readonly json: unknown;
}

/**
 * One finding for each element of a list that a finding counts together: `history[*].created_by` becomes
 * `history[3].created_by`, since the layer hangs on it. Each element is scanned by itself; unless they have together what
 * the list has, the finding stays as it is.
 */
export function elementFindings(engine: Engine, json: unknown, finding: EntryFinding): readonly EntryFinding[] {
  const { path, pointer, ...place } = finding.place;
  if (pointer === undefined || !/\*/.test(pointer)) return [finding];
  const budget = { left: MAX_ELEMENTS };
  const found: EntryFinding[] = [];
  for (const element of elements(json, stepsOf(pointer), '', budget)) {
    for (const one of engine.part(path, Buffer.from(JSON.stringify(element.json)))) {
      if (!isSame(one, finding)) continue;
      const { severity } = one.outcome === finding.outcome ? finding : one;
      const first = found.length === 0 ? place : { ...(place.field === undefined ? {} : { field: place.field }) };
      found.push({ ...one, severity, place: { path, pointer: engine.maskText(element.pointer), ...first } });
    }
  }
  const count = found.reduce((sum, one) => sum + one.count, 0);
  return budget.left < 0 || found.length > MAX_APART || count < finding.count ? [finding] : found;
}

function isSame(one: EntryFinding, other: EntryFinding): boolean {
  const { pointer, field } = one.place;
  return one.detector === other.detector && pointer === other.place.pointer && field === other.place.field;
}

/** `history[*].created_by`: `history`, `*`, `created_by`. */
function stepsOf(pointer: string): readonly string[] {
  return generalPointer(pointer).match(/\*|[^.[\]*]+/g) ?? [];
}

function* elements(
  json: unknown,
  steps: readonly string[],
  pointer: string,
  budget: { left: number },
): Generator<Element, void, undefined> {
  const [step, ...rest] = steps;
  // Steps that are left lead into a text that is a document itself.
  if (step === undefined || typeof json !== 'object' || json === null) {
    yield { pointer, json };
  } else if (step !== '*') {
    for (const inner of elements(memberOf(json, step), rest, pointer === '' ? step : `${pointer}.${step}`, budget)) {
      // What stands beside a member of a list's element may say what it means, so it stays.
      yield { pointer: inner.pointer, json: { ...(rest.includes('*') ? {} : json), [step]: inner.json } };
    }
  } else {
    for (const [key, value] of Object.entries(json)) {
      if (--budget.left < 0) return;
      for (const inner of elements(value, rest, `${pointer}${stepOf(key, json)}`, budget)) {
        yield {
          pointer: inner.pointer,
          json: Array.isArray(json) ? [...optionBefore(json, key), inner.json] : { [key]: inner.json },
        };
      }
    }
  }
}

/** An option of a command says what the element behind it is. */
function optionBefore(list: readonly unknown[], key: string): readonly string[] {
  const before = list[Number(key) - 1];
  return typeof before === 'string' && /^--?[A-Za-z]/.test(before) ? [before] : [];
}

function stepOf(key: string, within: object): string {
  if (Array.isArray(within)) return `[${key}]`;
  return TECHNICAL_KEY.test(key) && !NUMBER.test(key) ? `[${JSON.stringify(key)}]` : '[*]';
}
