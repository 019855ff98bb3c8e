import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import type { DockerEngine } from '../support/docker.ts';
import { dockerMissing, startDocker } from '../support/docker.ts';
import { patient } from '../support/patients.ts';
import { missing, program, run } from '../support/programs.ts';
import { helpPages } from '../support/help-examples.ts';
import type { RegistryServer } from '../support/registry-server.ts';
import { registryMissing, startRegistry } from '../support/registry-server.ts';

const main = join(import.meta.dirname, '../../dist/src/cli/main.js');
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const skipped = dockerMissing() ?? registryMissing();
const one = patient(61);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

describe.skipIf(skipped !== undefined)(
  `phiscan push, with a real engine and registry${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let engine: DockerEngine;
    let registry: RegistryServer;
    let folder = '';
    let env: NodeJS.ProcessEnv = {};

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-push-'));
      [engine, registry] = await Promise.all([startDocker(), startRegistry()]);
      env = {
        PATH: process.env['PATH'],
        HOME: folder,
        DOCKER_HOST: `unix://${engine.socketPath}`,
        PHISCAN_CACHE_DIR: join(folder, 'cache'),
      };
      build('clean:1', { 'app.ini': 'mode=prod\n' });
      build('leak:1', { 'app.ini': `[patient]\nssn = ${one.ssn}\n` });
    }, 120_000);

    afterAll(async () => {
      await Promise.all([engine.stop(), registry.stop()]);
      rmSync(folder, { recursive: true, force: true });
    });

    const name = (short: string): string => `${registry.host}/${short}`;

    /** One layer for each file. */
    function build(short: string, files: Readonly<Record<string, string>>): void {
      const context = mkdtempSync(join(folder, 'context-'));
      for (const [file, content] of Object.entries(files)) writeFileSync(join(context, file), content);
      const copies = Object.keys(files).map((file) => `COPY ${file} /srv/${file}`);
      writeFileSync(join(context, 'Dockerfile'), ['FROM scratch', ...copies, 'CMD ["/srv/run"]', ''].join('\n'));
      engine.docker(['build', '-q', '-t', name(short), context]);
    }

    const phiscan = (args: readonly string[], own: NodeJS.ProcessEnv = {}): Promise<Ended> =>
      start(process.execPath, [main, ...args], own);

    function start(
      command: string,
      args: readonly string[],
      own: NodeJS.ProcessEnv = {},
      during: (child: ChildProcess) => void = (child) => child.stdin?.end(),
    ): Promise<Ended> {
      const begun = performance.now();
      const child = spawn(command, args, { env: { ...env, ...own } });
      during(child);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
      child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
      return new Promise((resolve, reject) => {
        child.once('error', reject).once('close', (code) => {
          resolve({ code, stdout, stderr, milliseconds: performance.now() - begun });
        });
      });
    }

    async function tagsIn(repository: string): Promise<readonly string[]> {
      const answer = await fetch(`http://${registry.host}/v2/${repository}/tags/list`);
      return answer.ok ? ((await answer.json()) as { tags: string[] }).tags.sort() : [];
    }

    it('a clean image is pushed, after the report', async () => {
      const { code, stdout, stderr } = await phiscan(['push', name('clean:1'), '--no-progress']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/no findings[^]*The push refers to repository[^]*digest: sha256:/);
      expect(await tagsIn('clean')).toEqual(['1']);
    });

    it('one with a patient is not, and the message says what stopped it', async () => {
      const { code, stdout, stderr } = await phiscan(['push', name('leak:1'), '--no-progress']);
      expect(code).toBe(1);
      expect(stdout).toContain('srv/app.ini');
      expect(stderr).toBe(
        'phiscan: not pushed: there are findings at or above medium (--fail-on). See the report, rebuild, and push again\n',
      );
      expect(stdout + stderr).not.toContain(one.ssn);
      expect(await tagsIn('leak')).toEqual([]);
    });

    it('of two images, one with a patient keeps back the other', async () => {
      build('pair:1', { 'other.ini': 'mode=pair\n' });
      expect(await phiscan(['push', name('pair:1'), name('leak:1'), '--no-progress'])).toMatchObject({ code: 1 });
      expect(await tagsIn('pair')).toEqual([]);
    });

    it('a threshold above what is found lets it through; --format json keeps standard output a report', async () => {
      const args = ['push', name('leak:1'), '--fail-on', 'none', '--format', 'json', '--no-progress'];
      const { code, stdout, stderr } = await phiscan(args);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, findings: [{ detector: 'ssn' }] });
      expect(stderr).toContain('digest: sha256:');
      expect(await tagsIn('leak')).toEqual(['1']);
    });

    it('a rebuilt image: known layers are recalled, the new one is read, within seconds', async () => {
      const base = Object.fromEntries(
        Array.from({ length: 3 }, (_, layer) => [
          `rows-${layer}.csv`,
          Array.from({ length: 120_000 }, (_, row) => `order-${layer}-${row},${(row * 7919) % 10_007},open\n`).join(''),
        ]),
      );
      build('rebuilt:1', base);
      const first = await phiscan(['push', name('rebuilt:1'), '--verbose']);
      build('rebuilt:2', { ...base, 'app.js': 'console.log(1);\n' });
      const second = await phiscan(['push', name('rebuilt:2'), '--verbose']);
      const layers = ({ stderr }: Ended): readonly string[] =>
        [...stderr.matchAll(/^phiscan: sha256:[0-9a-f]{64}: .* (read|remembered) in \d+ ms$/gm)].map(
          ([, how = '']) => how,
        );
      expect([first.code, second.code]).toEqual([0, 0]);
      expect(layers(first)).toEqual(['read', 'read', 'read']);
      expect([...layers(second)].sort()).toEqual(['read', 'remembered', 'remembered', 'remembered']);
      expect(second.milliseconds).toBeLessThan(10_000);
      expect(await tagsIn('rebuilt')).toEqual(['1', '2']);
    });

    it('all tags of a repository are scanned, and pushed together or not at all', async () => {
      build('many:1', { 'one.ini': 'mode=one\n' });
      build('many:2', { 'two.ini': 'mode=two\n' });
      const { code, stdout } = await phiscan(['push', '--all-tags', name('many'), '--no-progress']);
      expect(code).toBe(0);
      for (const tag of ['many:1', 'many:2']) expect(stdout).toContain(`${name(tag)}  linux/`);
      expect(await tagsIn('many')).toEqual(['1', '2']);
      engine.docker(['tag', name('leak:1'), name('many:3')]);
      expect(await phiscan(['push', '-a', name('many'), '--no-progress'])).toMatchObject({ code: 1 });
      expect(await tagsIn('many')).toEqual(['1', '2']);
    });

    it('a tag that moves between scan and push is not pushed', async () => {
      build('moving:1', { 'first.ini': 'mode=one\n' });
      // Whoever rebuilds meanwhile does it when the engine has given all of the image.
      const socketPath = join(folder, 'between.sock');
      const asked: string[] = [];
      const between = createServer(({ url = '', method, headers }, answer) => {
        asked.push(`${method ?? ''} ${url}`);
        request({ socketPath: engine.socketPath, path: url, method, headers }, (given) => {
          answer.writeHead(given.statusCode ?? 500, given.headers);
          given.on('data', (bytes) => answer.write(bytes));
          given.on('end', () => {
            if (/\/get(\?|$)/.test(url)) engine.docker(['tag', name('leak:1'), name('moving:1')]);
            answer.end();
          });
        }).end();
      }).listen(socketPath);
      const args = ['push', name('moving:1'), '--no-progress'];
      const { code, stderr } = await phiscan(args, { DOCKER_HOST: `unix://${socketPath}` });
      between.close();
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(/moving:1 names another image than the one that was scanned \(sha256:.*It was not pushed/);
      expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
      expect(await tagsIn('moving')).toEqual([]);
    });

    it('one that moves while docker pushes is told', async () => {
      build('late:1', { 'first.ini': 'mode=late\n' });
      const folderOfDocker = join(folder, 'late-docker');
      mkdirSync(folderOfDocker);
      const real = String(program('docker'));
      const script = [
        '#!/bin/sh',
        `[ "$1" != push ] || ${real} tag ${name('clean:1')} ${name('late:1')}`,
        `exec ${real} "$@"`,
        '',
      ];
      writeFileSync(join(folderOfDocker, 'docker'), script.join('\n'));
      chmodSync(join(folderOfDocker, 'docker'), 0o755);
      const own = { PATH: `${folderOfDocker}:${process.env['PATH'] ?? ''}` };
      const { code, stderr } = await phiscan(['push', name('late:1'), '--quiet'], own);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain('What was pushed may not be what was scanned');
    });

    it.each([
      ['an image that the engine does not have', () => name('nobody:9'), {}, /no image .*nobody:9/],
      [
        'no docker in the PATH',
        () => name('clean:1'),
        { PATH: '/nonexistent' },
        /docker cannot be run \(docker\)\. Install/,
      ],
      [
        'a registry that is not there',
        () => '127.0.0.1:1/clean:1',
        {},
        /docker push failed \(127\.0\.0\.1:1\/clean:1; exit 1\)/,
      ],
      ['no engine', () => name('clean:1'), { DOCKER_HOST: 'unix:///nonexistent.sock' }, /no Docker engine answers/],
    ])('%s: exit 2, and what to do', async (_reason, image, own, message) => {
      if (image().startsWith('127.0.0.1:1/')) engine.docker(['tag', name('clean:1'), image()]);
      const { code, stderr } = await phiscan(['push', image(), '--no-progress'], own);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('    at ');
    });

    describe('as a plugin of docker', () => {
      let config = '';
      beforeAll(async () => {
        config = join(folder, 'config of docker');
        expect(await phiscan(['install', 'docker'], { DOCKER_CONFIG: config })).toMatchObject({ code: 0 });
      });
      const docker = (args: readonly string[], own: NodeJS.ProcessEnv = {}): Promise<Ended> =>
        start('docker', args, { DOCKER_CONFIG: config, ...own });

      it('docker lists it, and its help is that of docker phiscan', async () => {
        const [metadata, all, help, below, told, unknown] = await Promise.all([
          start(join(config, 'cli-plugins/docker-phiscan'), ['docker-cli-plugin-metadata']),
          docker(['--help']),
          docker(['phiscan', '--help']),
          docker(['phiscan', 'push', '--help']),
          docker(['help', 'phiscan', 'image']),
          docker(['phiscan', 'imgae']),
        ]);
        expect(JSON.parse(metadata.stdout)).toMatchObject({
          SchemaVersion: '0.1.0',
          Vendor: 'phiscan',
          Version: VERSION,
        });
        expect(all.stdout).toMatch(/phiscan\* +Finds protected health information/);
        expect(help.stdout).toMatch(/Usage: docker phiscan [^]*\$ docker phiscan image app:1\.4 /);
        expect(below.stdout).toContain('$ docker phiscan push registry.example/team/app:1.4');
        expect(told.stdout).toContain('Usage: docker phiscan image');
        expect(unknown).toMatchObject({ code: 2, stderr: 'phiscan: unknown command (imgae). Did you mean image?\n' });
        for (const line of help.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(87);
      });

      it('docker phiscan image and push, with the address that docker was given', async () => {
        const elsewhere = { DOCKER_HOST: 'unix:///nonexistent.sock' };
        const host = `unix://${engine.socketPath}`;
        const scan = ['phiscan', 'image', name('leak:1'), '--no-progress'];
        const leak = await docker(['--host', host, ...scan], elsewhere);
        expect(leak.code, leak.stderr).toBe(1);
        expect(leak.stdout).toContain('srv/app.ini');
        expect(await docker(scan, elsewhere)).toMatchObject({ code: 2 });
        await docker(['context', 'create', 'tests', '--docker', `host=${host}`], elsewhere);
        expect(await docker(['--context=tests', ...scan], elsewhere)).toMatchObject({ code: 1 });
        const pushed = await docker(['-H', host, 'phiscan', 'push', name('clean:1')], elsewhere);
        expect(pushed.code, pushed.stderr).toBe(0);
        expect(pushed.stdout).toContain('digest: sha256:');
      });

      it('docker that is asked to end ends the scan with a report', async () => {
        const env = { DOCKER_CONFIG: config };
        const ended = start('docker', ['phiscan', 'image', '-', '--format', 'json'], env, (child) => {
          // Standard input stays open: a pipe into which nothing is written.
          setTimeout(() => child.kill('SIGTERM'), 2500);
        });
        const { code, stdout, stderr } = await ended;
        expect(stderr).toContain('stopping; what was read so far will be reported');
        expect(code).toBe(3);
        expect(JSON.parse(stdout)).toMatchObject({ coverage: { complete: false, gaps: [{ reason: 'interrupted' }] } });
      });

      it('another plugin of that name stays; ours is taken back', async () => {
        const own = { DOCKER_CONFIG: config };
        const file = join(config, 'cli-plugins/docker-phiscan');
        const ours = readFileSync(file, 'utf8');
        writeFileSync(file, '#!/bin/sh\n');
        for (const args of [
          ['install', 'docker'],
          ['install', 'docker', '--uninstall'],
        ]) {
          expect(await phiscan(args, own)).toMatchObject({ code: 2 });
        }
        expect(await phiscan(['install', 'docker', '--force'], own)).toMatchObject({ code: 0 });
        expect(readFileSync(file, 'utf8')).toBe(ours);
        expect(await phiscan(['install', 'docker', '--uninstall'], own)).toMatchObject({ code: 0 });
        expect(existsSync(file)).toBe(false);
      });
    });

    describe('examples of the help', () => {
      const lines = [...new Set(helpPages().flatMap(({ examples }) => examples))].filter((line) =>
        /app:1\.4|phiscan push/.test(line.replace(/(?:registry|ecr):\S+/g, '')),
      );
      let home = '';
      beforeAll(() => {
        home = mkdtempSync(join(folder, 'help-'));
        writeFileSync(join(home, 'phiscan'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
        chmodSync(join(home, 'phiscan'), 0o755);
        writeFileSync(join(home, 'task-definition.json'), '{"family": "web"}');
        for (const tag of ['app:1.4', name('team/app:1.4')]) engine.docker(['tag', name('clean:1'), tag]);
      });

      it('run as they are written', { timeout: 60_000 }, async () => {
        expect(lines.length).toBeGreaterThan(6);
        for (const line of lines) {
          const own = { PATH: `${home}:${process.env['PATH'] ?? ''}` };
          const there = line.replaceAll('registry.example', registry.host);
          const { code, stderr } = await start('sh', ['-c', `cd '${home}' && ${there}`], own);
          expect(code, `${line}: ${stderr}`).toBe(0);
        }
      });
    });

    describe('the README', () => {
      const [section = ''] = /^## Before the push$[^]*?(?=^## )/m.exec(readme) ?? [];
      const commands = [...section.matchAll(/^\$ ((?:phiscan|docker|git) .*)$/gm)].map(([, command = '']) => command);
      let home = '';
      beforeAll(() => {
        home = mkdtempSync(join(folder, 'readme-'));
        writeFileSync(join(home, 'phiscan'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
        chmodSync(join(home, 'phiscan'), 0o755);
        build('team/app:1.4', { 'app.ini': 'mode=prod\n', 'seed.csv': `id,ssn\n1,${one.ssn}\n` });
        build('team/app:1.5', { 'app.ini': 'mode=prod\n' });
        for (const args of [
          ['init', '-q'],
          ['config', 'user.name', 'T'],
          ['config', 'user.email', 't@phiscan.example'],
        ]) {
          run('git', args, { cwd: home });
        }
        writeFileSync(
          join(home, 'task.json'),
          '{"family": "web", "containerDefinitions": [{"name": "web", "image": "web:1"}]}',
        );
        run('git', ['add', 'task.json'], { cwd: home });
      });

      it.each(commands)('%s', async (command) => {
        const line = command.replaceAll('registry.example', registry.host);
        const own = { PATH: `${home}:${process.env['PATH'] ?? ''}`, HOME: home };
        const { code, stdout, stderr } = await start('sh', ['-c', `cd '${home}' && ${line}`], own);
        expect(stdout + stderr).not.toContain(one.ssn);
        const shown = section.split(`$ ${command}\n`)[1]?.split(/^(?:\$ |```)/m)[0] ?? '';
        expect(code, stderr).toBe(shown.includes('not pushed') ? 1 : 0);
        for (const text of shown.split('\n').filter((each) => each.startsWith('phiscan: ')))
          expect(stderr).toContain(text);
      });

      it.skipIf(missing('pre-commit') !== undefined)('what pre-commit reads is valid', () => {
        const root = join(import.meta.dirname, '../..');
        const written = /```yaml\n([^]*?)```/.exec(section)?.[1] ?? '';
        writeFileSync(join(home, 'config.yaml'), written);
        run('pre-commit', ['validate-config', join(home, 'config.yaml')]);
        run('pre-commit', ['validate-manifest', join(root, '.pre-commit-hooks.yaml')]);
        const manifest = readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8');
        for (const [, id = ''] of written.matchAll(/- id: (\S+)/g)) expect(manifest).toContain(`- id: ${id}\n`);
      });
    });
  },
);
