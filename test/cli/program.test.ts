import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Scans } from '../../src/cli/scan-command.ts';
import { ScanError } from '../../src/errors.ts';
import type { Report } from '../../src/finding.ts';
import type { ScanOptions } from '../../src/scan.ts';
import { columnsOf } from '../../src/report/printable.ts';
import { VERSION } from '../../src/version.ts';
import { finding, gap, location, report, target } from '../support/reports.ts';
import { keptStreams, type KeptStreams } from '../support/streams.ts';

interface Call {
  readonly names: readonly string[];
  readonly options: ScanOptions & { readonly dockerignore?: boolean };
}

let calls: Call[];
let folder: string;

beforeEach(() => {
  calls = [];
  folder = mkdtempSync(join(tmpdir(), 'phiscan-cli-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function answer(reference: string): Report {
  const targets = [target({ reference })];
  if (reference.startsWith('absent')) {
    throw new ScanError('not-found', `no such image (${reference}). Check the name`);
  }
  if (reference.startsWith('leak'))
    return report({ targets, findings: [finding({ location: location({ target: reference }) })] });
  if (reference.startsWith('gap'))
    return report({ targets, gaps: [gap({ location: location({ target: reference }) })] });
  return report({ targets });
}

const scans: Scans = {
  scanImages: (names, options) => {
    calls.push({ names, options });
    return Promise.resolve().then(() => answer(names.join(' ')));
  },
  scanContainers: (names, options) => {
    calls.push({ names, options: { ...options, jobs: 0 } });
    return Promise.resolve().then(() => answer(names.join(' ')));
  },
  scanFiles: (names, options) => {
    calls.push({ names, options });
    return Promise.resolve().then(() => answer(names.join(' ')));
  },
};

async function run(
  args: readonly string[],
  streams: KeptStreams = keptStreams(),
): Promise<{ code: number; out: string; err: string }> {
  const code = await runProgram(args, streams, () => Promise.resolve(scans));
  return { code, out: streams.printed(), err: streams.complained() };
}

describe('help', () => {
  it.each([
    [['--help']],
    [['image', '--help']],
    [['files', '-h']],
    [['containers', '-h']],
    [['ecs', 'watch', '--help']],
    [['help', 'image']],
    [['ecs', '--help']],
  ])('%j is asked for', async (args) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('Examples:\n  $ ');
    expect(out).toContain('Exit codes:');
    for (const line of out.split('\n')) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
  });

  it('without a command it goes to stderr, and nothing is clean', async () => {
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: phiscan');
  });

  it('--version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  });

  it('the version is that of the package', () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(version);
  });
});

describe('wrong usage: one line, what, where, what to do', () => {
  const number = [300 + 12, 45, 6000 + 789].join('-');

  it.each<[string, readonly string[], string]>([
    ['a mistyped command', ['imgae', 'x'], 'unknown command (imgae). Did you mean image?'],
    ['a mistyped option', ['image', 'x', '--fromat', 'json'], 'unknown option (--fromat). Did you mean --format?'],
    ['an option with a value is named without it', ['image', 'x', `--ssn=${number}`], 'unknown option (--ssn). See'],
    ['no reference', ['image'], 'missing required argument (reference). See'],
    ['no value', ['files', '.', '--jobs'], 'no value (--jobs <number>). See'],
    [
      'a format that is not there',
      ['image', 'x', '--format', number],
      'wrong value (--format). Give one of table, json',
    ],
    [
      'a severity that is not there',
      ['image', 'x', '--fail-on', number],
      'wrong value (--fail-on). Give one of critical, ',
    ],
    [
      'no number',
      ['image', 'x', '--min-confidence', number],
      'wrong value (--min-confidence). Give a number from 0 to 1',
    ],
    ['a confidence above 1', ['image', 'x', '--min-confidence', '1.1'], 'wrong value (--min-confidence)'],
    ['no threads', ['image', 'x', '--jobs', '0'], 'wrong value (--jobs). Give a whole number from 1 to 256'],
    ['half a thread', ['image', 'x', '--jobs', '1.5'], 'wrong value (--jobs)'],
    [
      'a platform without architecture',
      ['image', 'x', '--platform', 'linux'],
      'wrong value (--platform). Give OS/ARCH',
    ],
    ['a platform for files', ['files', 'x', '--platform', 'linux/amd64'], 'unknown option (--platform)'],
    ['no file to write to', ['image', 'x', '--output', ''], 'wrong value (--output)'],
    ['an empty reference', ['image', ''], 'an empty reference. Name an image'],
  ])('%s', async (_reason, args, message) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^phiscan: [^\n]+\n$/);
    expect(err).toContain(`phiscan: ${message}`);
    expect(err).not.toContain(number);
    expect(calls).toEqual([]);
  });

  it('standard input that is a terminal', async () => {
    const { code, err } = await run(['image', '-'], keptStreams({ stdinIsTerminal: true }));
    expect(code).toBe(2);
    expect(err).toContain('nothing is piped in (-). Use it as in: docker save');
  });
});

