import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Location, Report } from '../../src/finding.ts';
import type { BuiltImage, ImageSpec } from '../support/image-builder.ts';
import { buildImage, jsonBytes } from '../support/image-builder.ts';
import type { LayoutFiles } from '../support/image-layouts.ts';
import {
  archiveOf,
  containerdStore,
  docker25,
  dockerLegacy,
  ociLayout,
  skopeoDockerArchive,
} from '../support/image-layouts.ts';
import type { TarEntry } from '../support/layer-builder.ts';
import { buildTar } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { inFolder, scan } from '../support/scans.ts';

const one = patient(21);
const { ssn, mrn } = one;
const plain: ImageSpec['layers'] = [{ entries: [{ path: 'etc/motd', content: 'welcome\n' }] }];
const twoLayers = [...plain, { entries: [{ path: 'etc/issue', content: 'hello\n' }] }];

function statement(predicateType: string, predicate: object): Record<string, unknown> {
  return { _type: 'https://in-toto.io/Statement/v0.1', predicateType, subject: [], predicate };
}

/** What the only finding must say of its place; `layer` is an index. */
type Expected = Partial<Omit<Location, 'layer'>> & { readonly detector?: string; readonly layer?: number | undefined };

interface Row {
  readonly title: string;
  readonly image: Partial<ImageSpec>;
  readonly layout?: (images: readonly BuiltImage[]) => LayoutFiles;
  /** Changes the archive after it was made. */
  readonly change?: (files: LayoutFiles) => LayoutFiles;
  readonly expected: Expected;
}

const config = (members: Record<string, unknown>): Partial<ImageSpec> => ({ config: members });
const history = (...entries: readonly Record<string, unknown>[]): Partial<ImageSpec> => ({
  layers: twoLayers,
  history: entries,
});
const inLayer = (entry: TarEntry): Partial<ImageSpec> => ({ layers: [...plain, { entries: [entry] }] });
/** One document more in the archive, which nothing names. */
const withBlob = (path: string, document: unknown) => (files: LayoutFiles) => [
  ...files,
  { path, content: jsonBytes(document) },
];

