import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../src/finding.ts';
import { dockerMissing, startDocker, type DockerEngine } from '../support/docker.ts';
import { patient } from '../support/patients.ts';
import { run } from '../support/programs.ts';
import { phiscanHere, phiscanReportHere } from '../support/scans.ts';

const one = patient(47);
const skipped = dockerMissing();

/** A shell of this machine with its libraries, since no image can be pulled. */
function shellImage(context: string): void {
  const libraries =
    run('ldd', ['/bin/sh'])
      .toString()
      .match(/\/\S+(?= \()/g) ?? [];
  for (const file of ['/bin/sh', ...libraries]) {
    mkdirSync(join(context, 'root', dirname(file)), { recursive: true });
    copyFileSync(file, join(context, 'root', file));
  }
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY root /\nCMD ["/bin/sh", "-c", "exit 0"]\n');
}

/** `web Config.Env[1] ssn`. */
function shown(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ location, detector, identifiers }) => {
    return `${location.path} ${location.pointer ?? ''} ${identifiers?.join('+') ?? detector}`;
  });
}

function expectNoValue(report: Report, stderr: string): void {
  const text = JSON.stringify(report) + stderr;
  for (const value of [one.ssn, one.mrn, one.family]) expect(text).not.toContain(value);
}

describe.skipIf(skipped !== undefined)(
  `containers of a Docker engine${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let engine: DockerEngine;
    let env: NodeJS.ProcessEnv;
    let folder = '';

    beforeAll(async () => {
      engine = await startDocker();
      env = { DOCKER_HOST: `unix://${engine.socketPath}` };
      folder = mkdtempSync(join(tmpdir(), 'phiscan-'));
      shellImage(join(folder, 'image'));
      engine.docker(['build', '-q', '-t', 'app:1', join(folder, 'image')]);
    }, 120_000);

    afterAll(async () => {
      await engine.stop();
      rmSync(folder, { recursive: true });
    }, 60_000);

    function create(name: string, ...args: readonly string[]): void {
      engine.docker(['create', '--net', 'none', '--name', name, ...args]);
    }

    /** `docker run` of a program that is not there exits with 127: the engine keeps what runc says of it. */
    function runAndFail(name: string, ...args: readonly string[]): void {
      expect(() => engine.docker(['run', '--net', 'none', '--name', name, ...args])).toThrow();
    }

    test('of an exited one: environment, command, labels, mounts, log options and names', async () => {
      mkdirSync(join(folder, `mrn-${one.mrn}`));
      create(
        'exited',
        ...['--env', `PATIENT_SSN=${one.ssn}`, '--env', `PATIENT_NAME=${one.name}`],
        ...['--label', `patient.mrn=${one.mrn}`],
        ...['--volume', `${join(folder, `mrn-${one.mrn}`)}:/in`],
        ...['--log-opt', `tag=ssn-${one.ssn}`, '--hostname', `mrn-${one.mrn}`],
        ...['app:1', '/bin/sh', '-c', `exit 0 # --ssn=${one.ssn}`],
      );
      engine.docker(['start', 'exited']);
      const { report, code, stderr } = await phiscanReportHere(['containers', 'exited'], { env });
      const places = shown(report.findings);
      for (const place of [
        'exited Config.Env name+ssn',
        'exited Config.Labels["patient.mrn"] mrn',
        'exited HostConfig.LogConfig.Config.tag ssn',
        'exited Mounts[0].Source mrn',
        'exited HostConfig.Binds[0] mrn',
        'exited Config.Hostname mrn',
        'exited Config.Cmd[2] ssn',
        'exited Args[1] ssn',
      ]) {
        expect(places).toContain(place);
      }
      expect(code).toBe(1);
      expect(report.targets).toMatchObject([{ reference: 'exited', platform: 'linux' }]);
      expect(report.targets[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(report.targets[0]?.source).toContain(`the engine at unix://${engine.socketPath}`);
      expect(new Set(report.findings.map(({ location, remedy }) => `${location.kind} ${remedy ?? ''}`))).toEqual(
        new Set(['container container']),
      );
      expect(report.findings.map(({ surface }) => surface)).toContain('container-environment');
      expect(report.remedies).toEqual({ container: expect.stringContaining('docker rm') as string });
      expect(report.coverage).toMatchObject({ complete: true, entries: 1, gaps: [] });
      expectNoValue(report, stderr);
    });

    test('of one that could not start: its error echoes the command line', async () => {
      runAndFail('failed', '--entrypoint', `/import --mrn ${one.mrn}`, 'app:1', `--ssn=${one.ssn}`);
      const { report, stderr } = await phiscanReportHere(['containers', 'failed'], { env });
      const places = shown(report.findings);
      expect(places).toContain('failed State.Error mrn');
      expect(places).toContain('failed Path mrn');
      expect(places).toContain('failed Args[0] ssn');
      expect(report.findings.find(({ location }) => location.pointer === 'State.Error')?.surface).toBe(
        'container-state',
      );
      expectNoValue(report, stderr);
    });

    test('of one that runs: what its health checks printed', async () => {
      const check = `echo no bed for ssn ${one.ssn}; exit 1`;
      create(
        'running',
        '--health-cmd',
        check,
        '--health-interval',
        '1s',
        'app:1',
        '/bin/sh',
        '-c',
        'while :; do :; done',
      );
      engine.docker(['start', 'running']);
      const log = (): string =>
        engine.docker(['inspect', '-f', '{{len .State.Health.Log}}', 'running']).toString().trim();
      while (log() === '0') await new Promise((resolve) => setTimeout(resolve, 100));
      const { report, stderr } = await phiscanReportHere(['containers', 'running'], { env });
      const places = shown(report.findings);
      expect(places).toContain('running State.Health.Log[0].Output ssn');
      expect(places).toContain('running Config.Healthcheck.Test[1] ssn');
      expectNoValue(report, stderr);
      engine.docker(['rm', '--force', 'running']);
    });

    test('without a name, all of them; one without a value is a target without a finding', async () => {
      create('clean', 'app:1');
      create(`import-mrn-${one.mrn}`, 'app:1');
      const { report, stderr, code } = await phiscanReportHere(['containers'], { env });
      const targets = report.targets.map(({ reference }) => reference);
      expect(targets).toContain('clean');
      expect(shown(report.findings).filter((place) => place.startsWith('clean '))).toEqual([]);
      expect(report.findings.filter(({ location }) => location.pointer === 'Name')).toHaveLength(1);
      expect(report.coverage.entries).toBe(targets.length);
      expect(code).toBe(1);
      expectNoValue(report, stderr);
      const again = await phiscanReportHere(['containers'], { env });
      expect(again.report.findings.map(({ fingerprint }) => fingerprint)).toEqual(
        report.findings.map(({ fingerprint }) => fingerprint),
      );
    });

    test('one that is not there does not lose the others', async () => {
      create('here', '--env', `SSN=${one.ssn}`, 'app:1');
      const { code, stderr, report } = await phiscanReportHere(['containers', 'here', 'gone', '--fail-on', 'none'], {
        env,
      });
      expect(code).toBe(2);
      expect(stderr).toContain('no container gone in the Docker engine');
      expect(shown(report.findings)).toEqual(['here Config.Env[0] ssn']);
    });

    test('the table names the container, and what to do', async () => {
      create('tabled', '--env', `SSN=${one.ssn}`, 'app:1');
      const { stdout } = await phiscanHere(['containers', 'tabled'], { env });
      expect(stdout).toContain('tabled  linux  sha256:');
      expect(stdout).toContain('container: tabled');
      expect(stdout).toContain('next: The Docker engine keeps the text until');
      expect(stdout).not.toMatch(/line \d/);
      expect(stdout).not.toContain(one.ssn);
    });
  },
);