describe('options reach the scan', () => {
  it('image', async () => {
    await run(['image', 'a', '--platform', 'linux/arm64/v8', '--jobs', '3', '--min-confidence', '.8']);
    expect(calls).toMatchObject([
      { names: ['a'], options: { platforms: ['linux/arm64/v8'], jobs: 3, minConfidence: 0.8 } },
    ]);
  });

  it('files: all paths are one scan', async () => {
    await run(['files', 'a', 'b', '--dockerignore']);
    expect(calls).toMatchObject([{ names: ['a', 'b'], options: { dockerignore: true } }]);
  });

  it('a reference given twice is scanned once', async () => {
    await run(['image', 'a', 'b', 'a']);
    expect(calls.map(({ names }) => names)).toEqual([['a'], ['b']]);
  });
});

describe('exit codes', () => {
  it.each<[readonly string[], number]>([
    [['image', 'clean'], 0],
    [['image', 'leak'], 1],
    [['image', 'leak', '--fail-on', 'critical'], 0],
    [['image', 'leak', '--fail-on', 'none'], 0],
    [['image', 'gap'], 3],
    [['image', 'gap', '--allow-incomplete'], 0],
    [['image', 'absent'], 2],
    [['image', 'clean', 'absent'], 2],
    [['image', 'absent', 'leak'], 1],
    [['image', 'clean', 'absent', '--allow-incomplete'], 2],
    [['files', 'leak'], 1],
    [['files', 'absent'], 2],
  ])('%j: %d', async (args, code) => {
    expect(await run(args)).toMatchObject({ code });
  });
});

describe('several references, one of which cannot be opened', () => {
  it('keeps the results of the others, in their order', async () => {
    const { out, err } = await run(['image', 'leak-1', 'absent', 'leak-2', '--format', 'json', '--no-progress']);
    const { targets, findings, coverage, summary } = JSON.parse(out) as Report;
    expect(targets.map(({ reference }) => reference)).toEqual(['leak-1', 'absent', 'leak-2']);
    expect(findings).toHaveLength(2);
    expect(coverage).toMatchObject({ complete: false, entries: 2 * 12_345 });
    expect(coverage.gaps).toEqual([
      {
        reason: 'unreadable',
        detail: 'no such image (absent). Check the name',
        location: { kind: 'file', target: 'absent', path: '' },
      },
    ]);
    expect(summary).toMatchObject({ high: 2, gaps: 1 });
    expect(err).toBe('phiscan: no such image (absent). Check the name\n');
  });

  it('prints no report when none was opened', async () => {
    const { code, out, err } = await run(['image', 'absent-1', 'absent-2', '--no-progress']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')).toHaveLength(3);
  });
});

describe('--output', () => {
  it('writes the whole report, leaves no other file, and keeps the exit code', async () => {
    const file = join(folder, 'report.json');
    const { code, out, err } = await run(['image', 'leak', '--format', 'json', '--output', file, '--no-progress']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect((JSON.parse(readFileSync(file, 'utf8')) as Report).findings).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['report.json']);
    expect(err).toContain('phiscan: 1 finding: 1 high; scanned 1.84 GB in 12,345 entries, complete; json report in ');
  });

  it('replaces a report, with its permissions', async () => {
    const file = join(folder, 'report.json');
    writeFileSync(file, 'old', { mode: 0o600 });
    await run(['image', 'clean', '--format', 'json', '--output', file]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schemaVersion: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('follows a symbolic link and leaves it', async () => {
    const file = join(folder, 'report.txt');
    writeFileSync(file, 'old');
    symlinkSync(file, join(folder, 'link'));
    await run(['image', 'clean', '--output', join(folder, 'link')]);
    expect(readFileSync(file, 'utf8')).toContain('no findings');
    expect(readdirSync(folder).sort()).toEqual(['link', 'report.txt']);
  });

  it('never has colours', async () => {
    const file = join(folder, 'report.txt');
    await run(['image', 'leak', '--output', file], keptStreams({ terminal: true, env: { FORCE_COLOR: '1' } }));
    expect(readFileSync(file, 'utf8')).not.toContain('\u001b');
  });

  it('writes to a device and does not replace it', async () => {
    expect(await run(['image', 'clean', '--output', '/dev/null'])).toMatchObject({ code: 0 });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('- is standard output', async () => {
    const { out } = await run(['image', 'clean', '--output', '-']);
    expect(out).toContain('no findings');
    expect(existsSync('-')).toBe(false);
  });

  it.each([
    ['a folder', ''],
    ['a file in no folder', 'none/report.txt'],
  ])('%s is refused before the scan', async (_reason, name) => {
    const { code, err } = await run(['image', 'leak', '--output', join(folder, name)]);
    expect(code).toBe(2);
    expect(err).toMatch(/^phiscan: the report (cannot|could not) be written \(/);
    expect(calls).toEqual([]);
  });
});

describe('colours', () => {
  it.each<[string, { terminal: boolean; env: NodeJS.ProcessEnv }, boolean]>([
    ['a terminal', { terminal: true, env: {} }, true],
    ['a pipe', { terminal: false, env: {} }, false],
    ['a pipe in CI', { terminal: false, env: { CI: 'true' } }, false],
    ['NO_COLOR', { terminal: true, env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR', { terminal: true, env: { NO_COLOR: '' } }, true],
    ['FORCE_COLOR on a pipe', { terminal: false, env: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR=0', { terminal: true, env: { FORCE_COLOR: '0' } }, false],
    ['both', { terminal: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, false],
    ['a dumb terminal', { terminal: true, env: { TERM: 'dumb' } }, false],
  ])('%s', async (_reason, parts, colored) => {
    const { out } = await run(['image', 'leak'], keptStreams(parts));
    expect(out.includes('\u001b[')).toBe(colored);
  });
});