const rows: readonly Row[] = [
  {
    title: 'an environment variable, by its index',
    image: config({ Env: ['PATH=/usr/bin', 'LANG=C', 'TZ=UTC', `PATIENT_SSN=${ssn}`] }),
    expected: { kind: 'config', pointer: 'config.Env[3]', field: 'PATIENT_SSN' },
  },
  {
    title: 'an environment variable whose name says nothing',
    image: config({ Env: ['PATH=/usr/bin', `SEED=${ssn}`] }),
    expected: { kind: 'config', pointer: 'config.Env[1]' },
  },
  {
    title: 'a patient in three environment variables is one record',
    image: config({ Env: [`PATIENT_NAME=${one.name}`, `PATIENT_SSN=${ssn}`, `PATIENT_DOB=${one.dob}`] }),
    expected: { detector: 'patient-record', kind: 'config', pointer: 'config.Env[*]' },
  },
  {
    title: 'a label, by its key',
    image: config({ Labels: { maintainer: 'team', 'org.example.mrn': mrn } }),
    expected: { detector: 'mrn', kind: 'config', pointer: 'config.Labels["org.example.mrn"]' },
  },
  {
    title: 'the key of a label',
    image: config({ Labels: { [`patient ${ssn}`]: 'x' } }),
    expected: { kind: 'config', pointer: 'config.Labels' },
  },
  {
    title: 'a document inside a label',
    image: config({ Labels: { seed: JSON.stringify({ patient: { mrn, ssn } }) } }),
    expected: { detector: 'patient-record', kind: 'config', pointer: 'config.Labels.seed.patient' },
  },
  {
    title: 'Cmd',
    image: config({ Cmd: ['load', `--ssn=${ssn}`] }),
    expected: { kind: 'config', pointer: 'config.Cmd[1]' },
  },
  {
    title: 'Cmd with the option and its value in two elements',
    image: config({ Cmd: ['load', '--mrn', mrn] }),
    expected: { detector: 'mrn', kind: 'config', pointer: 'config.Cmd[2]' },
  },
  {
    title: 'Entrypoint',
    image: config({ Entrypoint: ['/bin/sh', '-c', `load --mrn ${mrn}`] }),
    expected: { detector: 'mrn', kind: 'config', pointer: 'config.Entrypoint[2]' },
  },
  {
    title: 'Healthcheck',
    image: config({ Healthcheck: { Test: ['CMD-SHELL', `curl http://localhost/patient?ssn=${ssn}`] } }),
    expected: { kind: 'config', pointer: 'config.Healthcheck.Test[1]' },
  },
  {
    title: 'OnBuild',
    image: config({ OnBuild: ['RUN true', `RUN load --ssn=${ssn}`] }),
    expected: { kind: 'config', pointer: 'config.OnBuild[1]' },
  },
  {
    title: 'Shell',
    image: config({ Shell: ['/bin/load', `-ssn=${ssn}`] }),
    expected: { kind: 'config', pointer: 'config.Shell[1]' },
  },
  {
    title: 'WorkingDir',
    image: config({ WorkingDir: `/srv/${ssn}` }),
    expected: { kind: 'config', pointer: 'config.WorkingDir' },
  },
  { title: 'User', image: config({ User: `ssn=${ssn}` }), expected: { kind: 'config', pointer: 'config.User' } },
  {
    title: 'a volume',
    image: config({ Volumes: { [`/srv/${ssn}`]: {} } }),
    expected: { kind: 'config', pointer: 'config.Volumes' },
  },
  {
    title: 'the author',
    image: { configuration: { author: `for patient ssn ${ssn}` } },
    expected: { kind: 'config', pointer: 'author' },
  },
  {
    title: 'a member that no specification knows',
    image: { configuration: { 'x-notes': { to: [`ssn ${ssn}`] } } },
    expected: { kind: 'config', pointer: 'x-notes.to[0]' },
  },
  {
    title: 'created_by of the second layer',
    image: history(
      { created_by: 'COPY a /' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: `RUN load --mrn ${mrn}` },
    ),
    expected: { detector: 'mrn', kind: 'history', pointer: 'history[2].created_by', layer: 1 },
  },
  {
    title: 'created_by of an instruction without a layer',
    image: history(
      { created_by: 'COPY a /' },
      { created_by: 'COPY b /' },
      { created_by: `LABEL ssn=${ssn}`, empty_layer: true },
    ),
    expected: { kind: 'history', pointer: 'history[2].created_by', layer: undefined },
  },
  {
    title: 'a build argument of the classic builder',
    image: history({ created_by: `|1 PATIENT_SSN=${ssn} /bin/sh -c make` }, { created_by: 'COPY b /' }),
    expected: { kind: 'history', pointer: 'history[0].created_by', layer: 0 },
  },
  {
    title: 'the comment of a history entry',
    image: history({ created_by: 'COPY a /' }, { created_by: 'COPY b /', comment: `seeds ssn ${ssn}` }),
    expected: { kind: 'history', pointer: 'history[1].comment', layer: 1 },
  },
  {
    title: 'the author of a history entry',
    image: history({ created_by: 'COPY a /', author: `ssn ${ssn}` }, { created_by: 'COPY b /' }),
    expected: { kind: 'history', pointer: 'history[0].author', layer: 0 },
  },
  {
    title: 'a history that is shorter than the list of layers',
    image: history({ created_by: `COPY ssn=${ssn} /` }),
    expected: { kind: 'history', pointer: 'history[0].created_by', layer: 0 },
  },
  {
    title: 'a history that is longer than the list of layers',
    image: history({ created_by: 'COPY a /' }, { created_by: 'COPY b /' }, { created_by: `COPY ssn=${ssn} /` }),
    expected: { kind: 'history', pointer: 'history[2].created_by', layer: undefined },
  },
  {
    title: 'an annotation of the manifest',
    image: { annotations: { 'org.example.note': `ssn ${ssn}` } },
    expected: { kind: 'manifest', pointer: 'annotations["org.example.note"]' },
  },
  {
    title: 'an annotation of a layer',
    image: { layers: [...plain, { entries: [], descriptor: { annotations: { note: `ssn ${ssn}` } } }] },
    expected: { kind: 'manifest', pointer: 'layers[1].annotations.note' },
  },
  {
    title: 'an annotation of the index',
    image: {},
    layout: ociLayout,
    change: (files) =>
      files.map((file) => {
        if (file.path !== 'index.json') return file;
        const index = JSON.parse(String(file.content)) as object;
        return { ...file, content: jsonBytes({ ...index, annotations: { note: `ssn ${ssn}` } }) };
      }),
    expected: { kind: 'manifest', path: 'index.json', pointer: 'annotations.note' },
  },
  {
    title: 'a build argument that only the provenance holds',
    image: {
      attestations: [
        statement('https://slsa.dev/provenance/v0.2', {
          invocation: { parameters: { args: { 'build-arg:PATIENT_SSN': ssn } } },
        }),
      ],
    },
    expected: { kind: 'manifest', pointer: 'predicate.invocation.parameters.args["build-arg:PATIENT_SSN"]' },
  },
  {
    title: 'an SBOM',
    image: {
      attestations: [
        statement('https://spdx.dev/Document', {
          spdxVersion: 'SPDX-2.3',
          packages: [{ name: 'a' }, { name: 'seed', comment: `mrn: ${mrn}` }],
        }),
      ],
    },
    expected: { detector: 'mrn', kind: 'manifest', pointer: 'predicate.packages[1].comment' },
  },
  {
    title: 'a legacy configuration of docker save before 25, with a value that no configuration has',
    image: config({ Env: ['A=b'] }),
    layout: dockerLegacy,
    change: (files) =>
      files.map((file) => {
        if (!file.path.endsWith('/json')) return file;
        const legacy = JSON.parse(String(file.content)) as object;
        return { ...file, content: jsonBytes({ ...legacy, config: { Env: ['A=b', `PATIENT_SSN=${ssn}`] } }) };
      }),
    expected: { kind: 'config', pointer: 'config.Env[1]' },
  },
  {
    title: 'a legacy configuration that nothing names',
    image: config({ Env: ['A=b'] }),
    layout: docker25,
    change: withBlob(`blobs/sha256/x`, { id: 'a'.repeat(64), os: 'linux', config: { Env: [`PATIENT_SSN=${ssn}`] } }),
    expected: { kind: 'config', pointer: 'config.Env[0]', visibility: 'unreferenced' },
  },
  {
    title: 'a document that nothing names',
    image: {},
    change: withBlob('notes.json', { note: `ssn ${ssn}` }),
    expected: { path: 'notes.json', pointer: 'note', visibility: 'unreferenced' },
  },
  {
    title: 'a text that nothing names',
    image: {},
    change: (files) => [...files, { path: 'README', content: `made for\nssn ${ssn}\n` }],
    expected: { path: 'README', line: 2, column: 5, visibility: 'unreferenced' },
  },
  {
    title: 'a layer that nothing names',
    image: {},
    layout: skopeoDockerArchive,
    change: (files) => [...files, { path: 'old/layer.tar', content: '' }],
    expected: { kind: 'file', path: 'old/layer.tar!srv/seed', line: 1, visibility: 'unreferenced' },
  },
  {
    title: 'repositories',
    image: {},
    layout: docker25,
    change: (files) =>
      files.map((file) => (file.path === 'repositories' ? { ...file, content: `{"app":{"ssn ${ssn}":""}}` } : file)),
    expected: { kind: 'manifest', path: 'repositories' },
  },
  {
    title: 'the name of a member of the archive',
    image: {},
    change: (files) => [...files, { path: `notes/${ssn}.txt`, content: '' }],
    expected: { kind: 'manifest', pointer: 'name' },
  },
  {
    title: 'a pax record of a member of the archive',
    image: {},
    change: (files) => [...files, { path: 'notes', content: '', pax: { 'SCHILY.xattr.user.note': `ssn ${ssn}` } }],
    expected: { kind: 'manifest', path: 'notes', pointer: 'SCHILY.xattr.user.note' },
  },
  {
    title: 'the name of a file in a layer',
    image: inLayer({ path: `srv/chart-${ssn}.txt`, content: 'x' }),
    expected: { kind: 'file', pointer: 'name', layer: 1, visibility: 'visible' },
  },
  {
    title: 'the name of a folder in a layer',
    image: inLayer({ path: `srv/ssn ${ssn}`, directory: true }),
    expected: { kind: 'file', pointer: 'name', layer: 1, visibility: 'visible' },
  },
  {
    title: 'the name of a file that a layer deletes',
    image: inLayer({ path: `srv/ssn ${ssn}`, whiteout: true }),
    expected: { kind: 'file', pointer: 'name', layer: 1, visibility: 'deleted' },
  },
  {
    title: 'the target of a symbolic link',
    image: inLayer({ path: 'srv/chart', symlink: `/data/mrn/${mrn}/chart` }),
    expected: { detector: 'mrn', kind: 'file', path: 'srv/chart', pointer: 'link target', layer: 1 },
  },
  {
    title: 'an extended attribute',
    image: inLayer({ path: 'srv/chart', content: 'x', pax: { 'SCHILY.xattr.user.mrn': mrn } }),
    expected: { detector: 'mrn', kind: 'file', path: 'srv/chart', pointer: 'SCHILY.xattr.user.mrn', layer: 1 },
  },
  {
    title: 'a pax comment',
    image: inLayer({ path: 'srv/chart', content: 'x', pax: { comment: `patient ssn ${ssn}` } }),
    expected: { kind: 'file', path: 'srv/chart', pointer: 'comment', layer: 1 },
  },
  {
    title: "the name of a file's owner",
    image: inLayer({ path: 'srv/chart', content: 'x', pax: { uname: `ssn ${ssn}` } }),
    expected: { kind: 'file', path: 'srv/chart', pointer: 'uname', layer: 1 },
  },
  {
    title: 'the name of the group of a file',
    image: inLayer({ path: 'srv/chart', content: 'x', pax: { gname: `ssn ${ssn}` } }),
    expected: { kind: 'file', path: 'srv/chart', pointer: 'gname', layer: 1 },
  },
];

