import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Finding, Report } from '../../src/finding.ts';
import { filled } from '../support/fixture-text.ts';
import { phiscan } from '../trust/command.ts';

/**
 * fixtures/ecs/FORMAT holds definitions as people keep them: `ok*` without PHI, `ng*` with placeholders for it, and beside
 * each `ng*` a list of what is found in it, `ng*.expect.json`. A new pair needs no code here. fixtures/README.md says more.
 */
const fixtures = join(import.meta.dirname, '../../fixtures/ecs');
const EXPECTED = /\.expect\.json$/;

interface Expected {
  readonly detector: string;
  readonly pointer?: string;
  readonly line: number;
  readonly severity?: string;
  readonly surface?: string;
}

const all = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(fixtures.length + 1))
  .sort();
const files = all.filter((path) => !EXPECTED.test(path));
const bad = files.filter((path) => basename(path).replace(/^\./, '').startsWith('ng'));
const good = files.filter((path) => basename(path).replace(/^\./, '').startsWith('ok'));

function expectedOf(path: string): readonly Expected[] {
  const stem = basename(path).replace(/^\./, '').split('.')[0] ?? '';
  return JSON.parse(readFileSync(join(fixtures, dirname(path), `${stem}.expect.json`), 'utf8')) as Expected[];
}

const folder = mkdtempSync(join(tmpdir(), 'phiscan-fixtures-'));
const values = new Map<string, readonly string[]>();
let json: Report;
const outputs: string[] = [];

beforeAll(async () => {
  for (const path of files) {
    const { text, values: own } = filled(readFileSync(join(fixtures, path), 'utf8'));
    values.set(path, own);
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const format of ['json', 'table']) {
    const { stdout, stderr } = await phiscan(['files', '--format', format, '--fail-on', 'none', '--explain', '.'], {
      cwd: folder,
    });
    outputs.push(stdout, stderr);
    if (format === 'json') json = JSON.parse(stdout) as Report;
  }
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function findingsIn(path: string): readonly Finding[] {
  return json.findings.filter(({ location }) => location.path === path);
}

function told({ detector, severity, surface, location: { pointer, line } }: Finding): object {
  return { detector, pointer, line, severity, surface };
}

test('each file is one of a pair', () => {
  expect(files.filter((path) => !bad.includes(path) && !good.includes(path))).toEqual([]);
  const folders = [...new Set(files.map((path) => path.split('/')[0]))];
  expect(
    folders.filter((name) => ![bad, good].every((kind) => kind.some((path) => path.startsWith(`${name}/`)))),
  ).toEqual([]);
});

test('the scan is complete', () => {
  expect(json.coverage.gaps).toEqual([]);
});

test.each(good)('%s: nothing of medium or above', (path) => {
  expect(
    findingsIn(path)
      .filter(({ severity }) => !['low', 'info'].includes(severity))
      .map(told),
  ).toEqual([]);
});

describe.each(bad)('%s', (path) => {
  test.each(expectedOf(path))('$detector at $pointer, line $line', (expected) => {
    expect(findingsIn(path).map(told)).toContainEqual(expect.objectContaining(expected));
  });

  test('nothing else of medium or above', () => {
    const expected = expectedOf(path).map(({ detector, pointer }) => `${detector} ${pointer ?? ''}`);
    const others = findingsIn(path).filter(
      ({ detector, severity, location }) =>
        !['low', 'info'].includes(severity) && !expected.includes(`${detector} ${location.pointer ?? ''}`),
    );
    expect(others.map(told)).toEqual([]);
  });

  test('no output holds a value', () => {
    for (const value of values.get(path) ?? []) {
      for (const output of outputs) expect(output.includes(value)).toBe(false);
    }
  });
});
