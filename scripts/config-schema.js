// docs/phiscan.schema.json, from what the reader of phiscan.yaml knows. A pure function: a test compares it with the file.

/** Anything that YAML gives as a text or takes for a number: the reader takes both as written. */
const text = { type: ['string', 'number', 'boolean'], pattern: '\\S' };
const texts = { type: 'array', items: text };

/**
 * @param {object} known
 * @param {readonly string[]} known.identifiers
 * @param {readonly string[]} known.detectors ids of the built-in ones
 * @param {readonly string[]} known.checks
 * @param {readonly string[]} known.formats of reports
 * @param {readonly string[]} known.severities
 * @param {readonly object[]} known.limits rows of src/config/limit-keys.ts, each with its default in words
 */
export function configSchema({ identifiers, detectors, checks, formats, severities, limits }) {
  const severity = { enum: severities };
  const ids = [...new Set([...identifiers, 'patient-record', ...detectors])];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'phiscan.yaml',
    description: 'Settings of phiscan. phiscan config show tells which hold, phiscan detectors test runs the examples.',
    // An empty file has no settings.
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      severities: {
        description:
          'How bad findings are, by identifier or by the id of a detector, which goes before its identifier.',
        type: 'object',
        properties: Object.fromEntries(ids.map((id) => [id, severity])),
        // Detectors of the file's own.
        additionalProperties: severity,
        propertyNames: { pattern: '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$' },
      },
      'fail-on': {
        description: 'Findings of this severity or worse fail a run.',
        enum: [...severities, 'none'],
        default: 'medium',
      },
      'min-confidence': {
        description: 'Findings that are less likely are left out.',
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.5,
      },
      'allow-incomplete': {
        description: 'Exit 0, not 3, when something could not be read.',
        type: 'boolean',
        default: false,
      },
      paths: {
        description: 'Globs of paths as the report shows them; ! leads into an archive.',
        type: 'object',
        additionalProperties: false,
        properties: {
          exclude: { ...texts, description: 'phiscan files does not open these, and its report counts them.' },
          accept: {
            description: 'Findings here are listed and do not count, in images too.',
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['path', 'reason'],
              properties: {
                path: text,
                reason: { ...text, description: 'Why findings there are right to be there; every report shows it.' },
              },
            },
          },
        },
      },
      limits: {
        description: 'How far archives in archives are opened. What a bound leaves unread is a gap in the report.',
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(limits.map((limit) => [limit.key, limitSchema(limit)])),
      },
      platforms: {
        description: 'Of an image with several platforms, only these.',
        type: 'array',
        items: { type: 'string', pattern: '^[a-z0-9]{1,32}/[a-z0-9_]{1,32}(?:/[a-z0-9.]{1,32})?$' },
      },
      outputs: {
        description: 'Where reports go when the command line does not say.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['format', 'file'],
          properties: {
            format: { enum: formats },
            file: { ...text, description: 'From the folder of this file; - is standard output.' },
          },
        },
      },
      baseline: {
        ...text,
        description: 'The file of accepted findings, from the folder of this file.',
        default: 'phiscan-baseline.yaml',
      },
      detectors: {
        description: 'Detectors of your own, asked before the built-in ones.',
        type: 'array',
        maxItems: 100,
        items: { $ref: '#/definitions/detector' },
      },
    },
    definitions: { detector: detectorSchema(identifiers, checks, severities) },
  };
}

function limitSchema({ kind, least, most, text: description, words }) {
  if (kind === 'number') return { description, type: 'integer', minimum: least, maximum: most, default: Number(words) };
  const unit = kind === 'time' ? '(?:ms|s|m|h)' : '(?:[kMGT]B|[KMGT]iB)?';
  const amount = kind === 'time' ? '\\d{1,6}' : '\\d{1,15}(?:\\.\\d{1,3})?';
  const written = { type: 'string', pattern: `^(?=.*[1-9])${amount}${unit}$` };
  if (kind === 'time') return { description, ...written, default: words };
  return { description, anyOf: [{ type: 'integer', minimum: least, maximum: most }, written], default: words };
}

function detectorSchema(identifiers, checks, severities) {
  // Records alone are critical.
  const severity = { enum: severities.filter((each) => each !== 'critical') };
  const example = {
    type: 'object',
    additionalProperties: false,
    required: ['text'],
    properties: { path: text, text, reason: text },
  };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'title', 'identifier', 'shape', 'examples'],
    anyOf: [{ required: ['labels'] }, { required: ['intrinsic'] }],
    properties: {
      id: { type: 'string', pattern: '^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$', maxLength: 40 },
      title: text,
      identifier: { enum: identifiers },
      finds: text,
      misses: text,
      labels: {
        type: 'object',
        additionalProperties: false,
        properties: { strong: texts, weak: texts, whole: texts, not: texts },
      },
      shape: { ...text, description: 'RE2, the whole value.' },
      inline: { ...text, description: 'RE2, the shape in running text where that is to be stricter.' },
      intrinsic: { ...text, description: 'RE2, a shape that may fire without a label.' },
      check: { enum: checks },
      synthetic: { ...text, description: 'RE2, values that belong to nobody.' },
      direct: { type: 'boolean', description: 'One of it makes a record critical.' },
      severity: {
        anyOf: [
          severity,
          { type: 'object', additionalProperties: false, properties: { labelled: severity, bare: severity } },
        ],
      },
      mask: { ...text, description: 'A constant of * ( ) - @, or small letters in brackets.' },
      examples: {
        type: 'array',
        minItems: 1,
        items: {
          anyOf: [
            text,
            { ...example, properties: { ...example.properties, outcome: { enum: ['real', 'synthetic'] } } },
          ],
        },
      },
      counterExamples: { type: 'array', items: { anyOf: [text, example] } },
      references: texts,
    },
  };
}