describe('an engine', () => {
  async function answeredBy(
    answers: Readonly<Record<string, { readonly status?: number; readonly body: string }>>,
    args: readonly string[],
  ): ReturnType<typeof phiscanHere> {
    const server = createServer((request, response) => {
      const { status = 200, body } = answers[(request.url ?? '').replace(/\?.*/, '')] ?? { status: 404, body: '{}' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      return await phiscanHere(['containers', '--format', 'json', ...args], {
        env: { DOCKER_HOST: `tcp://127.0.0.1:${port}` },
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  const id = 'a'.repeat(64);
  const list = { '/containers/json': { body: JSON.stringify([{ Id: id, Names: ['/web/db', '/db'] }]) } };

  test.each<[string, Parameters<typeof answeredBy>[0], readonly string[], RegExp]>([
    ['that gives no JSON', { '/containers/json': { body: one.ssn } }, [], /what answers at .* is no Docker engine/],
    ['that gives no list', { '/containers/json': { body: '{}' } }, [], /what answers at .* is no Docker engine/],
    [
      'that fails',
      { '/containers/json': { status: 500, body: one.ssn } },
      [],
      /refused to give its containers \(HTTP 500\)/,
    ],
    ['that is asked for a path', {}, ['../images/json'], /cannot be the name of a container/],
  ])('%s ends the scan', async (_title, answers, args, message) => {
    const { code, stdout, stderr } = await answeredBy(answers, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(one.ssn);
  });

  test('from which a container went since it was listed: no gap', async () => {
    const { code, stdout } = await answeredBy(list, []);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).coverage).toMatchObject({ complete: true, entries: 0 });
  });

  test('with a container of which too much is to be said: a gap', async () => {
    const body = JSON.stringify({ Name: '/db', Config: { Env: [`SSN=${one.ssn}`, 'x'.repeat(16 * 1024 * 1024)] } });
    const { code, stdout } = await answeredBy({ ...list, [`/containers/${id}/json`]: { body } }, []);
    expect(code).toBe(3);
    expect((JSON.parse(stdout) as Report).coverage.gaps).toMatchObject([
      { reason: 'byte-limit', location: { kind: 'container', target: 'db', path: 'db' } },
    ]);
  });
});
