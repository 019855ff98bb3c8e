import { gzipSync } from 'node:zlib';
import type { ImageSpec } from '../support/image-builder.ts';
import { buildTar, compress } from '../support/layer-builder.ts';
import type { TarEntry } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import type { Patient } from '../support/patients.ts';
import { zipOf } from './zip-archive.ts';

/** Gives a new invented patient for each place, and remembers the places. */
export class Planter {
  readonly #planted = new Map<string, Patient>();
  #seed: number;

  constructor(firstSeed: number) {
    this.#seed = firstSeed;
  }

  at(place: string): Patient {
    const planted = patient(this.#seed++);
    this.#planted.set(place, planted);
    return planted;
  }

  /** Places whose values stand in the text in any form, with the kind of the value. Never the value. */
  leaks(output: string): readonly string[] {
    const haystacks = [output.toLowerCase(), output.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')];
    const leaks: string[] = [];
    for (const [place, planted] of this.#planted) {
      for (const kind of ['ssn', 'mrn', 'mbi', 'memberId', 'email', 'name', 'account'] as const) {
        const forms = formsOf(planted[kind], kind);
        if (forms.some((form) => haystacks.some((haystack) => haystack.includes(form.toLowerCase())))) {
          leaks.push(`${place}: ${kind}`);
        }
      }
    }
    return leaks;
  }
}

function formsOf(value: string, kind: string): readonly string[] {
  const forms = [value, ...encodedForms(value).map(({ text }) => text.toString('latin1'))];
  if (kind === 'ssn') forms.push(value.replaceAll('-', ''), value.replaceAll('-', ' '), value.replaceAll('-', '.'));
  if (kind === 'mbi') forms.push(dashedMbi(value));
  if (kind === 'name') forms.push(value.split(' ').reverse().join(', '), value.split(' ').reverse().join(' '));
  return forms;
}

export function encodedForms(value: string): readonly { readonly name: string; readonly text: Buffer }[] {
  return [
    { name: 'percent', text: Buffer.from(percent(value)) },
    { name: 'base64', text: Buffer.from(Buffer.from(value).toString('base64').replace(/=+$/, '')) },
    { name: 'UTF-16', text: Buffer.from(value, 'utf16le') },
  ];
}

function percent(value: string): string {
  return value.replace(/[^A-Za-z0-9]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function dashedMbi(mbi: string): string {
  return `${mbi.slice(0, 4)}-${mbi.slice(4, 7)}-${mbi.slice(7)}`;
}

/** Labelled text in one line, as a log or a note has it. */
export function noteOf({ ssn, mrn, mbi, memberId, dob, name }: Patient): string {
  return `patient name: ${name}; SSN: ${ssn}; MRN: ${mrn}; MBI ${mbi}; member id: ${memberId}; dob: ${dob}`;
}

function csvOf({ ssn, mrn, mbi, name, email, dob, memberId }: Patient): string {
  return `patient_name,ssn,mrn,mbi,email,dob,member_id\n${name},${ssn},${mrn},${mbi},${email},${dob},${memberId}\n`;
}

function jsonOf({ ssn, mrn, name, dob, memberId }: Patient): string {
  return JSON.stringify({ patient: { dob, memberId, mrn, ssn, name: name.split(' ').reverse().join(', ') } });
}

/** A name of a file: no slash, and the values with their labels. */
export function fileNameOf({ ssn, mrn }: Patient): string {
  return `ssn_${ssn}_mrn_${mrn}`;
}

export function contentEntries(plant: Planter): readonly TarEntry[] {
  const wide = plant.at('UTF-16 content');
  const coded = plant.at('percent-encoded content');
  const base64 = plant.at('base64 content');
  return [
    { path: 'srv/seed.csv', content: csvOf(plant.at('table')) },
    { path: 'srv/upper.csv', content: csvOf(plant.at('upper-case table')).toUpperCase() },
    { path: 'srv/patient.json', content: jsonOf(plant.at('JSON content')) },
    { path: 'srv/notes.txt', content: noteOf(plant.at('text')) },
    { path: 'srv/wide.txt', content: Buffer.from(`\ufeff${noteOf(wide)}`, 'utf16le') },
    { path: 'srv/url.log', content: `GET /?ssn=${percent(coded.ssn)}&mrn=${coded.mrn} 200\n` },
    { path: 'srv/.env', content: `PATIENT_SSN=${Buffer.from(base64.ssn).toString('base64')}\n` },
    {
      path: 'srv/key.json',
      content: JSON.stringify({ [noteOf(plant.at('JSON key'))]: { ssn: plant.at('below a key').ssn } }),
    },
    { path: 'srv/broken.json', content: `{"ssn": "${plant.at('broken JSON').ssn}", "mrn":,,,` },
    { path: 'srv/binary.bin', content: Buffer.concat([Buffer.alloc(900, 1), Buffer.from(noteOf(plant.at('binary')))]) },
  ];
}

/** Names, link targets and attributes of members; with content that is found, so that the names are printed. */
export function nameEntries(plant: Planter): readonly TarEntry[] {
  const found = (): string => noteOf(plant.at('content below a name'));
  const mbi = plant.at('MBI as name').mbi;
  return [
    { path: `srv/${fileNameOf(plant.at('file name'))}.csv`, content: found() },
    { path: `srv/${fileNameOf(plant.at('folder name'))}/deep/notes.txt`, content: found() },
    { path: `srv/${fileNameOf(plant.at('upper-case file name')).toUpperCase()}.TXT`, content: found() },
    { path: `srv/${mbi}.txt`, content: found() },
    { path: `srv/${fileNameOf(plant.at('empty file'))}.txt` },
    { path: `srv/ssn=${percent(plant.at('percent-encoded name').ssn)}`, content: found() },
    { path: `srv/dir-${fileNameOf(plant.at('directory'))}`, directory: true },
    { path: 'srv/link', symlink: `/data/${fileNameOf(plant.at('link target'))}` },
    { path: 'srv/hard', hardlink: `data/${fileNameOf(plant.at('hard link target'))}` },
    { path: `srv/${fileNameOf(plant.at('whiteout'))}`, whiteout: true },
    {
      path: 'srv/attributes.txt',
      content: found(),
      pax: {
        'SCHILY.xattr.user.ssn': plant.at('attribute').ssn,
        [`SCHILY.xattr.user.${fileNameOf(plant.at('attribute name'))}`]: 'x',
        comment: noteOf(plant.at('pax comment')),
      },
    },
  ];
}

export async function nestedEntries(plant: Planter): Promise<readonly TarEntry[]> {
  const inner = await buildTar([
    { path: `data/${fileNameOf(plant.at('name in a nested tar'))}.txt`, content: noteOf(plant.at('nested tar')) },
  ]);
  const zip = zipOf(
    [
      { path: `${fileNameOf(plant.at('name in a zip'))}.csv`, content: csvOf(plant.at('zip')) },
      { path: 'a.txt', content: 'a', comment: noteOf(plant.at('zip member comment')) },
      { path: 'inner.tar.gz', content: gzipSync(inner) },
    ],
    noteOf(plant.at('zip comment')),
  );
  const stored = zipOf([{ path: 'a.csv', content: csvOf(plant.at('zip without an end')), stored: true }]);
  const gzip = gzipSync(csvOf(plant.at('broken gzip')).repeat(3), { level: 0 });
  const named = fileNameOf(plant.at('name of a broken archive'));
  const note = noteOf(plant.at('no tar header'));
  return [
    { path: `opt/${fileNameOf(plant.at('name of a zip'))}.zip`, content: zip },
    { path: `opt/${named}.gz`, content: gzip.subarray(0, -20) },
    { path: 'opt/flipped.gz', content: Buffer.concat([gzip.subarray(0, 12), Buffer.from(note), gzip]) },
    { path: 'opt/cut.zip', content: stored.subarray(0, -30) },
    { path: 'opt/broken.tar', content: Buffer.concat([inner.subarray(0, 1024), Buffer.from(note.padEnd(512)), inner]) },
    { path: 'opt/cut.tar.xz', content: compress(inner, 'xz').subarray(0, -40) },
    { path: 'opt/cut.zst', content: compress(Buffer.from(csvOf(plant.at('zstd'))), 'zstd').subarray(0, -4) },
  ];
}

/** Every field of an image's documents that is text, and some that should not be. */
export async function plantedImage(plant: Planter): Promise<ImageSpec> {
  const note = (place: string): string => noteOf(plant.at(place));
  return {
    names: [`clinic/app:${fileNameOf(plant.at('tag'))}`],
    platform: 'linux/amd64',
    annotations: { 'org.example.note': note('annotation'), [note('annotation key')]: 'x' },
    config: {
      Env: [`PATIENT_SSN=${plant.at('Env').ssn}`, `NOTE=${note('Env note')}`],
      Labels: { note: note('label'), [note('label key')]: 'x' },
      Cmd: ['run', `--ssn=${plant.at('Cmd').ssn}`],
      Entrypoint: ['/bin/sh', '-c', `echo ${note('Entrypoint')}`],
      Healthcheck: { Test: ['CMD', note('Healthcheck')] },
      OnBuild: [`RUN echo ${note('OnBuild')}`],
      User: `mrn:${plant.at('User').mrn}`,
      WorkingDir: `/srv/${fileNameOf(plant.at('WorkingDir'))}`,
      Volumes: { [`/data/${fileNameOf(plant.at('volume'))}`]: {} },
    },
    configuration: {
      author: note('author'),
      variant: `v-ssn-${plant.at('variant').ssn}`,
      'org.example': { deep: [[{ [note('key in a list')]: note('unknown member') }]] },
    },
    history: [
      { created_by: `RUN load --note "${note('history')}"`, comment: note('history comment') },
      { created_by: `COPY ${fileNameOf(plant.at('COPY'))} /srv`, author: note('history author') },
      { created_by: note('history of nested') },
    ],
    layers: [
      { entries: contentEntries(plant) },
      { entries: nameEntries(plant), descriptor: { annotations: { note: note('descriptor annotation') } } },
      { entries: await nestedEntries(plant) },
    ],
    attestations: [{ predicateType: 'https://spdx.example/Document', predicate: { name: note('SBOM') } }],
  };
}
