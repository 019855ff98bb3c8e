import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../support/patients.ts';
import { missing } from '../support/programs.ts';

const main = join(import.meta.dirname, '../../dist/src/cli/main.js');
const skipped = missing('git');
const one = patient(51);

const definition = (ssn: string): string =>
  JSON.stringify({
    family: 'web',
    containerDefinitions: [{ name: 'web', image: 'web:1', environment: [{ name: 'PATIENT_SSN', value: ssn }] }],
  });
const clean = JSON.stringify({ family: 'web', containerDefinitions: [{ name: 'web', image: 'web:1' }] });

describe.skipIf(skipped !== undefined)(`git hooks${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-git-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  interface Ended {
    readonly status: number | null;
    readonly said: string;
  }

  function run(program: string, args: readonly string[], cwd: string): Ended {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      PHISCAN_CACHE_DIR: join(folder, 'cache'),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    expect(stdout + stderr).not.toContain(one.ssn);
    return { status, said: stdout + stderr };
  }
  const git = (cwd: string, ...args: readonly string[]): Ended => run('git', args, cwd);
  const phiscan = (cwd: string, ...args: readonly string[]): Ended => run(process.execPath, [main, ...args], cwd);

  function repository(name: string): string {
    const top = join(folder, name);
    mkdirSync(top);
    git(top, 'init', '-q', '-b', 'main');
    for (const [key, value] of [
      ['user.name', 'Test'],
      ['user.email', 'test@phiscan.example'],
      ['core.quotePath', 'true'],
    ]) {
      git(top, 'config', String(key), String(value));
    }
    return top;
  }
  function write(top: string, path: string, content: string): void {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), content);
  }
  function commit(top: string, ...options: readonly string[]): Ended {
    return git(top, 'commit', '-q', '-m', 'a change', ...options);
  }
  const commits = (top: string): number => Number(git(top, 'rev-list', '--all', '--count').said.trim());

  it('a commit with a patient in a task definition is refused, and a clean one goes through', () => {
    const top = repository('plain');
    expect(phiscan(top, 'install', 'git-hook')).toMatchObject({ status: 0 });
    write(top, 'deploy/task-definition.json', definition(one.ssn));
    git(top, 'add', '-A');
    const refused = commit(top);
    expect(refused.status).not.toBe(0);
    expect(refused.said).toMatch(/deploy\/task-definition\.json[^]*containerDefinitions\[0\]\.environment\[0\]\.value/);
    expect(refused.said).toContain("phiscan: not committed (pre-commit hook). See the report; git's --no-verify");
    expect(commits(top)).toBe(0);

    // What is staged counts, not what stands in the working tree.
    write(top, 'deploy/task-definition.json', clean);
    expect(commit(top).status).not.toBe(0);
    git(top, 'add', '-A');
    write(top, 'deploy/task-definition.json', definition(one.ssn));
    expect(commit(top)).toMatchObject({ status: 0 });
    expect(commits(top)).toBe(1);
    // And with `commit FILE`, the index that Git makes for it.
    expect(commit(top, 'deploy/task-definition.json').status).not.toBe(0);
    expect(commit(top, '--no-verify', '-a').status).toBe(0);
  });

  it('names with spaces, newlines, quotes and a leading dash; in a linked working tree; a removed file is none', () => {
    const top = repository('names');
    const names = ['a b.csv', 'two\nlines.csv', '-rf.csv', 'it\'s "x".csv', 'zwei/ä[1].csv'];
    for (const name of names) write(top, name, 'id\n1\n');
    git(top, 'add', '-A');
    expect(commit(top).status).toBe(0);
    const linked = join(folder, 'linked');
    git(top, 'worktree', 'add', '-q', linked);
    expect(phiscan(join(linked, 'zwei'), 'install', 'git-hook')).toMatchObject({ status: 0 });
    rmSync(join(linked, 'a b.csv'));
    for (const name of names.slice(1)) write(linked, name, `id,ssn\n1,${one.ssn}\n`);
    git(linked, 'add', '-A');
    const { status, said } = commit(linked);
    expect(status).not.toBe(0);
    expect(said).toMatch(/4 findings|8 findings/);
    for (const name of ['lines.csv', '-rf.csv', 'it\'s "x".csv', 'zwei/ä[1].csv']) expect(said).toContain(name);
  });

  it('core.hooksPath; a hook that is there stays, and with --force runs first; --uninstall brings it back', () => {
    const top = repository('shared');
    git(top, 'config', 'core.hooksPath', '.hooks dir');
    const hook = join(top, '.hooks dir/pre-commit');
    write(top, '.hooks dir/pre-commit', '#!/bin/sh\necho "theirs $#" >> theirs.log\n');
    spawnSync('chmod', ['+x', hook]);
    const refused = phiscan(top, 'install', 'git-hook');
    expect(refused.status).toBe(2);
    expect(refused.said).toMatch(
      /there is a pre-commit hook already \(.*pre-commit\)\. Add a line to it: phiscan git-hook/,
    );
    expect(phiscan(top, 'install', 'git-hook', '--force').status).toBe(0);
    // Again: another's hook that was kept is kept.
    expect(phiscan(top, 'install', 'git-hook').status).toBe(0);
    write(top, 'app.env', `PATIENT_SSN=${one.ssn}\n`);
    git(top, 'add', 'app.env');
    expect(commit(top).status).not.toBe(0);
    expect(readFileSync(join(top, 'theirs.log'), 'utf8')).toBe('theirs 0\n');
    // Put there again by its own program: neither that nor the kept one may be lost.
    const ours = readFileSync(hook);
    writeFileSync(hook, '#!/bin/sh\n');
    expect(phiscan(top, 'install', 'git-hook', '--force').said).toMatch(/a hook is kept already \(.*before-phiscan\)/);
    expect(readFileSync(`${hook}.before-phiscan`, 'utf8')).toContain('theirs');
    writeFileSync(hook, ours);
    // Theirs fails: ours is not asked.
    writeFileSync(`${hook}.before-phiscan`, '#!/bin/sh\nexit 9\n');
    expect(commit(top).said).not.toContain('phiscan');
    expect(phiscan(top, 'install', 'git-hook', '--uninstall').said).toContain('the one before it is back');
    expect(readFileSync(hook, 'utf8')).toBe('#!/bin/sh\nexit 9\n');
    expect(statSync(hook).mode & 0o111).not.toBe(0);
    expect(phiscan(top, 'install', 'git-hook', '--uninstall').said).toContain('no pre-commit hook of phiscan');
    expect(readFileSync(hook, 'utf8')).toBe('#!/bin/sh\nexit 9\n');
  });

  it('before a push: each version that its commits add, and nothing that the remote has', () => {
    const remote = join(folder, 'remote.git');
    git(folder, 'init', '-q', '--bare', remote);
    const top = repository('pushing');
    git(top, 'remote', 'add', 'origin', remote);
    write(top, 'old.env', `PATIENT_SSN=${one.ssn}\n`);
    git(top, 'add', '-A');
    commit(top);
    git(top, 'push', '-q', 'origin', 'main');
    const hook = join(top, '.git/hooks/pre-push');
    writeFileSync(hook, '#!/bin/sh\ncat > theirs.log\n', { mode: 0o755 });
    expect(phiscan(top, 'install', 'git-hook', '--hook', 'pre-push', '--force').status).toBe(0);
    write(top, 'app.js', 'console.log(1);\n');
    git(top, 'add', 'app.js');
    commit(top);
    // What the remote has already is not scanned again.
    const pushed = git(top, 'push', '-q', 'origin', 'main');
    expect(pushed).toMatchObject({ status: 0 });
    expect(pushed.said).toContain('in 1 entry, complete');
    expect(readFileSync(join(top, 'theirs.log'), 'utf8')).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main /);

    // A value that one commit adds and the next one takes away is pushed, too.
    write(top, 'seed.csv', `id,ssn\n1,${one.ssn}\n`);
    git(top, 'add', 'seed.csv');
    commit(top);
    write(top, 'seed.csv', 'id,ssn\n1,\n');
    commit(top, '-a');
    git(top, 'checkout', '-q', '-b', 'other');
    const refused = git(top, 'push', '-q', 'origin', 'other');
    expect(refused.status).not.toBe(0);
    expect(refused.said).toContain('seed.csv');
    expect(refused.said).not.toContain('old.env');
    expect(refused.said).toContain('phiscan: not pushed (pre-push hook)');
    expect(git(top, 'push', '-q', 'origin', ':main').said).not.toContain('phiscan');

    // Of an address nothing is known: what another remote has is new there.
    const elsewhere = join(folder, 'elsewhere.git');
    git(folder, 'init', '-q', '--bare', elsewhere);
    expect(git(top, 'push', '-q', elsewhere, 'main~2:refs/heads/main').said).toContain('old.env');
  });

  it('before a push: settings of Git, and objects that stand for others, hide nothing', () => {
    const remote = join(folder, 'hidden.git');
    git(folder, 'init', '-q', '--bare', remote);
    const top = repository('hiding');
    git(top, 'remote', 'add', 'origin', remote);
    const signer = join(folder, 'signer');
    const signed = 'cat > /dev/null; echo "[GNUPG:] SIG_CREATED " >&2; echo "-----BEGIN PGP SIGNATURE-----"';
    const verified = 'echo "gpg: a signature" >&2; echo "[GNUPG:] BADSIG 1 a"';
    writeFileSync(signer, `#!/bin/sh\ncase "$*" in *--verify*) ${verified} ;; *) ${signed} ;; esac\n`, { mode: 0o755 });
    git(top, 'config', 'gpg.program', signer);
    git(top, 'config', 'log.showSignature', 'true');
    expect(phiscan(top, 'install', 'git-hook', '--hook', 'pre-push').status).toBe(0);
    write(top, 'seed.csv', `id,ssn\n1,${one.ssn}\n`);
    git(top, 'add', 'seed.csv');
    expect(commit(top, '-S')).toMatchObject({ status: 0 });
    expect(git(top, 'log', '--format=').said).toContain('gpg: a signature');
    expect(git(top, 'push', '-q', 'origin', 'main').said).toContain('seed.csv');

    write(top, 'clean.csv', 'id,ssn\n1,\n');
    const object = (file: string): string => git(top, 'hash-object', '-w', file).said.trim();
    git(top, 'replace', object('seed.csv'), object('clean.csv'));
    expect(git(top, 'push', '-q', 'origin', 'main').said).toContain('seed.csv');

    git(top, 'tag', 'file', object('seed.csv'));
    const refused = git(top, 'push', '-q', 'origin', 'file');
    expect(refused.status).not.toBe(0);
    expect(refused.said).toMatch(/what is pushed is no commit/);
  });

  it.each([
    ['no repository', ['install', 'git-hook'], /git rev-parse failed .*Run it in the working tree/],
    [
      'no hook of that name',
      ['install', 'git-hook', '--hook', 'pre-comit'],
      /wrong value \(HOOK\)\. Did you mean pre-commit/,
    ],
    ['nothing of Git on standard input', ['git-hook', 'pre-push'], /git rev-parse failed/],
  ])('%s: exit 2, and what to do', (_reason, args, message) => {
    const { status, said } = phiscan(folder, ...args);
    expect(status).toBe(2);
    expect(said).toMatch(message);
  });
});
