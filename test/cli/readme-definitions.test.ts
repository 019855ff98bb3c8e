import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { filled } from '../support/fixture-text.ts';
import { inFolder, phiscan } from '../support/scans.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = /^## ECS: before deployment\n[\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? '';
const commands = [...section.matchAll(/^\$ phiscan (files.*)$/gm)].map(([, words = '']) => words.split(' '));

/** The files that the section names, and the fixtures that they are. */
const FILES = [
  ['task-definition.json', 'task-definition/ng-2.json'],
  ['infra/main.tf', 'terraform/ng.tf'],
  ['cdk.out/Clinic.template.json', 'cdk/ng.template.json'],
] as const;

test("the README's section on definitions was run as written", () =>
  inFolder(async (folder) => {
    const values: string[] = [];
    for (const [path, fixture] of FILES) {
      const { text, values: own } = filled(readFileSync(join(root, 'fixtures', 'ecs', fixture), 'utf8'));
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      values.push(...own);
    }
    const [first = [], second = []] = commands;
    const shown = await phiscan([...first, '--no-progress'], { cwd: folder });
    expect(section).toContain(`$ phiscan ${first.join(' ')}\n${shown.stdout}$ echo $?\n${String(shown.code)}\n`);
    const written = await phiscan(second, { cwd: folder });
    expect(written.code).toBe(1);
    const json = readFileSync(join(folder, 'definitions.json'), 'utf8');
    const report = JSON.parse(json) as Report;
    expect(report.findings.map(({ location }) => location.path)).toEqual(
      expect.arrayContaining(['infra/main.tf', 'cdk.out/Clinic.template.json']),
    );
    for (const { remedy } of report.findings) if (remedy !== undefined) expect(report.remedies).toHaveProperty(remedy);
    for (const value of values)
      for (const text of [json, shown.stdout, written.stderr]) expect(text).not.toContain(value);
  }));
