import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { buildImage } from '../support/image-builder.ts';
import { ociLayout, writeLayout } from '../support/image-layouts.ts';
import type { DockerEngine } from '../support/docker.ts';
import { dockerMissing, startDocker } from '../support/docker.ts';
import { patient, patients } from '../support/patients.ts';
import { missing, program, run } from '../support/programs.ts';
import { phiscan, phiscanReport, scan } from '../support/scans.ts';

const one = patient(81);
const csv = `mrn,last_name,first_name,dob\n${patients(4, 90)
  .map(({ mrn, family, given, dob }) => [mrn, family, given, dob].join(','))
  .join('\n')}\n`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-engines-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** All that is the same in every medium: no digest of stored bytes, no name of a document. */
function places({ findings }: Report): readonly object[] {
  const all = findings.map(({ detector, severity, count, location }) => {
    const { kind, layer, path, pointer, field, record, line, column, offset, visibility, hiddenBy } = location;
    const inside = kind === 'file' ? { path, record, line, column, offset, visibility, hiddenBy } : {};
    const from = layer === undefined ? {} : { layer: layer.index, diffId: layer.diffId, createdBy: layer.createdBy };
    return { detector, severity, count, kind, pointer, field, ...inside, ...from };
  });
  return all.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const skipped = dockerMissing() ?? missing('skopeo');

describe.skipIf(skipped !== undefined)(
  `an image that Docker built${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let engine: DockerEngine;
    let saved = '';
    let expected: readonly object[] = [];

    beforeAll(async () => {
      engine = await startDocker();
      const context = join(folder, 'context');
      mkdirSync(context);
      writeFileSync(join(context, 'app.ini'), `mode=prod\n[patient]\n  ssn = ${one.ssn}\n`);
      writeFileSync(join(context, 'seed.csv'), csv);
      writeFileSync(join(context, 'none.csv'), 'mrn\n');
      const dockerfile = [
        'FROM scratch',
        'COPY app.ini /srv/app.ini',
        'COPY seed.csv /srv/seed.csv',
        'COPY none.csv /srv/seed.csv',
        `ENV LANG=C PATIENT_MRN=${one.mrn}`,
        `LABEL org.example.note="ssn ${one.ssn}"`,
        'CMD ["/srv/run"]',
      ];
      writeFileSync(join(context, 'Dockerfile'), `${dockerfile.join('\n')}\n`);
      engine.docker(['build', '-q', '-t', 'clinic:1', context]);
      saved = join(folder, 'saved.tar');
      engine.docker(['save', '-o', saved, 'clinic:1']);
      expected = places(await scan([saved]));
    });

    afterAll(async () => {
      await engine.stop();
    });

    async function expectSame(reference: string, env: NodeJS.ProcessEnv = {}): Promise<Report> {
      const { code, report } = await phiscanReport(['image', reference], { env });
      expect(code).toBe(1);
      expect(report.coverage.gaps).toEqual([]);
      expect(places(report)).toEqual(expected);
      return report;
    }

    it('has a finding for each value that was planted, and no more', () => {
      const layer = (index: number, createdBy: RegExp): object => ({
        layer: index,
        diffId: expect.stringMatching(/^sha256:/) as string,
        createdBy: expect.stringMatching(createdBy) as string,
      });
      const file = (parts: object): object => expect.objectContaining({ kind: 'file', ...parts }) as object;
      const other = (parts: object): object => expect.objectContaining(parts) as object;
      expect(expected).toHaveLength(6);
      expect(expected).toEqual(
        expect.arrayContaining([
          file({ ...layer(0, /^COPY /), path: 'srv/app.ini', line: 3, column: 9, offset: 28, visibility: 'visible' }),
          file({ ...layer(1, /^COPY /), path: 'srv/seed.csv', count: 4, visibility: 'overwritten', hiddenBy: 2 }),
          other({ kind: 'config', pointer: 'config.Env[2]', field: 'PATIENT_MRN', detector: 'mrn' }),
          other({ kind: 'config', pointer: 'config.Labels["org.example.note"]', detector: 'ssn' }),
          other({ kind: 'history', pointer: 'history[3].created_by', detector: 'mrn' }),
          other({ kind: 'history', pointer: 'history[4].created_by', detector: 'ssn' }),
        ]),
      );
    });

    it('from the engine over its socket: exit 1', async () => {
      const env = { DOCKER_HOST: `unix://${engine.socketPath}` };
      const { targets } = await expectSame('docker-daemon:clinic:1', env);
      expect(targets[0]?.reference).toBe('clinic:1');
    });

    it('from the engine over TCP', async () => {
      await expectSame('docker-daemon:clinic:1', { DOCKER_HOST: `tcp://127.0.0.1:${engine.port}` });
    });

    it('by its bare name, with the reason why the engine was asked', async () => {
      const { targets } = await expectSame('clinic:1', { DOCKER_HOST: `unix://${engine.socketPath}` });
      expect(targets[0]?.source).toMatch(/^docker-daemon: /);
    });

    it('as docker save wrote it to a file', async () => {
      await expectSame(saved);
      await expectSame(`docker-archive:${saved}`);
    });

    it('from docker save through a pipe', async () => {
      const save = spawn(program('docker') ?? 'docker', ['save', 'clinic:1'], {
        env: { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: `unix://${engine.socketPath}` },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { code, report } = await phiscanReport(['image', '-'], { stdin: save.stdout });
      expect(code).toBe(1);
      expect(report.coverage.gaps).toEqual([]);
      expect(places(report)).toEqual(expected);
    });

    it.each([
      ['an oci: folder', 'oci', []],
      ['an oci: folder with zstd layers', 'oci', ['--dest-compress-format', 'zstd', '--dest-compress']],
      ['an oci-archive', 'oci-archive', []],
      ['an oci-archive with zstd layers', 'oci-archive', ['--dest-compress-format', 'zstd', '--dest-compress']],
      ['a docker-archive', 'docker-archive', []],
    ] as const)('copied by skopeo to %s', async (title, kind, options) => {
      const place = join(folder, title.replaceAll(/\W/g, '-'));
      run('skopeo', ['copy', '-q', ...options, `docker-archive:${saved}`, `${kind}:${place}:clinic:1`]);
      await expectSame(kind === 'oci' ? `oci:${place}:clinic:1` : `${kind}:${place}`);
      await expectSame(place);
    });

    const podman = missing('podman');
    it.skipIf(podman !== undefined)('through podman, as docker-archive and as oci-archive', async () => {
      const storage = join(folder, 'podman');
      const store = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--storage-driver', 'vfs'];
      run('podman', [...store, 'load', '-q', '-i', saved]);
      for (const format of ['docker-archive', 'oci-archive']) {
        const file = join(folder, `podman-${format}.tar`);
        run('podman', [...store, 'save', '-q', '--format', format, '-o', file, 'clinic:1']);
        await expectSame(file);
      }
    });

    const buildah = missing('buildah');
    it.skipIf(buildah !== undefined)('through buildah', async () => {
      const storage = join(folder, 'buildah');
      const store = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--storage-driver', 'vfs'];
      run('buildah', [...store, 'pull', '-q', `docker-archive:${saved}`]);
      const file = join(folder, 'buildah.tar');
      run('buildah', [...store, 'push', '-q', 'clinic:1', `oci-archive:${file}:clinic:1`]);
      await expectSame(file);
    });

    it('a file that RUN deleted is still found, with the layer that deleted it', async () => {
      const context = join(folder, 'run');
      mkdirSync(context);
      writeFileSync(join(context, 'seed.csv'), csv);
      // FROM scratch has no rm: the machine's own, with the libraries that it loads.
      const libraries = run('ldd', ['/bin/rm']).toString().match(/\/\S+/g) ?? [];
      for (const path of ['/bin/rm', ...libraries]) {
        mkdirSync(dirname(join(context, 'root', path)), { recursive: true });
        cpSync(path, join(context, 'root', path), { dereference: true });
      }
      const dockerfile = 'FROM scratch\nCOPY root /\nCOPY seed.csv /srv/seed.csv\nRUN ["/bin/rm", "/srv/seed.csv"]\n';
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      engine.docker(['build', '-q', '--network=none', '-t', 'deleted:1', context]);
      const env = { DOCKER_HOST: `unix://${engine.socketPath}` };
      const { code, report } = await phiscanReport(['image', 'docker-daemon:deleted:1'], { env });
      expect(code).toBe(1);
      expect(report.coverage.gaps).toEqual([]);
      expect(report.findings).toMatchObject([
        {
          detector: 'patient-record',
          count: 4,
          location: { path: 'srv/seed.csv', visibility: 'deleted', hiddenBy: 2 },
        },
      ]);
    });

    it('two images of one docker save are both scanned', async () => {
      const context = join(folder, 'second');
      mkdirSync(context);
      writeFileSync(join(context, 'note.txt'), `ssn ${patient(82).ssn}\n`);
      writeFileSync(join(context, 'Dockerfile'), 'FROM clinic:1\nCOPY note.txt /note.txt\n');
      engine.docker(['build', '-q', '-t', 'clinic:2', context]);
      const file = join(folder, 'both.tar');
      engine.docker(['save', '-o', file, 'clinic:1', 'clinic:2']);
      const { findings, coverage, targets } = await scan([file]);
      expect(coverage.gaps).toEqual([]);
      expect(targets.map(({ reference }) => reference).sort()).toEqual(['clinic:1', 'clinic:2']);
      expect(findings.filter(({ location }) => location.target === 'clinic:1')).toHaveLength(6);
      expect(findings.filter(({ location }) => location.target === 'clinic:2')).toHaveLength(7);
    });

    it('a name that the engine does not know: exit 2, and the name in the message', async () => {
      const env = { DOCKER_HOST: `unix://${engine.socketPath}` };
      const { code, stdout, stderr } = await phiscan(['image', 'docker-daemon:nobody:9'], { env });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('nobody:9');
    });

    it('no engine: exit 2, and the socket in the message', async () => {
      const env = { DOCKER_HOST: `unix://${join(folder, 'nothing.sock')}` };
      const { code, stderr } = await phiscan(['image', 'docker-daemon:clinic:1'], { env });
      expect(code).toBe(2);
      expect(stderr).toContain('nothing.sock');
    });
  },
);