let spareLayer: Buffer;
let report: Report;
beforeAll(async () => {
  spareLayer = await buildTar([{ path: 'srv/seed', content: `ssn ${ssn}\n` }]);
  report = await inFolder(async (folder) => {
    const references: string[] = [];
    for (const [index, row] of rows.entries()) {
      const { image: spec, layout = containerdStore, change = (files: LayoutFiles) => files } = row;
      const image = await buildImage({ names: [`row-${index}:1`], layers: plain, ...spec });
      const changed = change(layout([image])).map((file) =>
        file.path === 'old/layer.tar' ? { ...file, content: spareLayer } : file,
      );
      references.push(join(folder, `row-${index}.tar`));
      await writeFile(references.at(-1) ?? '', await archiveOf(changed));
    }
    return await scan(references, { jobs: 2 });
  });
});

/** Of one archive, whether its image is named or not. */
function of(index: number): (place: { readonly location: Location }) => boolean {
  const name = new RegExp(`(^|/)row-${index}(:1|\\.tar)$`);
  return ({ location }) => name.test(location.target);
}

function placeOf({ detector, location }: Finding, keys: readonly string[]): object {
  const { layer, ...place } = location;
  const all: Record<string, unknown> = { detector, layer: layer?.index, ...place };
  return Object.fromEntries(keys.map((key) => [key, all[key]]));
}

