import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBlob } from '../../src/ledger/blob-record.ts';
import { openDatabase } from '../../src/ledger/database.ts';
import { ledgerFile } from '../../src/ledger/folder.ts';
import { exportOf } from '../../src/ledger/inspect.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { rowKinds } from '../../src/ledger/store.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, ociLayout } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { inFolder, scan } from '../support/scans.ts';

const scope = { hash: Buffer.alloc(16, 3), label: 'test' };

/** All that the files of the ledger hold: their bytes, what `export` prints, and each record unpacked, hashes among it. */
async function textsOf(folder: string): Promise<readonly string[]> {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString('latin1'));
  const database = await openDatabase(ledgerFile(folder));
  for (const row of exportOf(database)) texts.push(JSON.stringify(row));
  const values = database.prepare('SELECT value FROM result WHERE kind = ?').all(rowKinds.blob);
  for (const { value } of values as readonly { readonly value: Uint8Array }[]) {
    texts.push(JSON.stringify(decodeBlob(Buffer.from(value))));
  }
  database.close();
  return texts;
}

/** A value, or the content of a file, in the forms that it could be kept in. */
function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const digests = ['md5', 'sha1', 'sha256', 'sha512'].map((algorithm) => createHash(algorithm).update(bytes).digest());
  return [bytes, ...digests].flatMap((form) => [
    form.toString('latin1'),
    form.toString('hex'),
    form.toString('base64').replace(/=+$/, ''),
  ]);
}

test('no value, no name that holds one, and no digest of either is in the file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), fc.constantFrom('none', 'gzip'), async (seed, compression) => {
      const one = patient(seed);
      const content = `ssn,mrn,name\n${one.ssn},${one.mrn},${one.name}\n`;
      const entries = [
        { path: 'srv/seed.csv', content },
        { path: `srv/${one.ssn}.txt`, content: `patient ssn: ${one.ssn}\n` },
        { path: `srv/patient_ssn_${one.ssn}/notes.txt`, content: one.ssn },
        { path: 'only', content: `ssn ${one.ssn}` },
      ];
      await inFolder(async (folder) => {
        const file = join(folder, 'image.tar');
        await writeFile(file, await archiveOf(ociLayout(await buildImages([{ layers: [{ entries, compression }] }]))));
        const cache = join(folder, 'cache');
        const ledger = await openLedger({ folder: cache, scope, onWarning: (warning) => expect.fail(warning) });
        const { findings, ...report } = await scan([file], { ledger });
        await ledger.rememberImage('key', { ...report, findings, gaps: [], bytes: 1, entries: 1 });
        await ledger.close();
        expect(findings.length).toBeGreaterThan(2);
        const values = [
          one.ssn,
          one.mrn,
          one.name,
          ...entries.map((of) => of.content),
          ...entries.slice(1, 3).map((of) => of.path),
        ];
        const texts = await textsOf(cache);
        expect(texts.length).toBeGreaterThan(3);
        for (const form of values.flatMap(formsOf)) expect(texts.some((text) => text.includes(form))).toBe(false);
      });
    }),
    { numRuns: 6 },
  );
}, 120_000);