const withoutUmoci = missing('umoci');

describe.skipIf(withoutUmoci !== undefined)(`umoci${withoutUmoci === undefined ? '' : ` (${withoutUmoci})`}`, () => {
  it('a file, and a folder that it replaced, are found below the layer that umoci repacked', async () => {
    const layout = join(folder, 'umoci');
    const entries = [
      { path: 'srv', directory: true as const },
      { path: 'srv/app.ini', content: `ssn=${one.ssn}\n` },
      { path: 'srv/gone.txt', content: `ssn: ${one.ssn}\n` },
      { path: 'srv/old', directory: true as const },
      { path: 'srv/old/seed.csv', content: csv },
    ];
    await writeLayout(ociLayout([await buildImage({ names: ['app'], layers: [{ entries }] })]), layout);
    const bundle = join(folder, 'bundle');
    run('umoci', ['unpack', '--image', `${layout}:app`, bundle]);
    for (const path of ['srv/gone.txt', 'srv/old']) rmSync(join(bundle, 'rootfs', path), { recursive: true });
    writeFileSync(join(bundle, 'rootfs/srv/old'), 'a file now\n');
    run('umoci', ['repack', '--image', `${layout}:app`, '--history.created_by', 'RUN tidy', bundle]);
    const { findings, coverage, targets } = await scan([`oci:${layout}:app`]);
    expect(coverage.gaps).toEqual([]);
    expect(targets).toHaveLength(1);
    expect(
      findings
        .map(({ location: { path, layer, visibility, hiddenBy } }) => [path, layer?.index, visibility, hiddenBy])
        .sort(),
    ).toEqual([
      ['srv/app.ini', 0, 'visible', undefined],
      ['srv/gone.txt', 0, 'deleted', 1],
      ['srv/old/seed.csv', 0, 'deleted', 1],
    ]);
  });
});
