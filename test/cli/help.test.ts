import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandsIn } from '../../src/cli/program.ts';
import { columnsOf } from '../../src/report/printable.ts';
import { declaredProgram } from '../support/declared-program.ts';
import { helpPages, wordsOf } from '../support/help-examples.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25, ociLayout, writeLayout } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { missing } from '../support/programs.ts';

const main = join(import.meta.dirname, '../../dist/src/cli/main.js');
const pages = helpPages();
const one = patient(41);
const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events';

/** Run with a Docker engine: test/cli/push.test.ts, readme-containers.test.ts. */
const WITH_DOCKER = /app:1\.4|phiscan push|phiscan containers/;
/** Run with AWS or a registry: readme-ecs, readme-watch, readme-sweep, doctor, readme-ecr, readme-registry. */
const WITH_NETWORK = /phiscan (?:ecs|sweep|doctor)|(?:registry|ecr):/;
/** Run with what `phiscan image` remembers: readme-ledger. */
const WITH_LEDGER = /phiscan ledger/;

describe('each command', () => {
  test.each(pages)('$command: what it is for and examples, within 80 columns', ({ text, examples }) => {
    expect(text).toMatch(/^Usage: phiscan/);
    expect(text).toContain('Examples:\n  $ ');
    expect(examples.length).toBeGreaterThan(0);
    for (const line of text.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
  });

  test.each(pages.filter(({ command }) => command !== ''))(
    '$command: has an example of itself',
    ({ command, examples }) => {
      expect(examples.some((line) => ` ${line} `.includes(`phiscan ${command} `))).toBe(true);
    },
  );

  test.each([...new Set(pages.flatMap(({ examples }) => examples))])('%s is understood', async (line) => {
    const program = declaredProgram();
    const ran: string[] = [];
    for (const command of commandsIn(program)) command.action(() => void ran.push(command.name()));
    for (const part of line.split(' | ').filter((each) => /^(?:[A-Z_]+=\S+ )?phiscan /.test(each))) {
      const words = wordsOf(
        part
          .replace('$QUEUE_URL', QUEUE_URL)
          .replace(/ [<>] \S+$/, '')
          .replace(/^[A-Z_]+=\S+ /, ''),
      );
      await program.parseAsync(words.slice(1), { from: 'user' });
    }
    expect(ran).toHaveLength(line.split('phiscan ').length - 1);
  });
});

const local = [...new Set(pages.flatMap(({ examples }) => examples))].filter(
  (line) => ![WITH_DOCKER, WITH_NETWORK, WITH_LEDGER].some((pattern) => pattern.test(line)),
);
const skipped = missing('git');

describe.skipIf(skipped !== undefined)(
  `examples that need no server${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let folder = '';
    let env: NodeJS.ProcessEnv = {};

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-help-'));
      const home = join(folder, 'home');
      mkdirSync(home);
      writeFileSync(join(home, 'phiscan'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
      chmodSync(join(home, 'phiscan'), 0o755);
      env = { PATH: `${home}:${process.env['PATH'] ?? ''}`, HOME: home, PHISCAN_CACHE_DIR: join(home, 'cache') };
      const platform = 'linux/arm64';
      const images = await buildImages([
        { names: ['1.4'], platform, layers: [{ entries: [{ path: 'a', content: 'b' }] }] },
      ]);
      mkdirSync(join(folder, 'build'));
      mkdirSync(join(folder, 'ci'));
      writeFileSync(join(folder, 'build/app.tar'), await archiveOf(docker25(images)));
      await writeLayout(ociLayout(images), join(folder, 'layout'));
      for (const [path, content] of Object.entries({
        'seed/rows/one.csv': `id,ssn\n1,${one.ssn}\n`,
        'deploy/task.json': '{"family": "web"}',
        'dump.sql.gz': gzipSync('SELECT 1;\n'),
      })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      for (const line of ['git init -q', 'git add deploy', 'printf "" > refs.txt']) sh(line);
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    function sh(line: string): { readonly status: number | null; readonly told: string } {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' });
      return { status, told: stdout + stderr };
    }

    // What one writes, later ones read.
    const order = [/init/, /--format json --output report\.json/, /baseline create/, /baseline/, /./];
    const inOrder = local
      .map((line) => ({ line, rank: order.findIndex((pattern) => pattern.test(line)) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ line }) => line);

    test('run as they are written', { timeout: 120_000 }, () => {
      expect(inOrder.length).toBeGreaterThan(15);
      for (const line of inOrder) {
        const { status, told } = sh(line);
        // Where there are findings it says so; nothing is wrong usage.
        expect([0, 1], `${line}: ${told}`).toContain(status);
        expect(told).not.toContain(one.ssn);
      }
    });
  },
);
