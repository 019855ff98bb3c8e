import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, ociLayout } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { inFolder, phiscan, phiscanReportHere } from '../support/scans.ts';

const inImage = patient(41);
const inFile = patient(42);

test('images and files are one report with one exit code, and what cannot be opened does not lose the rest', () =>
  inFolder(async (folder) => {
    const seed = `name,ssn,mrn\n${inImage.name},${inImage.ssn},${inImage.mrn}\n`;
    const images = await buildImages([{ layers: [{ entries: [{ path: 'seed.csv', content: seed }] }] }]);
    const archive = join(folder, 'app image.tar');
    await writeFile(archive, await archiveOf(ociLayout(images)));
    const definition = join(folder, 'task definition.json');
    const environment = [{ name: 'PATIENT_SSN', value: inFile.ssn }];
    await writeFile(definition, JSON.stringify({ family: 'a', containerDefinitions: [{ name: 'b', environment }] }));

    const named = [`--image=${archive}`, `--image=${archive}`, `--path=${definition}`];
    const { report, code } = await phiscanReportHere(['scan', ...named]);
    expect(code).toBe(1);
    expect(report.targets.map(({ reference }) => reference)).toEqual([archive, definition]);
    expect(report.findings.map(({ detector, location }) => [detector, location.target])).toEqual(
      expect.arrayContaining([
        ['patient-record', archive],
        ['ssn', definition],
      ]),
    );
    expect(report.coverage.complete).toBe(true);

    const absent = `--image=${join(folder, 'absent.tar')}`;
    const output = join(folder, 'report.json');
    const rest = ['--fail-on', 'none', '--format', 'json', '--output', output];
    const { code: partly, stderr } = await phiscan(['scan', absent, `--path=${definition}`, ...rest]);
    expect(partly).toBe(2);
    expect(stderr).toContain('absent.tar');
    expect(JSON.parse(await readFile(output, 'utf8'))).toMatchObject({ coverage: { complete: false } });
  }));

test('without anything named it is wrong usage: nothing that was not looked at is clean', async () => {
  const { code, stderr } = await phiscan(['scan']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'phiscan: nothing to scan. Name it with --image REFERENCE or --path PATH\n',
  });
});
