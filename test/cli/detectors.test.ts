import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectors } from '../../detectors/index.ts';
import { runProgram } from '../../src/cli/program.ts';
import { columnsOf } from '../../src/report/printable.ts';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { inFolder, phiscan, phiscanReport } from '../support/scans.ts';
import { keptStreams } from '../support/streams.ts';

/** A number of Kelp Valley: no built-in detector knows the form, and nothing else in its line is a label. */
const kelp = ['KV', 40 + 1, 'B', 73_000 + 29].join('');

const config = `detectors:
  - id: kelp-mrn
    title: Kelp Valley medical record number
    identifier: mrn
    labels:
      strong: [kelp chart]
    shape: 'KV[0-9]{2}[A-Z][0-9]{5}'
    intrinsic: '\\bKV[0-9]{2}[A-Z][0-9]{5}\\b'
    severity: { labelled: high, bare: high }
    mask: '[kelp-mrn]'
    examples: ['kelp chart KV00A00000', 'seen KV00A00000 today']
    counterExamples: ['kelp chart KV0000']
`;

async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const streams = keptStreams();
  const code = await runProgram(['detectors', ...args], streams, () => Promise.reject(new Error('nothing is scanned')));
  return { code, out: streams.printed(), err: streams.complained() };
}

describe('list', () => {
  it('has every detector on a line, within 80 columns, with nothing cut off', async () => {
    const { code, out } = await run('list');
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
    expect(out).not.toContain('…');
    for (const { id } of detectors) expect(out).toMatch(new RegExp(`^${id} +[a-z]`, 'm'));
  });
});

describe('explain', () => {
  it.each(detectors.map(({ id }) => [id] as const))(
    '%s: what it finds and misses, its labels and references',
    async (id) => {
      const { code, out } = await run('explain', id);
      const words = out.replace(/\s+/g, ' ');
      const { finds, misses, labels, references } = detectors.find((one) => one.id === id) ?? {};
      expect(code).toBe(0);
      for (const text of [finds, misses, labels?.strong.join(', '), ...(references ?? [])])
        expect(words).toContain(text);
      for (const line of out.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
    },
  );

  it('an unknown one', async () => {
    expect(await run('explain', 'mnr')).toEqual({
      code: 2,
      out: '',
      err: 'phiscan: no such detector (mnr). See phiscan detectors list\n',
    });
  });
});

describe('test', () => {
  it('runs all examples of all built-in detectors', async () => {
    const { code, out } = await run('test');
    expect(out).toMatch(/^\d+ detectors, \d+ examples, \d+ counter-examples: all as they should be\n$/);
    expect(code).toBe(0);
  });

  it('those of a file, and exits 1 when one fails', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'phiscan.yaml');
      writeFileSync(file, config);
      expect(await run('test', file)).toMatchObject({
        code: 0,
        out: '1 detectors, 2 examples, 1 counter-examples: all as they should be\n',
      });
      writeFileSync(file, config.replace('KV0000', 'KV00A00000'));
      const { code, out } = await run('test', file);
      expect(code).toBe(1);
      expect(out).toContain(`a counter-example of kelp-mrn is found (${file}:12:23). Narrow the shape`);
    }));

  it('a file that is not there', async () => {
    expect(await run('test', '/nonexistent/phiscan.yaml')).toMatchObject({
      code: 2,
      err: 'phiscan: no such file (/nonexistent/phiscan.yaml). Check the name\n',
    });
  });
});

describe('a record number of the hospital, through the real command', () => {
  it('in a folder, with phiscan.yaml in the working directory', () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, 'phiscan.yaml'), config);
      mkdirSync(join(folder, 'seed'));
      writeFileSync(join(folder, 'seed/notes.txt'), `seen ${kelp} today\n`);
      writeFileSync(join(folder, 'seed/visits.csv'), `kelp_chart,sex\n${kelp},F\n`);
      const { code, report, stderr } = await phiscanReport(['files', 'seed'], { cwd: folder });
      expect(stderr).toBe('');
      expect(
        report.findings.map(({ detector, severity, mask, location }) => [detector, severity, mask, location.path]),
      ).toEqual([
        ['kelp-mrn', 'high', '[kelp-mrn]', 'seed/notes.txt'],
        ['kelp-mrn', 'high', '[kelp-mrn]', 'seed/visits.csv'],
      ]);
      expect(JSON.stringify(report)).not.toContain(kelp);
      expect(code).toBe(1);
      const without = await phiscanReport(['files', join(folder, 'seed')], { cwd: '/' });
      expect(without.report.findings).toEqual([]);
      expect(without.report.tool.ruleset).not.toBe(report.tool.ruleset);
    }));

  it('in a layer and in the configuration of an image, with --config', () =>
    inFolder(async (folder) => {
      const image = await buildImage({
        names: ['app:1'],
        config: { Env: [`SEEN=${kelp}`] },
        layers: [{ entries: [{ path: 'srv/notes.txt', content: `seen ${kelp} today\n` }] }],
      });
      writeFileSync(join(folder, 'image.tar'), await archiveOf(docker25([image])));
      writeFileSync(join(folder, 'own.yaml'), config);
      const args = ['image', join(folder, 'image.tar')];
      const { report } = await phiscanReport([...args, '--config', join(folder, 'own.yaml')]);
      expect(report.findings.map(({ detector, location }) => [detector, location.kind]).sort()).toEqual([
        ['kelp-mrn', 'config'],
        ['kelp-mrn', 'file'],
      ]);
      expect(JSON.stringify(report)).not.toContain(kelp);
      expect((await phiscanReport(args, { cwd: '/' })).report.findings).toEqual([]);
    }));

  it('a configuration that is wrong: exit 2, the first fault, and nothing is scanned', () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, 'phiscan.yaml'), config.replace('title:', 'titel:').replace('mrn\n', 'MRN\n'));
      const { code, stdout, stderr } = await phiscan(['files', '.'], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(
        /^phiscan: .* \(phiscan\.yaml:2:5\)\. .*; \d more: phiscan detectors test phiscan\.yaml\n$/,
      );
    }));
});
