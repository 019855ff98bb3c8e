/** Keys above a label that count. */
const LABELS = 16;
/** Longest key that is kept whole in labels and pointers, in characters. */
const KEY_CHARS = 256;
/** Different paths that are remembered; a document whose keys never come again must not fill the memory. */
const PATHS = 10_000;

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;
/** A key that may itself be an identifier. */
const TELLING_KEY = /\d{4}|@|\d.*[-/. ].*\d/;

/** A key and the keys above it; array indexes are left out. One object for each path, however often it comes. */
export interface JsonPath {
  /** Empty at the root. */
  readonly key: string;
  /** The key, then the keys above it. */
  readonly labels: readonly string[];
  /** `.name`, `["a.b"]`; without the dot at the root. */
  readonly step: string;
  readonly firstStep: string;
  readonly telling: boolean;
  /** Its value says what the value beside it means: `name` in `{"name": "SSN", "value": …}`. */
  readonly naming: boolean;
  /** The same of an object: `type` in `{"type": {"text": "SSN"}, "value": …}`. */
  readonly kind: boolean;
  /** The other half. */
  readonly named: boolean;
  /** An array below this key holds parts of a person, not persons. */
  readonly parts: boolean;
  /** A list below this key is a command line: an option's value is the element behind it. */
  readonly command: boolean;
  /** A function of a template, which stands for the value of the key above it. */
  readonly joins: boolean;
  readonly children: Map<string, JsonPath>;
}

const NAMING = new Set([
  'name',
  'key',
  'system',
  'type',
  'code',
  'coding',
  'label',
  'field',
  'attribute',
  'column',
  'parameter',
  'parameterkey',
  'optionname',
]);
const KINDS = new Set(['type', 'code', 'coding']);
const NAMED = new Set([
  'value',
  'val',
  'valuestring',
  'values',
  'text',
  'content',
  'display',
  'answer',
  'valuefrom',
  'valuedate',
  'valuenumeric',
  'default',
  'parametervalue',
]);
const COMMANDS = new Set(['command', 'cmd', 'entrypoint', 'args', 'arguments', 'test', 'run', 'script', 'commands']);
/** Of CloudFormation: `Fn::Sub`, and `Ref`'s like without a name of their own. */
const FUNCTION = /^[Ff]n::[A-Za-z][A-Za-z0-9]{1,24}$/;
/** Of HL7 FHIR's datatypes, JSON:API, SCIM, ECS and Kubernetes: lists that belong to what they are in. */
const PARTS = new Set(
  (
    'name names given prefix suffix line telecom phone phones phonenumber phonenumbers email emails address addresses ' +
    'identifier identifiers ids extension coding type communication contactpoint insurance coverage tags notes ' +
    'env environment secrets attributes properties fields parameters params labels annotations args headers columns'
  ).split(' '),
);

export class JsonPaths {
  readonly root: JsonPath;
  #count = 0;

  /** `above`: labels of what the document is in. */
  constructor(above: readonly string[] = []) {
    this.root = { ...pathOf('', undefined), labels: above };
  }

  /** `text` is the key as a string, escapes undone. */
  child(parent: JsonPath, text: string): JsonPath {
    const key = text.length > KEY_CHARS ? text.slice(0, KEY_CHARS) : text;
    const known = parent.children.get(key);
    if (known !== undefined) return known;
    const path = pathOf(key, parent);
    if (this.#count++ < PATHS) parent.children.set(key, path);
    return path;
  }
}

function pathOf(key: string, parent: JsonPath | undefined): JsonPath {
  if (parent !== undefined && FUNCTION.test(key)) {
    return { ...parent, step: '', firstStep: '', joins: key === 'Fn::Join', children: new Map() };
  }
  const word = key.toLowerCase().replace(/[^a-z]/g, '');
  const plain = PLAIN_KEY.test(key);
  return {
    key,
    labels: parent === undefined ? [] : [key, ...parent.labels].slice(0, LABELS),
    step: plain ? `.${key}` : `[${JSON.stringify(key)}]`,
    firstStep: plain ? key : `[${JSON.stringify(key)}]`,
    telling: TELLING_KEY.test(key),
    naming: NAMING.has(word),
    kind: KINDS.has(word),
    named: NAMED.has(word),
    parts: PARTS.has(word),
    command: COMMANDS.has(word),
    joins: false,
    children: new Map(),
  };
}