describe('one value alone is found, once, in', () => {
  it.each(rows.map((row, index): [string, number, Row] => [row.title, index, row]))('%s', (_, index, row) => {
    const expected = { detector: 'ssn', ...row.expected };
    const found = report.findings.filter(of(index));
    expect(found.map((finding) => placeOf(finding, Object.keys(expected)))).toEqual([expected]);
    expect(report.coverage.gaps.filter(of(index))).toEqual([]);
  });
});

it('no report of these places holds a value', () => {
  const text = JSON.stringify(report);
  for (const value of [ssn, ssn.replaceAll('-', ''), mrn, one.name, one.family, one.dob]) {
    expect(text.includes(value)).toBe(false);
  }
});

it('every finding and gap is of one of the targets', () => {
  const references = new Set(report.targets.map(({ reference }) => reference));
  const places = [...report.findings, ...report.coverage.gaps].map(({ location }) => location.target);
  expect(places.filter((target) => !references.has(target))).toEqual([]);
});

it('each layer of an image with the same words twice is named', async () => {
  const image = await buildImage({
    names: ['twice:1'],
    layers: twoLayers,
    history: [{ created_by: `COPY ssn=${ssn} /` }, { created_by: `COPY ssn=${patient(22).ssn} /` }],
  });
  const { findings } = await inFolder(async (folder) => {
    await writeFile(join(folder, 'a.tar'), await archiveOf(docker25([image])));
    return await scan([join(folder, 'a.tar')]);
  });
  expect(findings.map((finding) => placeOf(finding, ['kind', 'pointer', 'layer']))).toEqual([
    { kind: 'history', pointer: 'history[0].created_by', layer: 0 },
    { kind: 'history', pointer: 'history[1].created_by', layer: 1 },
  ]);
});

