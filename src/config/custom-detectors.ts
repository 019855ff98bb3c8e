/** The key `detectors` of phiscan.yaml: each a detector of the hospital's own, with the fields of a built-in one. */
import type { CustomDetector } from '../detect/custom-detector.ts';
import type { Detector, DetectorExample } from '../detect/detector.ts';
import { checkNames, checkSentence } from '../detect/named-checks.ts';
import { nearest } from '../nearest.ts';
import type { YamlNode } from '../read/yaml-document.ts';
import { checkIntrinsic, checkLabel, checkMask, checkShape } from './detector-rules.ts';
import { type Complain, Fields, textOf } from './fields.ts';
import { identifiers, isIdentifier, safeHarbor } from './safe-harbor.ts';

const KEYS = [
  ...['id', 'title', 'identifier', 'finds', 'misses', 'labels', 'shape', 'inline', 'intrinsic', 'check', 'synthetic'],
  ...['direct', 'severity', 'mask', 'examples', 'counterExamples', 'references'],
];
const LABEL_KEYS = ['strong', 'weak', 'whole', 'not'];
const SEVERITIES = ['high', 'medium', 'low', 'info'] as const;
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const ID_CHARACTERS = 40;
/** More digits may be somebody's number. */
const ID_DIGITS = 3;

/** A detector and where its examples stand, for what only running them shows. Character indexes. */
export interface PlacedDetector {
  readonly custom: CustomDetector;
  readonly at: number;
  readonly examplesAt: readonly number[];
  readonly counterExamplesAt: readonly number[];
}

/** Undefined when something is missing or wrong; then there was a complaint. */
export function readDetector(node: YamlNode, taken: Set<string>, complain: Complain): PlacedDetector | undefined {
  if (node.kind !== 'mapping') {
    complain(node.start, 'a detector has no keys', 'Begin it with "- id: kelp-mrn"');
    return undefined;
  }
  const faults = { count: 0 };
  const fault: Complain = (...what) => {
    faults.count++;
    complain(...what);
  };
  const fields = new Fields(node, KEYS, fault);
  const id = readId(fields, taken, fault);
  const identifier = fields.required('identifier', `Give one of: ${identifiers.join(', ')}`);
  if (identifier !== undefined && !isIdentifier(identifier.text)) {
    fault(identifier.at, 'no such identifier', `Give one of: ${identifiers.join(', ')}`);
  }
  const title = fields.required('title', 'Give its name in a few words')?.text;
  const labels = readLabels(fields, fault);
  const shapes = readShapes(fields, fault);
  const check = readCheck(fields, fault);
  const severity = readSeverity(fields, shapes.intrinsic !== undefined, fault);
  const mask = fields.text('mask') ?? { text: `[${(id ?? 'masked').replace(/[^a-z-]/g, '')}]`, at: fields.at };
  checkMask(mask, fault);
  if (labels.strong.length + labels.weak.length === 0 && shapes.intrinsic === undefined) {
    fault(fields.at, 'nothing leads to a value', 'Give labels: strong: [...], or an intrinsic shape');
  }
  const examples = readExamples(fields, 'examples', fault);
  const counterExamples = readExamples(fields, 'counterExamples', fault);
  if (examples.length === 0) fault(fields.placeOf('examples'), 'no examples', 'Give a text in which it must find');
  const direct = fields.truth('direct');
  const references = fields.texts('references').map(({ text }) => text);
  const finds = fields.text('finds')?.text;
  const misses = fields.text('misses')?.text;
  const kind = identifier?.text ?? '';
  if (faults.count > 0 || id === undefined || title === undefined || shapes.shape === undefined || !isIdentifier(kind))
    return undefined;
  return {
    at: fields.at,
    examplesAt: examples.map(({ at }) => at),
    counterExamplesAt: counterExamples.map(({ at }) => at),
    custom: {
      id,
      identifier: kind,
      safeHarbor: safeHarbor[kind].letter,
      title,
      finds: finds ?? 'Values of its shape below its labels; it is a detector of phiscan.yaml.',
      misses: misses ?? 'Values without a label, and those of another shape.',
      labels,
      shape: shapes.shape,
      ...(shapes.inline === undefined ? {} : { inline: shapes.inline }),
      ...(shapes.intrinsic === undefined ? {} : { intrinsic: shapes.intrinsic }),
      ...(check === undefined ? {} : { check }),
      ...(shapes.synthetic === undefined ? {} : { synthetic: shapes.synthetic }),
      direct: direct ?? safeHarbor[kind].direct,
      severity,
      mask: mask.text,
      examples: examples.map(({ example }) => example),
      counterExamples: counterExamples.map(({ example }) => example),
      references,
    },
  };
}

function readId(fields: Fields, taken: Set<string>, complain: Complain): string | undefined {
  const id = fields.required('id', 'Give it a short name: kelp-mrn');
  if (id === undefined) return undefined;
  if (!ID.test(id.text) || id.text.length > ID_CHARACTERS) {
    complain(id.at, 'id is no name of small letters, digits and single dashes', 'Write it as in kelp-mrn');
  } else if (id.text.replace(/[^0-9]/g, '').length > ID_DIGITS) {
    complain(id.at, 'id could hold a value', `Give it at most ${ID_DIGITS} digits: every report shows it`);
  } else if (taken.has(id.text)) {
    complain(id.at, `the id ${id.text} is taken`, 'Choose another; phiscan detectors list shows the built-in ones');
  }
  taken.add(id.text);
  return id.text;
}

