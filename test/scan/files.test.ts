import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { scanFileTree, type ScannedFiles } from '../../src/scan/files.ts';
import { Pool } from '../../src/scan/pool.ts';
import { buildTar } from '../support/layer-builder.ts';
import { patient, patients } from '../support/patients.ts';
import { run } from '../support/programs.ts';

const engine = new Engine();
let pool: Pool;
let folder: string;
beforeAll(() => {
  pool = new Pool(2, undefined, undefined, new URL('../../dist/src/scan/worker.js', import.meta.url));
  folder = mkdtempSync(join(tmpdir(), 'phiscan-files-'));
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
function newFolder(): string {
  const place = join(folder, `root-${count++}`);
  mkdirSync(place);
  return place;
}

function scan(root: string): Promise<ScannedFiles> {
  return scanFileTree([root], { dockerignore: false }, pool, engine, undefined);
}

function placesOf({ found }: ScannedFiles, root: string): readonly string[] {
  return found.map(({ finding: { place } }) => [place.path.replace(root + sep, ''), place.pointer].join(' ').trim());
}

describe('files', () => {
  it('of many batches are each found once, in the order of the walk', async () => {
    const root = newFolder();
    const people = patients(400, 9800);
    const names = people.map((_, index) => `note-${String(index).padStart(3, '0')}.txt`);
    for (const [index, { ssn }] of people.entries()) writeFileSync(join(root, names[index] ?? ''), `ssn: ${ssn}\n`);
    const scanned = await scan(root);
    expect(placesOf(scanned, root)).toEqual(names);
    // The folder itself is no entry of its own.
    expect(scanned.entries).toBe(400);
    expect(scanned.bytes).toBe(400 * 'ssn: 000-00-0000\n'.length);
    expect(scanned.gaps).toEqual([]);
  });

  it('a tar is a file that holds others, whatever its name is made of', async () => {
    const root = newFolder();
    const tar = await buildTar([{ path: 'a.txt', content: `ssn: ${patient(9801).ssn}` }]);
    writeFileSync(join(root, 'plain.tar'), tar);
    // A name that is no UTF-8, which no string can open.
    writeFileSync(Buffer.concat([Buffer.from(`${root}/b`), Buffer.from([0xff]), Buffer.from('.tar')]), tar);
    const scanned = await scan(root);
    expect(placesOf(scanned, root)).toEqual(['b\ufffd.tar!a.txt', 'plain.tar!a.txt']);
    expect([scanned.entries, scanned.bytes]).toEqual([2, 2 * tar.length]);
  });

  it('links, pipes and folders are names, found once', async () => {
    const root = newFolder();
    const [link, pipe, directory, target] = patients(4, 9810).map(({ ssn }) => `ssn_${ssn}`);
    symlinkSync(`/nowhere/${target ?? ''}`, join(root, `a-${link ?? ''}`));
    mkdirSync(join(root, `b-${directory ?? ''}`));
    run('mkfifo', [join(root, `c-${pipe ?? ''}`)]);
    const scanned = await scan(root);
    const pointers = scanned.found.map(({ finding }) => finding.place.pointer);
    expect(pointers.sort()).toEqual(['link target', 'name', 'name', 'name']);
    expect([scanned.bytes, scanned.entries]).toEqual([0, 3]);
  });
});

describe('a run that is stopped', () => {
  it('is one gap', async () => {
    const root = newFolder();
    writeFileSync(join(root, 'a.txt'), 'a');
    const scanned = await scanFileTree([root], { dockerignore: false }, pool, engine, AbortSignal.abort());
    expect(scanned.gaps).toEqual([{ reason: 'interrupted', path: '' }]);
  });
});
