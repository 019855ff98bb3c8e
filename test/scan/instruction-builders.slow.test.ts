/** Findings say the lines of the instructions that made them: of images by real builders. */
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerMissing, type DockerEngine, startDocker } from '../support/docker.ts';
import { placesOf } from '../support/instruction-places.ts';
import { buildTar } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { inFolder, scan } from '../support/scans.ts';

const one = patient(31);
const notes = `patient ssn: ${one.ssn}\n`;
const skipped = dockerMissing();

describe.skipIf(skipped !== undefined)(`images of real builders${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let engine: DockerEngine;
  const dockerfile = [
    '# the base',
    'FROM scratch AS base',
    'ARG WHERE=/srv/data',
    'COPY notes /etc/first',
    'FROM base',
    `LABEL team="a b" \\`,
    `  patient.ssn="${one.ssn}"`,
    'COPY --chown=1:1 notes ./second/',
    `ENV PATIENT_SSN=${one.ssn} A=b`,
    '',
    'ADD ["notes", "/third one"]',
    'WORKDIR work',
    'COPY notes notes other/',
    'CMD ["a", "b"]',
  ].join('\n');

  beforeAll(async () => {
    engine = await startDocker();
  }, 120_000);
  afterAll(async () => {
    await engine.stop();
  });

  /** The API takes a context as it is, and both builders: `docker build` needs a plug-in for one of them. */
  async function build(version: '1' | '2'): Promise<void> {
    const context = await buildTar([
      { path: 'Dockerfile', content: dockerfile },
      { path: 'notes', content: notes },
    ]);
    const answer = await new Promise<string>((done, fail) => {
      const headers = { 'content-type': 'application/x-tar' };
      const path = `/build?version=${version}&t=built:${version}`;
      request({ socketPath: engine.socketPath, method: 'POST', path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          done(Buffer.concat(chunks).toString());
        });
      })
        .on('error', fail)
        .end(context);
    });
    expect(answer).toContain(`Successfully tagged built:${version}`);
  }

  it.each([
    ['the classic one', '1'],
    ['BuildKit', '2'],
  ] as const)(
    'of %s',
    async (_name, version) => {
      await build(version);
      const report = await inFolder(async (folder) => {
        const file = join(folder, 'image.tar');
        await writeFile(file, engine.docker(['save', `built:${version}`]));
        return scan([`docker-archive:${file}`], { dockerfile: { file: 'Dockerfile', text: dockerfile } });
      });
      const own = placesOf(report).filter((place) => /^(?:etc|second|third|work|config\.)/.test(place));
      expect(own.map((place) => place.replace(/\[\d+\]/, ''))).toEqual([
        'config.Env → Dockerfile:9-9',
        'config.Labels["patient.ssn"] → Dockerfile:6-7',
        'etc/first → Dockerfile:4-4',
        'second/notes → Dockerfile:8-8',
        'third one → Dockerfile:11-11',
        'work/other/notes → Dockerfile:13-13',
      ]);
      const inHistory = placesOf(report).filter((place) => place.startsWith('history'));
      for (const place of inHistory) expect(place).toMatch(/→ Dockerfile:(?:6-7|9-9)$/);
    },
    60_000,
  );
});
