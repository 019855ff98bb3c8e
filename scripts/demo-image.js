// The image of `npm run demo`, as `docker save` writes it: invented patients in a layer that a later one deletes, and one
// more in the configuration. No source file holds an identifier: the numbers are put together here, and always the same.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';

const first = ['Alma', 'Bruno', 'Celia', 'Dario', 'Edda', 'Fabio', 'Greta', 'Hugo'];
const last = ['Abelson', 'Birkett', 'Corrigan', 'Dunmore', 'Eastman', 'Farrow', 'Gladwell', 'Hartigan'];

/** Writes a docker-archive to `file`. */
export async function writeDemoImage(file) {
  const base = await tarOf({
    'etc/os-release': 'NAME="demo"\nID=demo\n',
    'srv/app/server.js': 'export const port = 8080;\n',
  });
  const seed = await tarOf({ 'srv/app/seed/patients.csv': patients(40) });
  const removal = await tarOf({ 'srv/app/seed/.wh.patients.csv': '' });
  const layers = [
    { tar: base, createdBy: 'COPY server.js /srv/app/ # buildkit' },
    { tar: seed, createdBy: 'COPY seed /srv/app/seed # buildkit' },
    { tar: removal, createdBy: 'RUN /bin/sh -c rm /srv/app/seed/patients.csv # buildkit' },
  ];
  const created = '2026-01-01T00:00:00Z';
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created,
    config: { Env: ['PATH=/usr/bin', `TEST_PATIENT_SSN=${ssn(numbers(7))}`], Cmd: ['node', '/srv/app/server.js'] },
    rootfs: { type: 'layers', diff_ids: layers.map(({ tar }) => `sha256:${sha256(tar)}`) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  });
  const configName = `${sha256(config)}.json`;
  const entries = {};
  for (const { tar } of layers) entries[`${sha256(tar)}/layer.tar`] = tar;
  entries[configName] = config;
  entries['manifest.json'] = JSON.stringify([
    { Config: configName, RepoTags: ['clinic-demo:1.0'], Layers: layers.map(({ tar }) => `${sha256(tar)}/layer.tar`) },
  ]);
  await pipeline(packed(entries), createWriteStream(file));
}

/** A table of people who do not exist. */
function patients(count) {
  const next = numbers(1);
  const rows = ['mrn,last_name,first_name,dob,ssn'];
  for (let row = 0; row < count; row += 1) {
    const born = `${1930 + next(80)}-${twoDigits(1 + next(12))}-${twoDigits(1 + next(28))}`;
    rows.push([4_000_000 + next(999_999), last[next(8)], first[next(8)], born, ssn(next)].join(','));
  }
  return `${rows.join('\n')}\n`;
}

function ssn(next) {
  return [100 + next(500), twoDigits(10 + next(89)), 1000 + next(8999)].join('-');
}

function twoDigits(number) {
  return String(number).padStart(2, '0');
}

/** Whole numbers from 0 to below `bound`, the same in every run (Park and Miller, 1988). */
function numbers(seed) {
  let state = seed;
  return (bound) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % bound;
  };
}

function tarOf(entries) {
  return buffer(packed(entries));
}

function packed(entries) {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name, mtime: new Date(0) }, content);
  tar.finalize();
  return tar;
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
