import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver, type OutputsRequest, plannedOutputs, type RunView } from '../../src/cli/outputs.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Scans } from '../../src/cli/scan-command.ts';
import { finding, gap, report } from '../support/reports.ts';
import { keptStreams } from '../support/streams.ts';

describe('which report goes where', () => {
  it.each<[string, OutputsRequest, string]>([
    ['nothing is asked for: the table', {}, 'table -'],
    ['a format: on standard output', { format: ['json'] }, 'json -'],
    ['first to first, second to second', { format: ['json', 'jsonl'], output: ['b.txt', 'a'] }, 'json b.txt, jsonl a'],
    ['a format that is left over', { format: ['json', 'table'], output: ['a'] }, 'json a, table -'],
    ['a file that is left over', { format: ['jsonl'], output: ['a', 'b.json'] }, 'jsonl a, json b.json'],
    ['endings', { output: ['a.txt', 'b.json', 'c.jsonl'] }, 'table a.txt, json b.json, jsonl c.jsonl'],
    ['a name without an ending', { output: ['/dev/null'] }, 'table /dev/null'],
    ['- is standard output', { output: ['-'] }, 'table -'],
    ['- with a format', { format: ['json'], output: ['-'] }, 'json -'],
    ['- beside a file', { format: ['json', 'table'], output: ['a', '-'] }, 'json a, table -'],
  ])('%s', (_reason, request, expected) => {
    const planned = plannedOutputs(request).map(({ format, file = '-' }) => `${format} ${file}`);
    expect(planned.join(', ')).toBe(expected);
  });

  it.each<[string, OutputsRequest, string]>([
    ['two on standard output', { format: ['json', 'table'] }, '2 reports on standard output (json, table)'],
    ['two as -', { output: ['-', '-'] }, '2 reports on standard output (table, table)'],
    ['two in one file', { format: ['json', 'jsonl'], output: ['a', 'a'] }, 'two reports in one file (a)'],
    ['an ending that says nothing', { output: ['a.doc'] }, 'no format for this ending (a.doc)'],
    ['of the second one', { format: ['json'], output: ['a.doc', 'b.doc'] }, 'no format for this ending (b.doc)'],
  ])('%s is refused', (_reason, request, message) => {
    expect(() => plannedOutputs(request)).toThrow(message);
  });
});

describe('a run', () => {
  let folder: string;
  let scanned: number;
  const scans: Scans = {
    scanImages: () => {
      scanned += 1;
      return Promise.resolve(report({ findings: [finding()], gaps: [gap()] }));
    },
    scanFiles: () => Promise.reject(new Error('not asked')),
    scanContainers: () => Promise.reject(new Error('not asked')),
  };
  const run = async (...words: string[]): Promise<{ code: number; out: string; err: string }> => {
    const streams = keptStreams();
    const argv = ['image', 'app:1', '--no-progress', '--no-ledger', ...words];
    const code = await runProgram(argv, streams, () => Promise.resolve(scans));
    return { code, out: streams.printed(), err: streams.complained() };
  };

  beforeEach(() => {
    scanned = 0;
    folder = mkdtempSync(join(tmpdir(), 'phiscan-outputs-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes several at once, says where they are, and prints only what is asked for', async () => {
    const [json, lines] = [join(folder, 'a.json'), join(folder, 'b.jsonl')];
    const { code, out, err } = await run('--output', json, '--output', lines);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(readdirSync(folder)).toEqual(['a.json', 'b.jsonl']);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ findings: [{ detector: 'ssn' }] });
    expect(readFileSync(lines, 'utf8').trimEnd().split('\n')).toHaveLength(4);
    const words = '1 finding: 1 high; scanned 1.84 GB in 12,345 entries, INCOMPLETE: 1 gap; ';
    expect(err).toBe(`phiscan: ${words}json report in ${json}\nphiscan: jsonl report in ${lines}\n`);
  });

  it('with a format left over prints that one and nothing else', async () => {
    const { out } = await run('--format', 'json', '--format', 'jsonl', '--output', join(folder, 'a'));
    expect(out.split('\n').map((line) => line.slice(0, 18))).toEqual([
      ...Array<string>(4).fill('{"schemaVersion":1'),
      '',
    ]);
  });

  it('asks of whom findings for Security Hub are before it scans', async () => {
    const { code, err } = await run('--format', 'asff');
    expect([code, scanned]).toEqual([2, 0]);
    expect(err).toMatch(/^phiscan: no account \(--format asff\)/);
    const { out } = await run('--format', 'asff', '--asff-account', '123456789012/us-east-1');
    expect(JSON.parse(out)).toMatchObject([{ AwsAccountId: '123456789012', Region: 'us-east-1' }]);
  });

  it('looks at all files before it scans', async () => {
    const { code, err } = await run('--output', join(folder, 'a.json'), '--output', join(folder, 'none/b.json'));
    expect([code, scanned, readdirSync(folder)]).toEqual([2, 0, []]);
    expect(err).toMatch(/^phiscan: the report could not be written \(.*none\/b\.json: ENOENT\)/);
  });

  it('one that fails after the scan loses none of the others, and each is told', async () => {
    const gone = join(folder, 'gone');
    const streams = keptStreams();
    const view: RunView = { explain: false, failOn: 'medium', exitCode: 1 };
    const outputs = [
      { format: 'json', file: join(gone, 'a.json') },
      { format: 'jsonl', file: join(folder, 'b.jsonl') },
      { format: 'table', file: join(gone, 'c.txt') },
      { format: 'table', file: undefined },
    ] as const;
    const delivery = { outputs, view, words: 'all said', mask: (text: string) => text };
    await expect(deliver(report(), delivery, streams)).rejects.toThrow('gone/a.json: ENOENT');
    expect(existsSync(join(folder, 'b.jsonl'))).toBe(true);
    expect(streams.printed()).toContain('no findings');
    expect(streams.complained()).toContain(`phiscan: all said; jsonl report in ${join(folder, 'b.jsonl')}\n`);
    expect(streams.complained()).toMatch(/phiscan: the report could not be written \(.*c\.txt: ENOENT\)/);
  });
});
