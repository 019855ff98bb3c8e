import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, dockerLegacy, docker25, ociLayout, writeLayout } from '../support/image-layouts.ts';
import { buildTar } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { type Ended, phiscan, type RunOptions } from './command.ts';
import { hostileArchives } from './hostile-documents.ts';
import { contentEntries, encodedForms, fileNameOf, nestedEntries, plantedImage, Planter } from './plants.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-leaks-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const everything = ['--explain', '--min-confidence', '0', '--fail-on', 'info'];

/** All that a run lets out: what it prints, what it writes, and what it leaves in the folder for temporary files. */
async function outputs(args: readonly string[], options: RunOptions = {}): Promise<{ ended: Ended; text: string }> {
  const TMPDIR = mkdtempSync(join(folder, 'tmp-'));
  const ended = await phiscan(args, { ...options, env: { PHISCAN_DEBUG: '1', TMPDIR, ...options.env } });
  const left = readdirSync(TMPDIR, { recursive: true, encoding: 'utf8' });
  return { ended, text: [ended.stdout, ended.stderr, ...left].join('\n') };
}

describe('no output holds a planted value', () => {
  it.each(Object.entries({ dockerLegacy, docker25, ociLayout }))(
    'of an image with values everywhere, as %s',
    async (name, layout) => {
      const plant = new Planter(1000);
      const file = join(folder, `${name}.tar`);
      const report = join(folder, `${name}.json`);
      const page = join(folder, `${name}.html`);
      writeFileSync(file, await archiveOf(layout([await buildImage(await plantedImage(plant))])));
      const [table, written] = await Promise.all([
        outputs(['image', file, ...everything]),
        outputs(['image', file, ...everything, '--format', 'json', '--output', report, '--output', page]),
      ]);
      expect(table.ended).toMatchObject({ code: 1, late: false });
      expect(plant.leaks(table.text)).toEqual([]);
      expect(plant.leaks(written.text + readFileSync(report, 'utf8'))).toEqual([]);
      expect(plant.leaks(readFileSync(page, 'utf8'))).toEqual([]);
      // The search would find nothing in an empty report, either.
      expect(readFileSync(report, 'utf8')).toContain('ssn_***-**-****_mrn_[mrn]');
    },
  );

  it('of documents of every wrong shape', async () => {
    const plant = new Planter(2000);
    for (const [name, members] of Object.entries(await hostileArchives(plant))) {
      const file = join(folder, `hostile-${name}.tar`);
      writeFileSync(file, await buildTar(members));
      const runs = await Promise.all([
        outputs(['image', file, ...everything]),
        outputs(['image', file, ...everything, '--format', 'json']),
        outputs(['image', file, '--platform', 'linux/s390x']),
      ]);
      for (const { text, ended } of runs) {
        expect(plant.leaks(text), name).toEqual([]);
        expect(ended.stderr, name).not.toContain('fault of phiscan');
      }
      expect(runs[1].ended.code, name).toBe(1);
    }
  });

  it('of a folder whose files and folders are named by values', async () => {
    const plant = new Planter(3000);
    const root = join(folder, fileNameOf(plant.at('root')));
    const deep = join(root, fileNameOf(plant.at('folder')));
    await writeLayout([...contentEntries(plant), ...(await nestedEntries(plant))], deep);
    writeFileSync(join(deep, `${fileNameOf(plant.at('file'))}.csv`), 'ssn\n');
    const report = join(root, `${fileNameOf(plant.at('report'))}.json`);
    const table = await outputs(['files', root, ...everything]);
    const json = await outputs(['files', `${root}/**`, ...everything, '--format', 'json']);
    const written = await outputs(['files', deep, ...everything, '--output', report]);
    expect([table, json, written].map(({ ended }) => ended.code)).toEqual([1, 1, 1]);
    expect(plant.leaks(table.text + json.text + written.text)).toEqual([]);
  });

  it('of an image whose blobs are cut or overwritten anywhere', async () => {
    const plant = new Planter(4000);
    const archive = await archiveOf(dockerLegacy([await buildImage(await plantedImage(plant))]));
    const file = join(folder, 'broken.tar');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 600, max: archive.length }),
        fc.integer({ min: 0, max: Math.floor(archive.length / 512) }),
        async (end, block) => {
          const bytes = Buffer.from(archive);
          // Whole blocks: half a name may lose its label, and an unlabelled number is only a number.
          bytes.fill(0xa5, 512 * block, 512 * (block + 1));
          writeFileSync(file, bytes.subarray(0, end));
          const { text, ended } = await outputs(['image', file, ...everything, '--format', 'json']);
          expect(plant.leaks(text)).toEqual([]);
          expect(ended.stderr).not.toContain('fault of phiscan');
          expect([1, 2, 3]).toContain(ended.code);
        },
      ),
      { numRuns: 6, seed: 4000 },
    );
  });
});

