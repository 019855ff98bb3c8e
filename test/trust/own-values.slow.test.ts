import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/phiscan-yaml.ts';
import { maskOf } from '../../src/scan/mask.ts';
import { type Ended, phiscan, type RunOptions } from './command.ts';

/** A number of Kelp Valley: no built-in detector knows the form. */
const kelp = ['KV', 40 + 1, 'B', 73_000 + 29].join('');

const detector = `  - id: kelp-mrn
    title: Kelp Valley medical record number
    identifier: mrn
    labels: { strong: [kelp chart] }
    shape: 'KV[0-9]{2}[A-Z][0-9]{5}'
    intrinsic: '\\bKV[0-9]{2}[A-Z][0-9]{5}\\b'
    severity: { labelled: high, bare: high }
    mask: '[kelp-mrn]'
    examples: ['kelp chart KV00A00000']
`;
const config = `detectors:\n${detector}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-own-'));
  writeFileSync(join(folder, 'phiscan.yaml'), config);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return phiscan(args, { cwd: folder, ...options, env: { PHISCAN_DEBUG: '1', ...options.env } });
}

function holds({ stdout, stderr }: Ended): boolean {
  return (stdout + stderr).toUpperCase().includes(kelp);
}

describe('a value of an own detector in the words of the command line is masked', () => {
  const rows: readonly (readonly [string, readonly string[], RunOptions?])[] = [
    ['a missing file', ['files', `/tmp/x/kelp_chart_${kelp}.csv`]],
    ['a missing file, without its label', ['files', `/tmp/x/${kelp}.csv`]],
    ['a missing file in a folder of a year', ['files', `/tmp/x/2024/${kelp}.csv`]],
    ['a missing file that two words are joined to', ['files', `/tmp/x/the_kelp_chart_${kelp}_new.csv`]],
    ['a glob', ['files', `/tmp/x/${kelp}/*.{csv,txt}`]],
    ['a glob that ends in the value', ['files', `/tmp/x/kelp-chart-${kelp}*`]],
    ['a missing archive', ['image', `/tmp/x/${kelp}.tar`]],
    ['a name of an image', ['image', `clinic/kelp-chart-${kelp}`]],
    ['a tag', ['image', `docker-daemon:clinic:${kelp}`]],
    ['an unknown scheme', ['image', `ftp://${kelp}/x`]],
    ['a layout with a tag', ['image', `oci:/tmp/${kelp}:${kelp}`]],
    ['a platform', ['image', 'x', '--platform', kelp]],
    ['a format', ['image', 'x', '--format', kelp]],
    ['a severity', ['image', 'x', `--fail-on=${kelp}`]],
    ['an unknown option', ['files', '.', `--x=${kelp}`]],
    ['an unknown option named by a value', ['files', '.', `--${kelp}`]],
    ['an unknown command', [kelp]],
    ['a report in a missing folder', ['files', '.', '--output', `/tmp/nowhere/${kelp}/report.json`]],
    ['a host', ['image', 'app:1'], { env: { DOCKER_HOST: `tcp://${kelp}.invalid:2375` } }],
    ['a context', ['image', 'app:1'], { env: { DOCKER_HOST: '', DOCKER_CONTEXT: kelp } }],
    ['an unknown detector', ['detectors', 'explain', kelp]],
    ['a missing configuration', ['files', '.', '--config', `${kelp}.yaml`]],
    ['a missing configuration that is tested', ['detectors', 'test', `${kelp}.yaml`]],
  ];
  // The detectors of a configuration that is not there cannot mask its name.
  const masked = rows.filter(([place]) => !place.includes('missing configuration'));
  it.concurrent.each(masked.map(([place, args, options = {}]) => ({ place, args, options })))(
    '$place',
    async ({ args, options }) => {
      const ended = await run(args, options);
      expect(ended).toMatchObject({ code: 2, late: false });
      expect(ended.stderr).toMatch(/^phiscan: /m);
      expect(holds(ended)).toBe(false);
    },
  );

  it('also where --config names the detectors', async () => {
    const named = { cwd: '/' };
    const own = join(folder, 'phiscan.yaml');
    const runs = await Promise.all([
      run(['files', `/tmp/x/${kelp}.csv`, '--config', own], named),
      run(['image', `/tmp/x/${kelp}.tar`, `--config=${own}`], named),
      run(['image', `/tmp/x/${kelp}.tar`, '--format', kelp, '--config', own], named),
      run(['files', '.', '--output', `/tmp/nowhere/${kelp}/r.json`, '--config', own], named),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(runs.map(holds)).toEqual([false, false, false, false]);
  });

  it('in targets, paths, progress lines and the last line of a scan', async () => {
    const inside = join(folder, `kelp_chart_${kelp}`);
    mkdirSync(inside);
    writeFileSync(join(inside, `${kelp}.txt`), `seen ${kelp} today\n`);
    const report = join(inside, `${kelp}.json`);
    const runs = [
      await run(['files', inside]),
      await run(['files', `${inside}/*.txt`, '--format', 'json', '--explain']),
      await run(['files', inside, '--output', report, '--format', 'json']),
      await run(['image', `/tmp/x/${kelp}.tar`, inside]),
    ];
    expect(runs.map(holds)).toEqual([false, false, false, false]);
    expect(runs.map(({ code }) => code).slice(0, 3)).toEqual([1, 1, 1]);
    expect(existsSync(report)).toBe(true);
    expect(readFileSync(report, 'utf8').includes(kelp)).toBe(false);
    expect(runs[2]?.stderr).toContain('[kelp-mrn]');
  });

  it('in the messages of phiscan detectors test FILE, also beside a detector that is wrong', async () => {
    const wrong = `${config}${detector.replace('kelp-mrn', 'kelp-two').replace('title:', `${kelp}: x\n    titel:`)}`;
    const broken = config.replace('KV00A00000', `${kelp.toLowerCase()} ${kelp}`).replace('[A-Z]', '[A-C]');
    const file = join(folder, `${kelp}.yaml`);
    for (const text of [
      config,
      wrong,
      broken.replace('kelp chart]', `${kelp}]`),
      config.replace('KV00', `KV00'${kelp}`),
    ]) {
      writeFileSync(file, text);
      const ended = await run(['detectors', 'test', file]);
      if (text === config) expect(ended.code).toBe(0);
      else expect(ended.code).toBe(1);
      // A file without one detector that is right cannot mask its own name.
      const said = ended.stdout.replaceAll(file, 'FILE') + ended.stderr.replaceAll(file, 'FILE');
      expect(said.includes(kelp)).toBe(false);
      if (text === wrong) expect(ended.stdout).toContain('[kelp-mrn].yaml');
    }
  });
});

describe('what the mask of the own detectors finds, it takes away', () => {
  const { customDetectors } = readConfig(config);
  const mask = maskOf(customDetectors);

  it('whatever stands around it in a path', () => {
    const around = fc.stringMatching(/^[a-z]{0,6}[ /_.:-]?$/);
    const glue = fc.constantFrom('_', '-', '=', ':', ' ', '/', '.', '__');
    fc.assert(
      fc.property(around, around, glue, (before, after, between) => {
        const text = `no such file (${before}kelp_chart${between}${kelp}${after}). Check the name`;
        // A letter that goes on behind the value makes it another word.
        fc.pre(!/^[a-z]/.test(after));
        expect(mask(text).includes(kelp)).toBe(false);
      }),
      { numRuns: 300, seed: 7000 },
    );
  });
});

describe('no fault of phiscan.yaml shows what stands in it', () => {
  const secrets = [kelp, [412, 55, 7000 + 312].join('-'), `marleneokafor`];
  const right: Readonly<Record<string, string>> = {
    id: 'kelp-mrn',
    title: 'Kelp Valley number',
    identifier: 'mrn',
    labels: '{ strong: [kelp chart] }',
    shape: "'KV-[0-9]{8}'",
    examples: "['Kelp chart: KV-00000000']",
  };
  const forms = (secret: string): readonly string[] => [
    secret,
    `'${secret}'`,
    `"${secret}`,
    `'${secret}[0-9'`,
    `'[z-${secret}]'`,
    `'(?${secret})'`,
    `'(?P<${secret}>x)'`,
    `'\\${secret}'`,
    `'${secret}**'`,
    `'^${secret}$'`,
    `'(${secret})'`,
    `[${secret}]`,
    `[${secret}, [${secret}]]`,
    `{ ${secret}: ${secret} }`,
    `{ strong: [${secret}] }`,
    `{ strong: ['K${secret}.x'], whole: [${secret}] }`,
    `[{ text: ${secret}, outcome: ${secret}, path: ${secret}, reason: ${secret}, ${secret}: 1 }]`,
    `*${secret}`,
    `&${secret} ${secret}: ${secret}`,
    `!${secret} x`,
    `|${secret}\n x`,
    `'${secret}'\n    ${secret}: 1`,
    `'${secret}'\n  ${secret}`,
    `\t${secret}`,
  ];
  const keys = [
    ...['id', 'title', 'identifier', 'labels', 'shape', 'inline', 'intrinsic', 'check', 'synthetic', 'direct'],
    ...['severity', 'mask', 'examples', 'counterExamples', 'references', 'finds', 'misses'],
  ];

  it.each(keys)('in the place of %s', (key) => {
    for (const secret of secrets) {
      for (const form of forms(secret)) {
        const fields = Object.entries({ ...right, [key]: form });
        const text = `detectors:\n  - ${fields.map(([name, value]) => `${name}: ${value}`).join('\n    ')}\n`;
        const said = JSON.stringify(readConfig(text).faults).toLowerCase();
        // An id is shown in every report, and is no place for a number; a word is a name that its writer chose.
        if (key === 'id' && /^[a-z]+$/.test(secret)) continue;
        expect([secret, secret.replace(/[^A-Za-z0-9]+/g, ' ')].some((one) => said.includes(one.toLowerCase()))).toBe(
          false,
        );
      }
    }
  });

  it('in the place of a key, of the file or of a detector', () => {
    for (const secret of secrets) {
      for (const text of [`${secret}: 1\n`, `detectors:\n  - ${secret}: 1\n`, secret, `detectors: ${secret}\n`]) {
        const { faults } = readConfig(text);
        expect(faults).not.toEqual([]);
        expect(JSON.stringify(faults).includes(secret)).toBe(false);
      }
    }
  });

  it('nor does the page of a detector, whatever its texts hold', async () => {
    const file = join(folder, 'page.yaml');
    const ssn = secrets[1] ?? '';
    const bare = String(412_557_000 + 312);
    writeFileSync(
      file,
      config
        .replace('title: Kelp', `title: ${kelp} Kelp`)
        .replace('    mask:', `    finds: SSN ${ssn}\n    synthetic: '${kelp}|${ssn}|${bare}'\n    mask:`)
        .replace("['kelp chart KV00A00000']", `[{ text: kelp chart ${kelp}, reason: the chart ${kelp} }]`),
    );
    for (const command of [['list'], ['explain', 'kelp-mrn']]) {
      const ended = await run(['detectors', ...command, '--config', file]);
      expect(ended.stderr).toBe('');
      expect([kelp, ssn, bare].filter((value) => ended.stdout.includes(value))).toHaveLength(0);
      expect(ended.stdout).toContain('kelp-mrn');
    }
  });
});
