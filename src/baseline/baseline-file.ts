/** phiscan-baseline.yaml, from its text to entries and back. */
import { type Complain, Fields, type PlacedText } from '../config/fields.ts';
import { SEVERITIES, type Outcome } from '../finding.ts';
import { limits } from '../limits.ts';
import { parseYaml, type YamlNode } from '../read/yaml-document.ts';
import { printableJson } from '../report/printable.ts';
import { type Baseline, type BaselineEntry, byPlace } from './baseline.ts';
import { isDay } from './day.ts';

/** Line and column from 1, in characters. No text of the file is in it. */
export interface BaselineFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly todo: string;
}

export interface ReadBaseline {
  /** Those that are right. */
  readonly baseline: Baseline;
  /** In the order of the text. */
  readonly faults: readonly BaselineFault[];
}

const VERSION = '1';
const OUTCOMES: readonly Outcome[] = ['real', 'synthetic'];
const KEYS = ['fingerprint', 'detector', 'place', 'severity', 'outcome', 'count', 'reason', 'owner', 'expires'];

/** Never throws. */
export function readBaseline(text: string): ReadBaseline {
  const faults: { readonly at: number; readonly what: string; readonly todo: string }[] = [];
  const complain: Complain = (at, what, todo) => void faults.push({ at, what, todo });
  const baseline = readDocument(text, complain);
  const lines = new LineStarts(text);
  return {
    baseline,
    faults: faults.sort((a, b) => a.at - b.at).map(({ at, what, todo }) => ({ ...lines.placeOf(at), what, todo })),
  };
}

function readDocument(text: string, complain: Complain): Baseline {
  if (text.length > limits.baselineCharacters) {
    complain(0, `the file is longer than ${limits.baselineCharacters} characters`, 'Mend what it accepts');
    return [];
  }
  const { documents, faults } = parseYaml(text);
  for (const { code, at } of faults)
    complain(at, `not YAML: ${code}`, 'Mend the indentation, the quotes or the brackets');
  if (documents.length > 1) {
    complain(documents[1]?.start ?? 0, 'a second document', 'Put everything above the line ---');
  }
  const [root] = documents;
  if (faults.length > 0 || documents.length > 1) return [];
  if (root?.kind !== 'mapping') {
    complain(root?.start ?? 0, 'the file has no keys', 'Make it with phiscan baseline create');
    return [];
  }
  const fields = new Fields(root, ['version', 'accepted'], complain);
  const version = fields.required('version', `Write version: ${VERSION}`);
  if (version !== undefined && version.text !== VERSION) {
    complain(version.at, 'a version that is not known', 'Make the file anew, or use a newer phiscan');
  }
  const entries = new Map<string, BaselineEntry>();
  for (const node of fields.list('accepted')) {
    const entry = readEntry(node, complain);
    if (entry === undefined) continue;
    if (entries.has(entry.fingerprint)) {
      complain(node.start, 'a fingerprint that is in the file already', 'Keep one of the two');
    } else {
      entries.set(entry.fingerprint, entry);
    }
  }
  return [...entries.values()].sort(byPlace);
}

function readEntry(node: YamlNode, complain: Complain): BaselineEntry | undefined {
  if (node.kind !== 'mapping') {
    complain(node.start, 'an entry without keys', `Give it ${KEYS.join(', ')}`);
    return undefined;
  }
  const fields = new Fields(node, KEYS, complain);
  const right = (key: string, todo: string, isRight: (text: string) => boolean): string | undefined => {
    const text = fields.required(key, todo);
    if (text === undefined || isRight(text.text)) return text?.text;
    complain(text.at, `a wrong ${key}`, todo);
    return undefined;
  };
  const answer = (key: string): string | undefined =>
    bounded(fields.required(key, `Write ${key}: and a text`), key, complain);
  const fingerprint = right('fingerprint', 'Copy the 24 hexadecimal digits of the report', isFingerprint);
  const detector = right('detector', 'Copy it from the report', isDetector);
  const place = fields.required('place', 'Write where the values are')?.text;
  const severity = right('severity', `Use one of: ${SEVERITIES.join(', ')}`, (text) => severityOf(text) !== undefined);
  const outcome = right('outcome', 'Use real or synthetic', (text) => outcomeOf(text) !== undefined);
  const count = right('count', 'Give the number of values, from 1', (text) => /^[1-9]\d{0,14}$/.test(text));
  const reason = answer('reason');
  const owner = answer('owner');
  const expires = right('expires', 'Give the last day, as 2027-01-31', isDay);
  const known = { severity: severityOf(severity), outcome: outcomeOf(outcome) };
  if (fingerprint === undefined || detector === undefined || place === undefined) return undefined;
  if (known.severity === undefined || known.outcome === undefined || count === undefined) return undefined;
  if (reason === undefined || owner === undefined || expires === undefined) return undefined;
  const { severity: worst, outcome: taken } = known;
  return {
    fingerprint,
    detector,
    place,
    severity: worst,
    outcome: taken,
    count: Number(count),
    reason,
    owner,
    expires,
  };
}

function bounded(text: PlacedText | undefined, key: string, complain: Complain): string | undefined {
  if (text === undefined || text.text.length <= limits.answerCharacters) return text?.text;
  complain(text.at, `${key} is longer than ${limits.answerCharacters} characters`, 'Make it shorter');
  return undefined;
}

export function isFingerprint(text: string): boolean {
  return /^[0-9a-f]{24}$/.test(text);
}

export function isDetector(text: string): boolean {
  return /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text) && text.length <= 40;
}

export function severityOf(text: unknown): BaselineEntry['severity'] | undefined {
  return SEVERITIES.find((severity) => severity === text);
}

export function outcomeOf(text: unknown): Outcome | undefined {
  return OUTCOMES.find((outcome) => outcome === text);
}

const HEAD = `# Findings that somebody has answered for: no exit code counts them until the day they expire, or grow.
# Written by phiscan baseline; reason, owner and expires may be changed by hand.
`;

/** The same entries are the same text, whatever their order. */
export function renderBaseline(baseline: Baseline): string {
  const lines = baseline
    .toSorted(byPlace)
    .flatMap((entry) => [
      `  - fingerprint: ${quoted(entry.fingerprint)}`,
      `    detector: ${entry.detector}`,
      `    place: ${quoted(entry.place)}`,
      `    severity: ${entry.severity}`,
      `    outcome: ${entry.outcome}`,
      `    count: ${entry.count}`,
      `    reason: ${quoted(entry.reason)}`,
      `    owner: ${quoted(entry.owner)}`,
      `    expires: ${entry.expires}`,
    ]);
  const accepted = lines.length === 0 ? 'accepted: []' : ['accepted:', ...lines].join('\n');
  return `${HEAD}version: ${VERSION}\n${accepted}\n`;
}

/** As JSON has it, which YAML takes (YAML 1.2.2, section 7.3.1). Twelve digits alone would be a number. */
function quoted(text: string): string {
  return printableJson(JSON.stringify(text));
}

/** Where lines begin: a file may have thousands of faults. */
class LineStarts {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  placeOf(at: number): { readonly line: number; readonly column: number } {
    let line = this.#starts.findLastIndex((start) => start <= at);
    line = Math.max(0, line);
    return { line: line + 1, column: at - (this.#starts[line] ?? 0) + 1 };
  }
}