describe('what the engine finds in a name, it masks in every text', () => {
  const engine = new Engine();
  const labels = fc.constantFrom(
    'ssn',
    'SSN',
    'patient_ssn',
    'Social Security Number',
    'mrn',
    'MRN',
    'medicare-id',
    'mbi',
  );
  const glue = fc.constantFrom('_', '-', '=', ':', ': ', ' ', '/', '%3D', '.', '');
  const text = fc.stringMatching(/^[a-z]{0,6}[ /_.-]?$/);

  it('whatever stands around it', () => {
    fc.assert(
      fc.property(labels, glue, text, text, fc.nat(400), fc.nat(3), (label, between, before, after, seed, form) => {
        const { ssn, mrn, mbi } = patient(6000 + seed);
        const wide = ssn.replaceAll('-', ' ');
        const number = /s/i.test(label) ? ssn : label.startsWith('m') && label.length > 3 ? mbi : mrn;
        const value = [number, number.replaceAll('-', ''), number === ssn ? wide : number, number][form] ?? number;
        const name = `${before}${label}${between}${value}${after}`;
        const found = [
          ...engine.text(name, 'name', name),
          ...engine.scan(name, Buffer.from(name)),
          ...engine.scan('a.json', Buffer.from(JSON.stringify({ [name]: { [name]: name } }))),
        ];
        if (found.length > 0) expect(JSON.stringify(found)).not.toContain(value);
        if (engine.text('', 'name', name).length > 0) expect(engine.maskText(name)).not.toContain(value);
      }),
      { numRuns: 600, seed: 6000 },
    );
  });
});

describe('words of the command line that hold values are masked', () => {
  const { ssn, mrn, mbi } = patient(5000);
  const bare = ssn.replaceAll('-', '');
  const values = [ssn, bare, mrn, mbi, ...encodedForms(ssn).map(({ text }) => text.toString('latin1'))];
  const rows: readonly (readonly [string, readonly string[], RunOptions?])[] = [
    ['a missing file', ['files', `/tmp/x/ssn_${ssn}.csv`]],
    ['a missing file, without dashes', ['files', `/tmp/x/ssn_${bare}.csv`]],
    ['a glob', ['files', `/tmp/x/mrn_${mrn}/*.{csv,txt}`]],
    ['a missing archive', ['image', `/tmp/x/mrn_${mrn}.tar`]],
    ['a medical record number as name of an image', ['image', `clinic/mrn-${mrn}`]],
    ['an MBI as tag', ['image', `docker-daemon:clinic:${mbi}`]],
    ['a name that no image has', ['image', `ssn:${ssn} x`]],
    ['an unknown scheme', ['image', `ftp://ssn-${ssn}/x`]],
    ['a scheme without the rest', ['image', 'oci:', `docker-archive:ssn_${ssn}`]],
    ['a layout with a tag', ['image', `oci:/tmp/ssn_${ssn}:mrn_${mrn}`]],
    ['a platform', ['image', 'x', '--platform', `ssn-${ssn}`]],
    ['a format', ['image', 'x', '--format', ssn]],
    ['a severity', ['image', 'x', `--fail-on=mrn:${mrn}`]],
    ['a number of jobs', ['files', '.', '--jobs', bare]],
    ['an unknown option', ['files', '.', `--ssn=${ssn}`]],
    ['an unknown option named by a value', ['files', '.', `--ssn-${bare}`]],
    ['an unknown command', [`ssn_${ssn}`]],
    ['a report in a missing folder', ['files', '.', '--output', `/tmp/nowhere/ssn_${bare}/report.json`]],
    ['a report that is a folder', ['files', '.', '--output', '/tmp']],
    ['the address of the engine', ['image', 'app:1'], { env: { DOCKER_HOST: `unix:///tmp/ssn_${ssn}.sock` } }],
    ['a host', ['image', 'app:1'], { env: { DOCKER_HOST: `tcp://ssn-${bare}.invalid:2375` } }],
    ['an address that is none', ['image', 'app:1'], { env: { DOCKER_HOST: `ssn=${ssn}` } }],
    ['a context', ['image', 'app:1'], { env: { DOCKER_HOST: '', DOCKER_CONTEXT: `mrn_${mrn}` } }],
  ];
  const cases = rows.map(([place, args, options = {}]) => ({ place, args, options }));
  it.concurrent.each(cases)('$place', async ({ args, options }) => {
    const { ended, text } = await outputs(args, options);
    expect(ended).toMatchObject({ code: 2, late: false });
    expect(ended.stderr).toMatch(/^phiscan: /m);
    expect(values.filter((value) => text.toLowerCase().includes(value.toLowerCase()))).toHaveLength(0);
  });

  it('in the report of several references, in progress lines and in the summary', async () => {
    const clean = join(folder, `ssn_${bare}.txt`);
    writeFileSync(clean, 'nothing\n');
    mkdirSync(join(folder, `mrn_${mrn}`));
    const report = join(folder, `mrn_${mrn}`, `ssn_${ssn}.json`);
    const runs = await Promise.all([
      outputs(['image', clean, `/tmp/x/mrn-${mrn}.tar`]),
      outputs(['files', clean, '--output', report]),
      outputs(['files', clean, '--format', 'json']),
    ]);
    expect(existsSync(report)).toBe(true);
    const text = runs.map((run) => run.text).join('\n') + readFileSync(report, 'utf8');
    expect(values.filter((value) => text.toLowerCase().includes(value.toLowerCase()))).toHaveLength(0);
    expect(text).toContain('report in');
  });
});
