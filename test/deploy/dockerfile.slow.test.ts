import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { type DockerEngine, dockerMissing, startDocker } from '../support/docker.ts';
import { patient } from '../support/patients.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const lastStage = text.slice(text.lastIndexOf('\nFROM ') + 1);
const one = patient(77);

describe('the Dockerfile', () => {
  test('has no fault that its linter knows', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  test('has several stages, and ends without root, with the program as its entry point', () => {
    expect(text.match(/^FROM .*$/gm)).toEqual(['FROM ${NODE_IMAGE} AS build', 'FROM ${NODE_IMAGE}']);
    expect(lastStage).toMatch(/^ENTRYPOINT \["node", "\/app\/dist\/src\/cli\/main\.js"\]$/m);
    expect(lastStage).toMatch(/^USER 65532:65532$/m);
    expect(lastStage).not.toMatch(/^(?:RUN|ADD) /m);
  });

  test('copies what there is, and .dockerignore lets it through', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8');
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
    expect(copied.length).toBeGreaterThan(4);
    for (const name of copied) {
      expect(() => realpathSync(join(root, name))).not.toThrow();
      expect(ignored).toContain(`!${name.replace('./', '')}`);
    }
  });
});

const skipped = dockerMissing();

/**
 * The last stage is built and run as it stands. Without a network, its base image is made of this machine's node, and what its
 * first stage would have built is put there by hand: this project's dist/ and the packages that these commands load. The `apt-get` and
 * `npm install` of the first stage are not run here.
 */
describe.skipIf(skipped !== undefined)(`its last stage${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let engine: DockerEngine;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-image-'));
    engine = await startDocker();
    const base = join(folder, 'base');
    for (const program of [process.execPath, '/bin/sh', '/usr/bin/id', '/usr/bin/touch']) copyProgram(program, base);
    cpSync(process.execPath, join(base, 'usr/bin/node'));
    writeFileSync(join(base, 'Dockerfile'), 'FROM scratch\nCOPY . /\nENV PATH=/usr/bin:/bin\n');
    engine.docker(['build', '--quiet', '--tag', 'base:1', base]);
    const context = join(folder, 'context');
    mkdirSync(join(context, 'build'), { recursive: true });
    mkdirSync(join(context, 'state'));
    writeFileSync(join(context, 'state/.keep'), '');
    for (const name of ['package.json', 'LICENSE', 'dist']) {
      const filter = (from: string): boolean => !/\.(?:map|d\.ts)$/.test(from);
      cpSync(join(root, name), join(context, 'build', name), { recursive: true, filter });
    }
    copyPackages(join(context, 'build'));
    const stages = `ARG NODE_IMAGE\nFROM scratch AS build\nCOPY build /build\nCOPY state /state\n\n${lastStage}`;
    writeFileSync(join(context, 'Dockerfile'), stages);
    engine.docker(['build', '--quiet', '--build-arg', 'NODE_IMAGE=base:1', '--tag', 'phiscan:1', context]);
    const image = join(folder, 'seed');
    mkdirSync(image);
    writeFileSync(join(image, 'seed.csv'), `name,ssn,mrn\n${one.name},${one.ssn},${one.mrn}\n`);
  }, 240_000);

  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const hard = [
    'run',
    '--rm',
    '--net',
    'none',
    '--read-only',
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
  ];

  test('runs as nobody, and can write to its state only', () => {
    const shell = (script: string): string => {
      const args = [
        ...hard,
        '--volume',
        'state:/var/lib/phiscan',
        '--entrypoint',
        '/bin/sh',
        'phiscan:1',
        '-c',
        script,
      ];
      return engine.docker(args).toString();
    };
    expect(shell('/usr/bin/id -u')).toBe('65532\n');
    expect(shell('/usr/bin/touch /app/x 2>/dev/null || echo no; /usr/bin/touch /var/lib/phiscan/x && echo yes')).toBe(
      'no\nyes\n',
    );
  });

  test('has re2 compiled in, threads and a ledger: it finds what is in a folder and in an image', () => {
    const args = [
      ...hard,
      '--volume',
      `${join(folder, 'seed')}:/seed:ro`,
      'phiscan:1',
      'files',
      '/seed',
      '--format',
      'json',
      '--fail-on',
      'none',
    ];
    const report = JSON.parse(engine.docker(args).toString()) as Report;
    expect(report.findings.length).toBeGreaterThan(0);
    expect(report.coverage.complete).toBe(true);
    expect(JSON.stringify(report)).not.toContain(one.ssn);
    expect(engine.docker([...hard, 'phiscan:1', 'sweep', 'ecr', '--help']).toString()).toContain('--securityhub');
  }, 60_000);
});

/** With its libraries, where the loader looks for them. */
function copyProgram(program: string, base: string): void {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  for (const path of [program, ...(stdout.match(/\/\S+/g) ?? [])]) {
    if (path.endsWith(':')) continue;
    mkdirSync(join(base, dirname(path)), { recursive: true });
    cpSync(realpathSync(path), join(base, path));
  }
}

/** What the bundles load at run time, with what that needs; re2 without what it was compiled of. Docker's plain storage driver
 * copies everything at each step: the rest, which only commands for AWS and engines load, would take minutes. */
function copyPackages(target: string): void {
  const folder = realpathSync(join(root, 'node_modules'));
  const names = new Set(['re2', 'tinypool', '@photostructure/sqlite', 'fast-glob']);
  const isNeeded = (from: string): boolean =>
    !/node_modules\/re2\/(?:vendor|build\/(?!Release\/re2\.node$|Release$))|\.map$/.test(from);
  for (const name of names) {
    cpSync(join(folder, name), join(target, 'node_modules', name), { recursive: true, filter: isNeeded });
    if (name === 're2') continue;
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) names.add(dependency);
  }
}