function readLabels(fields: Fields, complain: Complain): Required<Detector['labels']> {
  const mapping = fields.mapping('labels');
  const lists: Record<string, readonly string[]> = {};
  const keys = mapping === undefined ? undefined : new Fields(mapping, LABEL_KEYS, complain);
  for (const key of LABEL_KEYS) {
    const labels = keys?.texts(key) ?? [];
    for (const label of labels) checkLabel(label, key, complain);
    lists[key] = labels.map(({ text }) => text);
  }
  const { strong = [], weak = [], whole = [], not = [] } = lists;
  for (const label of keys?.texts('whole') ?? []) {
    if (![...strong, ...weak].includes(label.text)) {
      complain(label.at, 'a label of whole is neither strong nor weak', 'Give it there too');
    }
  }
  return { strong, weak, whole, not };
}

interface ShapeTexts {
  shape?: string;
  inline?: string;
  intrinsic?: string;
  synthetic?: string;
}

function readShapes(fields: Fields, complain: Complain): ShapeTexts {
  const shapes: ShapeTexts = {};
  for (const key of ['shape', 'inline', 'intrinsic', 'synthetic'] as const) {
    const todo = "Give the whole value as RE2 source: 'KV[0-9]{8}'";
    const source = key === 'shape' ? fields.required(key, todo) : fields.text(key);
    if (source === undefined || !checkShape(source, key, complain)) continue;
    if (key === 'intrinsic') checkIntrinsic(source, complain);
    shapes[key] = `(?:${source.text})`;
  }
  return shapes;
}

function readCheck(fields: Fields, complain: Complain): string | undefined {
  const check = fields.text('check');
  if (check === undefined || checkSentence(check.text) !== undefined) return check?.text;
  const meant = nearest(checkNames, check.text);
  complain(
    check.at,
    'no such check',
    meant === undefined ? `Give one of: ${checkNames.join(', ')}` : `Did you mean ${meant}?`,
  );
  return undefined;
}

/** `severity: high`, or `severity: { labelled: high, bare: medium }`. */
function readSeverity(fields: Fields, isIntrinsic: boolean, complain: Complain): Detector['severity'] {
  const node = fields.node('severity');
  const parts = node?.kind === 'mapping' ? new Fields(node, ['labelled', 'bare'], complain) : undefined;
  const labelled =
    severityOf(parts === undefined ? fields : parts, parts === undefined ? 'severity' : 'labelled', complain) ??
    'medium';
  const bare = parts === undefined ? undefined : severityOf(parts, 'bare', complain);
  if (bare !== undefined && !isIntrinsic)
    complain(
      parts?.placeOf('bare') ?? fields.at,
      'bare without intrinsic',
      'Give an intrinsic shape, or leave bare out',
    );
  if (bare === 'info') complain(parts?.placeOf('bare') ?? fields.at, 'bare cannot be info', 'Give high, medium or low');
  return isIntrinsic ? { labelled, bare: bare === undefined || bare === 'info' ? 'low' : bare } : { labelled };
}

function severityOf(fields: Fields, key: string, complain: Complain): Detector['severity']['labelled'] | undefined {
  const given = fields.text(key);
  const severity = SEVERITIES.find((one) => one === given?.text);
  if (given !== undefined && severity === undefined)
    complain(given.at, `no such ${key}`, `Give one of: ${SEVERITIES.join(', ')}`);
  return severity;
}

interface PlacedExample {
  readonly example: DetectorExample;
  readonly at: number;
}

/** A text alone, or `{ path, text, reason, outcome }`. */
function readExamples(
  fields: Fields,
  key: 'examples' | 'counterExamples',
  complain: Complain,
): readonly PlacedExample[] {
  const read: PlacedExample[] = [];
  for (const [index, node] of fields.list(key).entries()) {
    const reason = `${key} ${index + 1}`;
    if (node.kind !== 'mapping') {
      const text = textOf(node, node.start, `an element of ${key}`, complain)?.text;
      if (text !== undefined)
        read.push({ at: node.start, example: { path: 'example.txt', text: `${text}\n`, reason } });
      continue;
    }
    const known = key === 'examples' ? ['path', 'text', 'reason', 'outcome'] : ['path', 'text', 'reason'];
    const parts = new Fields(node, known, complain);
    const text = parts.required('text', 'Give the text of a file')?.text;
    const outcome = parts.text('outcome');
    if (outcome !== undefined && outcome.text !== 'real' && outcome.text !== 'synthetic') {
      complain(outcome.at, 'no such outcome', 'Give real or synthetic');
    }
    if (text === undefined) continue;
    const path = parts.text('path')?.text ?? 'example.txt';
    const expected =
      outcome?.text === 'real' || outcome?.text === 'synthetic' ? ({ outcome: outcome.text } as const) : {};
    read.push({
      at: node.start,
      example: { path, text: `${text}\n`, reason: parts.text('reason')?.text ?? reason, ...expected },
    });
  }
  return read;
}
