/** Findings say the lines of the instructions that made them: by provenance, and by a Dockerfile that is named. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { buildImage, type ImageSpec } from '../support/image-builder.ts';
import { archiveOf, ociLayout } from '../support/image-layouts.ts';
import { placesOf } from '../support/instruction-places.ts';
import { patient } from '../support/patients.ts';
import { inFolder, scan } from '../support/scans.ts';

const one = patient(31);
const notes = `patient ssn: ${one.ssn}\n`;

async function scanned(spec: ImageSpec, dockerfile?: string): Promise<Report> {
  return inFolder(async (folder) => {
    const file = join(folder, 'image.tar');
    await writeFile(file, await archiveOf(ociLayout([await buildImage(spec)])));
    return scan(
      [`oci-archive:${file}`],
      dockerfile === undefined ? {} : { dockerfile: { file: 'Dockerfile', text: dockerfile } },
    );
  });
}

const layers: ImageSpec['layers'] = [
  { entries: [{ path: 'etc/base', content: notes }] },
  { entries: [{ path: 'srv/a', content: notes }], createdBy: 'COPY seed /srv # buildkit' },
  { entries: [{ path: 'srv/b', content: notes }], createdBy: 'RUN /bin/sh -c make # buildkit' },
];

describe('provenance', () => {
  type Shape = 'v0.2' | 'v1';
  interface Parts {
    readonly shape: Shape;
    readonly digests: readonly string[];
    readonly change?: (metadata: Record<string, unknown>) => Record<string, unknown>;
  }

  /** As BuildKit writes it with mode=max of `FROM base`, `COPY seed /srv`, `RUN make`. */
  function provenance({ shape, digests, change = (same) => same }: Parts): Record<string, unknown> {
    const stack = (count: number): object[] =>
      digests.slice(0, count).map((digest) => ({ mediaType: 'x', digest, size: 1 }));
    const at = (line: number, endLine: number): object => ({
      locations: [{ ranges: [{ start: { line }, end: { line: endLine } }] }],
    });
    const metadata = change({
      source: {
        locations: { step0: at(1, 1), step1: {}, step2: at(3, 4), step3: at(6, 6) },
        infos: [{ filename: 'build/Dockerfile', language: 'Dockerfile', data: '' }],
      },
      layers: { 'step0:0': [stack(1)], 'step2:0': [stack(2)], 'step3:0': [stack(3)] },
    });
    const buildConfig = {
      llbDefinition: [
        { id: 'step0', op: { Op: { source: { identifier: 'docker-image://base' } } } },
        { id: 'step1', op: { Op: { source: { identifier: 'local://context' } } } },
        { id: 'step2', op: { Op: { file: {} } }, inputs: ['step0:0', 'step1:0'] },
        { id: 'step3', op: { Op: { exec: {} } }, inputs: ['step2:0'] },
      ],
    };
    const predicate =
      shape === 'v1'
        ? {
            buildDefinition: { internalParameters: { buildConfig } },
            runDetails: { metadata: { buildkit_metadata: metadata } },
          }
        : { buildConfig, metadata: { 'https://mobyproject.org/buildkit@v1#metadata': metadata } };
    return {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: `https://slsa.dev/provenance/${shape}`,
      subject: [],
      predicate,
    };
  }

  async function attested(parts: Omit<Parts, 'digests'>, dockerfile?: string): Promise<readonly string[]> {
    const image = await buildImage({ layers });
    const digests = image.layers.map(({ digest }) => digest);
    return placesOf(await scanned({ layers, attestations: [provenance({ ...parts, digests })] }, dockerfile));
  }

  const written = ['etc/base → -', 'srv/a → build/Dockerfile:3-4', 'srv/b → build/Dockerfile:6-6'];
  const none = ['etc/base → -', 'srv/a → -', 'srv/b → -'];

  it.each<Shape>(['v0.2', 'v1'])('of version %s', async (shape) => {
    expect(await attested({ shape })).toEqual(written);
  });

  it.each<[string, Parts['change'], readonly string[]]>([
    ['of other layers', ({ source }) => ({ source, layers: { 'step2:0': [[{ digest: 'sha256:0' }]] } }), none],
    [
      'without locations',
      ({ source, layers: stacks }) => ({ source: { ...(source as object), locations: {} }, layers: stacks }),
      none,
    ],
    ['without layers (mode=min)', () => ({}), none],
    ['of any type', () => ({ source: 'x', layers: [1, { 'step2:0': 3 }] }), none],
    [
      'in which two steps made one layer',
      ({ source, layers: stacks }) => ({
        source,
        layers: { ...(stacks as object), 'step9:0': (stacks as Record<string, unknown>)['step2:0'] },
      }),
      ['etc/base → -', 'srv/a → -', 'srv/b → build/Dockerfile:6-6'],
    ],
  ])('%s', async (_reason, change, expected) => {
    expect(await attested({ shape: 'v1', ...(change && { change }) })).toEqual(expected);
  });

  it('that holds the Dockerfile and no layers is compared with the history', async () => {
    const text = ['FROM base', 'COPY seed /srv', 'RUN make'].join('\n');
    const change: Parts['change'] = () => ({
      source: { infos: [{ filename: 'Dockerfile', data: Buffer.from(text).toString('base64') }] },
    });
    expect(await attested({ shape: 'v1', change })).toEqual([
      'etc/base → -',
      'srv/a → Dockerfile:2-2',
      'srv/b → Dockerfile:3-3',
    ]);
  });

  it('is believed before a Dockerfile that is named', async () => {
    expect(await attested({ shape: 'v1' }, 'FROM base\nCOPY seed /srv\nRUN make\n')).toEqual(written);
  });
});

describe('a Dockerfile', () => {
  it('is masked like all texts of an image, and so is its name', async () => {
    const report = await inFolder(async (folder) => {
      const file = join(folder, 'image.tar');
      await writeFile(file, await archiveOf(ociLayout([await buildImage({ layers })])));
      const text = 'FROM base\nCOPY seed /srv\nRUN make\n';
      return scan([`oci-archive:${file}`], { dockerfile: { file: `ssn-${one.ssn}/Dockerfile`, text } });
    });
    expect(JSON.stringify(report)).not.toContain(one.ssn);
    expect(placesOf(report)[1]).toMatch(/Dockerfile:2-2$/);
  });
});
