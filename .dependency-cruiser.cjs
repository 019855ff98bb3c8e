/**
 * The import direction of the house: cli -> sweep -> scan -> {source, image, ledger} -> unpack, scan -> engine -> {read, detect} -> finding,
 * report -> finding; and one door for each dependency. Types count like code.
 */

/** What each part of src/ must not import: a folder, or a file of its name. Parts to come are born with their rule. */
const above = {
  report: ['cli', 'baseline', 'sweep', 'aws', 'source', 'image', 'unpack', 'engine', 'read', 'detect', 'scan'],
  baseline: ['cli', 'sweep', 'source', 'image', 'unpack', 'engine'],
  config: ['cli', 'report', 'sweep', 'aws', 'source', 'image', 'unpack', 'scan'],
  sweep: ['cli', 'report'],
  aws: ['cli', 'report', 'sweep', 'doctor'],
  doctor: ['cli', 'report', 'sweep'],
  scan: ['cli', 'report', 'sweep'],
  registry: ['cli', 'report', 'sweep', 'aws', 'source', 'engine', 'read', 'detect', 'scan'],
  source: ['cli', 'report', 'sweep', 'engine', 'read', 'detect', 'scan'],
  ledger: ['cli', 'report', 'sweep', 'aws', 'source', 'unpack', 'engine', 'read', 'detect'],
  image: ['cli', 'report', 'sweep', 'source', 'engine', 'read', 'detect', 'scan'],
  unpack: ['cli', 'report', 'sweep', 'aws', 'source', 'image', 'engine', 'read', 'detect', 'scan'],
  engine: ['cli', 'report', 'sweep', 'aws', 'source', 'image', 'scan'],
  read: ['cli', 'report', 'sweep', 'aws', 'source', 'image', 'scan', 'engine'],
  detect: ['cli', 'report', 'sweep', 'aws', 'source', 'image', 'scan', 'engine', 'read'],
  'planned-sweep': ['(?!finding).+'],
  'finding-counts': ['(?!finding).+'],
  'event-line': ['(?!finding).+'],
  finding: ['(?!target).+'],
  target: ['.+'],
  limits: ['.+'],
  'remote-limits': ['.+'],
  errors: ['.+'],
  parallel: ['.+'],
};

/** One importing file each: a replacement is one diff. */
const doors = [
  're2',
  '@eslint-community/regexpp',
  'dockerode',
  'https-proxy-agent',
  'proxy-from-env',
  'commander',
  'leven',
  'cli-progress',
  'picocolors',
  'fzstd',
  'xz-decompress',
  'unbzip2-stream',
  'seek-bzip',
  'yauzl',
  'csv-parse',
  'fast-glob',
  'tinypool',
  'tar-stream',
  '@balena/dockerignore',
  'saxes',
  'yaml',
  'pdfjs-dist',
  '@aws-sdk/client-ecs',
  '@aws-sdk/client-sqs',
  '@photostructure/sqlite',
  '@aws-sdk/client-ecr',
  '@aws-sdk/client-ecr-public',
  '@aws-sdk/client-sts',
  '@aws-sdk/client-iam',
  '@aws-sdk/client-securityhub',
  'd3-hierarchy',
];

/** Data and its lookup, which import nothing but types of findings: documents of AWS are read like all others. */
const pureTables = '^src/aws/surfaces/';

const direction = Object.entries(above).map(([part, forbidden]) => ({
  name: `direction: ${part}`,
  severity: 'error',
  from: { path: `^src/${part}(/|\\.ts$)` },
  to: { path: `^src/(${forbidden.join('|')})(/|\\.ts$)`, pathNot: forbidden.includes('.+') ? [] : pureTables },
}));

// A module rule counts importers: at most one in src/ and detectors/ together.
const oneDoor = doors.map((name) => ({
  name: `one door: ${name}`,
  severity: 'error',
  module: { path: `(^|/)node_modules/(@types/)?${name}/`, numberOfDependentsMoreThan: 1 },
  from: { path: '^(src|detectors)/' },
}));

module.exports = {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    ...direction,
    ...oneDoor,
    {
      name: 'no way out of detection and reading',
      comment: 'They hold values: no file, no network, no other process.',
      severity: 'error',
      from: { path: '^(src/(detect|read|engine)|detectors)/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|tls|http|https|http2|dgram|dns|child_process|cluster|worker_threads|inspector)(/|$)',
      },
    },
    {
      name: 'detectors are data',
      severity: 'error',
      from: { path: '^detectors/' },
      to: { path: '^src/', pathNot: '^src/(detect/|(finding|target)\\.ts$)' },
    },
    {
      name: 'start-up loads no engine',
      comment: '`--version` and `--help` answer at once: commands are loaded when they run.',
      severity: 'error',
      from: { path: '^src/cli/(main|process|program|fault|echo|options/option-values|output)\\.ts$' },
      to: {
        path: '^src/(scan|aws|doctor|cli/(scan-command|ecs-command|doctor-command|progress)|source|image|unpack|read|detect|engine|config)',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'tables of AWS are data',
      severity: 'error',
      from: { path: pureTables },
      to: { path: '.+', pathNot: `${pureTables}|^src/finding\\.ts$` },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no development dependency in what is shipped',
      severity: 'error',
      from: { path: '^(src|detectors)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
