import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SqlJsStatic } from 'sql.js';
import type { Finding } from '../../src/finding.ts';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { missing, program, run } from '../support/programs.ts';
import { inFolder, scanArchive } from '../support/scans.ts';

const one = patient(83);
const text = `Example of a record: SSN: ${one.ssn}\n`;
const path = 'usr/share/records/example.txt';
/** So many that the header does not fit in a page. */
const FILES = 300;

const SPEC = `Name: records
Version: 1
Release: 1
Summary: Records
License: none
BuildArch: noarch
%description
Records.
%files
/usr/share/records
`;

/** The database that rpm itself writes when it installs a package that rpmbuild made. `algorithm`: of RFC 4880, 9.4. */
async function installed(folder: string, algorithm: number): Promise<Buffer> {
  const root = join(folder, 'root');
  await mkdir(join(root, 'usr/share/records'), { recursive: true });
  await writeFile(join(root, path), text);
  for (let index = 0; index < FILES; index++) {
    await writeFile(join(root, 'usr/share/records', `page-${String(index)}`), `page ${String(index)}\n`);
  }
  await writeFile(join(folder, 'records.spec'), SPEC);
  run('rpmbuild', [
    ...['-bb', '--quiet', '--buildroot', root],
    ...['--define', `_topdir ${folder}`, '--define', `_binary_filedigest_algorithm ${String(algorithm)}`],
    // The files are there already, and stay.
    ...['--define', '__spec_install_pre %{nil}', '--define', '__spec_clean_body %{nil}'],
    join(folder, 'records.spec'),
  ]);
  const packages = join(folder, 'RPMS/noarch');
  const [name = ''] = await readdir(packages);
  const database = join(folder, 'database');
  run('rpm', ['--dbpath', database, '-i', '--justdb', '--nodeps', join(packages, name)]);
  return readFile(join(database, 'rpmdb.sqlite'));
}

/** The same header in the database that rpm had before 4.16, as Berkeley DB's own loader writes it. */
async function inBerkeleyDb(folder: string, sqlite: Buffer): Promise<Buffer> {
  const initialize = createRequire(import.meta.url)('sql.js') as () => Promise<SqlJsStatic>;
  const database = new (await initialize()).Database(sqlite);
  const blob = database.exec('SELECT blob FROM Packages')[0]?.values[0]?.[0];
  database.close();
  const header = Buffer.from(blob as Uint8Array).toString('hex');
  const input = `VERSION=3\nformat=bytevalue\ntype=hash\nHEADER=END\n 01000000\n ${header}\nDATA=END\n`;
  const file = join(folder, 'Packages');
  expect(spawnSync(program('db5.3_load') ?? '', [file], { input }).status).toBe(0);
  return readFile(file);
}

async function findings(database: string, content: Buffer, example: string): Promise<readonly Finding[]> {
  const entries = [
    { path: database, content },
    { path, content: example },
  ];
  const image = await buildImage({ names: ['clinic:1'], layers: [{ entries }] });
  return (await scanArchive(await archiveOf(docker25([image])))).findings;
}

describe.skipIf(missing('rpm', 'rpmbuild', 'db5.3_load') !== undefined)('a file that rpm installed', () => {
  it.each([
    ['MD5', 1],
    ['SHA-1', 2],
    ['SHA-256', 8],
    ['SHA-512', 10],
  ])('is info with %s, and counts again when it was altered', async (_title, algorithm) => {
    await inFolder(async (folder) => {
      const database = await installed(folder, algorithm);
      for (const name of ['var/lib/rpm/rpmdb.sqlite', 'usr/lib/sysimage/rpm/rpmdb.sqlite']) {
        expect(await findings(name, database, text)).toMatchObject([{ severity: 'info', location: { path } }]);
      }
      expect(await findings('var/lib/rpm/rpmdb.sqlite', database, `${text}\n`)).toMatchObject([{ severity: 'high' }]);
      expect(await findings('srv/rpmdb.sqlite', database, text)).toMatchObject([{ severity: 'high' }]);
    });
  });

  it('is info where the database is a Berkeley DB', async () => {
    await inFolder(async (folder) => {
      const database = await inBerkeleyDb(folder, await installed(folder, 8));
      expect(await findings('var/lib/rpm/Packages', database, text)).toMatchObject([{ severity: 'info' }]);
      expect(await findings('var/lib/rpm/Packages', database, `${text}\n`)).toMatchObject([{ severity: 'high' }]);
    });
  });
});
