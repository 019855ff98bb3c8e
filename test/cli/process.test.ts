import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';

const main = join(import.meta.dirname, '../../dist/src/cli/main.js');
const fake = join(import.meta.dirname, '../support/fake-phiscan.js');
const planted = [400 + 23, 45, 6000 + 789].join('-');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly script?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Signals to send, one each time `waiting` or a line about stopping is printed. */
  readonly signals?: readonly NodeJS.Signals[];
}

function run(args: readonly string[], { script = fake, env = {}, signals = [] }: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env['PATH'], ...env } });
  const left = [...signals];
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
    if (!/waiting\n|stopping;/.test(bytes.toString())) return;
    const signal = left.shift();
    if (signal !== undefined) child.kill(signal);
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      done({ code, stdout, stderr });
    });
  });
}

describe('the built command', () => {
  it('prints its version', async () => {
    expect(await run(['--version'], { script: main })).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it('ends although something is still open', async () => {
    expect(await run(['image', 'open'])).toMatchObject({ code: 0 });
  });
});

describe('faults', () => {
  it.each(['fault', 'uncaught', 'rejected'])('%s: exit 2, no message, no stack', async (name) => {
    const { code, stdout, stderr } = await run(['image', name, '--no-progress']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^phiscan: a fault of phiscan itself \((Type)?Error.*\)\. Please report this line/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain(planted);
  });

  it.each(['fault', 'uncaught', 'rejected'])('%s with PHISCAN_DEBUG: frames, and still no message', async (name) => {
    const { code, stderr } = await run(['image', name, '--no-progress'], { env: { PHISCAN_DEBUG: '1' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/\n {4}at \S+fake-phiscan\.js:\d+:\d+\n/);
    expect(stderr).not.toContain(planted);
  });
});

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s gives a partial report', async (signal) => {
    const { code, stdout } = await run(['image', 'wait', '--allow-incomplete'], { signals: [signal] });
    expect(code).toBe(3);
    expect(stdout).toContain('INCOMPLETE: 1 gap');
    expect(stdout).toContain('interrupted: The scan was stopped before the end.');
  });

  it('exits 1 when something was found before', async () => {
    expect(await run(['image', 'waitLeak'], { signals: ['SIGINT'] })).toMatchObject({ code: 1 });
  });

  it('names the references that were not begun', async () => {
    const { code, stdout } = await run(['image', 'wait', 'leak', '--format', 'json'], { signals: ['SIGINT'] });
    const { targets, coverage } = JSON.parse(stdout) as {
      targets: { reference: string }[];
      coverage: { gaps: { location: { target: string } }[] };
    };
    expect(code).toBe(3);
    expect(targets.map(({ reference }) => reference)).toEqual(['wait', 'leak']);
    expect(coverage.gaps.map(({ location }) => location.target)).toEqual(['wait', 'leak']);
  });

  it('ends at once at the second', async () => {
    const { code, stdout } = await run(['image', 'deaf'], { signals: ['SIGINT', 'SIGINT'] });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});

describe('standard output', () => {
  it('may be closed by its reader', async () => {
    const child = spawn(process.execPath, [fake, 'image', 'huge', '--format', 'json', '--no-progress']);
    let stderr = '';
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('that is full is an error, never a clean exit', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [fake, 'image', 'clean', '--no-progress'], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    let stderr = '';
    child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    const code = await new Promise((done) => child.once('close', done));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^phiscan: the report could not be written \(standard output: ENOSPC\)/);
  });
});
