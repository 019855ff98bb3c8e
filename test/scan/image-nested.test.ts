import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import type { TarEntry } from '../support/layer-builder.ts';
import { compress } from '../support/layer-builder.ts';
import { patient, patients } from '../support/patients.ts';
import { inFolder, scan } from '../support/scans.ts';
import { buildZip } from '../support/zip-builder.ts';
import { tarFile } from '../unpack/tar-archive.ts';

const line = `ssn: ${patient(51).ssn}\n`;
const csv = `mrn,last_name,first_name,dob\n${patients(5, 70)
  .map(({ mrn, family, given, dob }) => [mrn, family, given, dob].join(','))
  .join('\n')}\n`;
const tar = (name: string, content: string | Buffer): Buffer =>
  Buffer.concat([tarFile(name, content), Buffer.alloc(1024)]);

interface Row {
  readonly title: string;
  readonly path: string;
  readonly content: Buffer;
  readonly found: string;
  readonly gaps?: readonly string[];
}

const rows: readonly Row[] = [
  { title: 'a zip', path: 'a.zip', content: buildZip({ 'b/c.txt': line }), found: 'a.zip!b/c.txt' },
  {
    title: 'a jar',
    path: 'opt/app.jar',
    content: buildZip({ 'x.class': 'x', 'seed.txt': line }),
    found: 'opt/app.jar!seed.txt',
  },
  {
    title: 'a wheel',
    path: 'usr/lib/python3/seed-1.0-py3-none-any.whl',
    content: buildZip({ 'seed/fixtures.csv': csv }),
    found: 'usr/lib/python3/seed-1.0-py3-none-any.whl!seed/fixtures.csv',
  },
  { title: 'a zip without its name', path: 'blob', content: buildZip({ 'c.txt': line }), found: 'blob!c.txt' },
  { title: 'a tar', path: 'a.tar', content: tar('b.txt', line), found: 'a.tar!b.txt' },
  { title: 'a tar.gz', path: 'a.tar.gz', content: gzipSync(tar('b.txt', line)), found: 'a.tar.gz!b.txt' },
  { title: 'a gzip of a table', path: 'db/seed.csv.gz', content: gzipSync(csv), found: 'db/seed.csv.gz!seed.csv' },
  ...(['zstd', 'xz', 'bzip2'] as const).flatMap((program): Row[] => {
    const ending = { zstd: 'zst', xz: 'xz', bzip2: 'bz2' }[program];
    return [
      {
        title: `a table in ${program}`,
        path: `seed.csv.${ending}`,
        content: compress(Buffer.from(csv), program),
        found: `seed.csv.${ending}!seed.csv`,
      },
      {
        title: `a tar in ${program}`,
        path: `a.tar.${ending}`,
        content: compress(tar('b.txt', line), program),
        found: `a.tar.${ending}!b.txt`,
      },
    ];
  }),
  {
    title: 'a zip in a tar.gz in a jar',
    path: 'opt/app.jar',
    content: buildZip({ 'lib/data.tar.gz': gzipSync(tar('in/seed.zip', buildZip({ 'seed.csv': csv }))) }),
    found: 'opt/app.jar!lib/data.tar.gz!in/seed.zip!seed.csv',
  },
  {
    title: 'a jar in a war',
    path: 'app.war',
    content: buildZip({ 'WEB-INF/lib/a.jar': buildZip({ 'seed.txt': line }) }),
    found: 'app.war!WEB-INF/lib/a.jar!seed.txt',
  },
  {
    title: 'an image archive in an image',
    path: 'images/app.tar',
    content: tar('0a/layer.tar', tar('srv/seed.txt', line)),
    found: 'images/app.tar!0a/layer.tar!srv/seed.txt',
  },
  {
    title: 'a broken gzip, as far as it goes',
    path: 'a.log.gz',
    content: gzipSync(Buffer.concat([Buffer.from(line), Buffer.alloc(100_000, 'x y ')])).subarray(0, -40),
    found: 'a.log.gz!a.log',
    gaps: ['truncated'],
  },
  {
    title: 'text below the magic bytes of gzip',
    path: 'a.gz',
    content: Buffer.concat([Buffer.from('1f8b0800000000000003ff0a', 'hex'), Buffer.from(line.repeat(3))]),
    found: 'a.gz',
    gaps: ['corrupt'],
  },
];

let report: Report;
beforeAll(async () => {
  report = await inFolder(async (folder) => {
    const references: string[] = [];
    for (const [index, { path, content }] of rows.entries()) {
      const entries: TarEntry[] = [
        { path, content },
        { path: 'zz-after', content: line },
      ];
      const image = await buildImage({ names: [`row-${index}:1`], layers: [{ entries }] });
      references.push(join(folder, `${index}.tar`));
      await writeFile(references.at(-1) ?? '', await archiveOf(docker25([image])));
    }
    return await scan(references, { jobs: 2 });
  });
});

describe('a value is found, and the file after it too, in', () => {
  it.each(rows.map((row, index): [string, number, Row] => [row.title, index, row]))(
    '%s',
    (_, index, { found, gaps }) => {
      const target = `row-${index}:1`;
      const findings = report.findings.filter(({ location }) => location.target === target);
      expect(findings.map(({ location }) => location.path).sort()).toEqual([found, 'zz-after'].sort());
      expect(findings.every(({ location }) => location.offset !== undefined && location.layer?.index === 0)).toBe(true);
      const missed = report.coverage.gaps.filter(({ location }) => location.target === target);
      expect(missed.map(({ reason }) => reason)).toEqual(gaps ?? []);
    },
  );
});