it('sixty values of one list are all counted, once, and stand in the order of the list', async () => {
  const Env = Array.from({ length: 60 }, (_, index) => `SSN_${index}=${patient(100 + index).ssn}`);
  const image = await buildImage({ names: ['many:1'], layers: plain, config: { Env } });
  const { findings } = await inFolder(async (folder) => {
    await writeFile(join(folder, 'a.tar'), await archiveOf(docker25([image])));
    return await scan([join(folder, 'a.tar')]);
  });
  expect(findings.reduce((sum, { count }) => sum + count, 0)).toBe(60);
  const indexes = findings.flatMap(({ location }) => /^config\.Env\[(\d+)\]$/.exec(location.pointer ?? '')?.[1] ?? []);
  expect(indexes.length).toBeGreaterThan(10);
  expect(indexes).toEqual(
    indexes
      .map(Number)
      .sort((a, b) => a - b)
      .map(String),
  );
});

it('contact details beside an identifier of another member are not lost', async () => {
  const members = { Env: [`PATIENT_SSN=${ssn}`, `PATIENT_NAME=${one.name}`], Labels: { mrn, email: one.email } };
  const image = await buildImage({ names: ['contact:1'], layers: plain, config: members });
  const { findings } = await inFolder(async (folder) => {
    await writeFile(join(folder, 'a.tar'), await archiveOf(docker25([image])));
    return await scan([join(folder, 'a.tar')]);
  });
  const held = findings.flatMap(({ identifier, identifiers }) => identifiers ?? [identifier]);
  expect(held).toEqual(expect.arrayContaining(['ssn', 'name', 'mrn', 'email']));
});

describe('a place repeats no value that the document has elsewhere', () => {
  const { given, family, name } = patient(23);
  it.each<[string, Record<string, unknown>]>([
    ['in the key of a label', { Env: [`PATIENT_NAME=${name}`], Labels: { [`${given}_${family}`]: `ssn ${ssn}` } }],
    [
      'in a key with dots',
      { Env: [`PATIENT_NAME=${name}`], Labels: { [`${given}.${family}`.toLowerCase()]: `ssn ${ssn}` } },
    ],
    ['in a key with a space', { Labels: { [name]: `ssn ${ssn}` } }],
    ['in a key of numbers', { Labels: { [`org.example.${mrn}`]: `ssn ${ssn}` } }],
  ])('%s', async (_, config) => {
    const image = await buildImage({ names: ['twice:1'], layers: plain, config });
    const { findings } = await inFolder(async (folder) => {
      await writeFile(join(folder, 'a.tar'), await archiveOf(docker25([image])));
      return await scan([join(folder, 'a.tar')]);
    });
    expect(findings.length).toBeGreaterThan(0);
    const text = JSON.stringify(findings).toLowerCase();
    for (const value of [given, family, mrn]) expect(text.includes(value.toLowerCase())).toBe(false);
  });
});

it('a configuration that is nested without end is scanned as it is', async () => {
  const image = await buildImage({ names: ['deep:1'], layers: plain, config: { Env: [`PATIENT_SSN=${ssn}`] } });
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const files = containerdStore([image]).map((file) =>
    file.path.endsWith(image.configDigest.slice(7))
      ? { ...file, content: `${String(file.content).slice(0, -1)},"x":${deep}}` }
      : file,
  );
  const { findings, coverage } = await inFolder(async (folder) => {
    await writeFile(join(folder, 'a.tar'), await archiveOf(files));
    return await scan([join(folder, 'a.tar')]);
  });
  expect(findings.map(({ detector }) => detector)).toEqual(['ssn']);
  expect(coverage.gaps.map(({ reason }) => reason)).toContain('digest-mismatch');
});
