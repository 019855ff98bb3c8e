import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { startMotoAccount, type MotoAccount } from '../aws/ecs/moto-account.ts';
import { helpPages, wordsOf } from '../support/help-examples.ts';
import { motoMissing } from '../support/moto.ts';
import { phiscan, type Ended } from '../support/scans.ts';

const skipped = motoMissing();
const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
const section = /^## ECS: in the account\n[\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? '';
const commands = [...section.matchAll(/^\$ phiscan (ecs.*)$/gm)].map(([, words = '']) => words.split(' '));

/** A task's id is another one each time, and fractions of seconds are some bytes longer or shorter. */
function withoutIds(text: string): string {
  return text
    .replace(/task\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'task/ID')
    .replace(/scanned \d\.\d\d kB/g, 'scanned SIZE');
}

describe.skipIf(skipped !== undefined)(
  `the README's section on ECS${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let account: MotoAccount;
    let folder = '';
    const run = (words: readonly string[], own: NodeJS.ProcessEnv = {}): Promise<Ended> =>
      phiscan(words, { cwd: folder, env: { ...account.aws.env, PHISCAN_CACHE_DIR: join(folder, 'cache'), ...own } });

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
      account = await startMotoAccount();
    });

    afterAll(async () => {
      await account.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('shows what the first command prints', async () => {
      const [words = []] = commands;
      const { code, stdout, stderr } = await run(words);
      expect(stderr).toBe('');
      expect(withoutIds(section)).toContain(
        `$ phiscan ${words.join(' ')}\n${withoutIds(stdout)}$ echo $?\n${String(code)}\n`,
      );
    });

    test.each(helpPages().find(({ command }) => command === 'ecs')?.examples ?? [])(
      '%s, as its help has it',
      async (line) => {
        writeFileSync(join(folder, 'aws'), '[profile audit]\nregion = us-east-1\n');
        writeFileSync(join(folder, 'keys'), '[audit]\naws_access_key_id = test\naws_secret_access_key = test\n');
        const own = { AWS_CONFIG_FILE: join(folder, 'aws'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'keys') };
        const { code, stderr } = await run(
          wordsOf(line.replace('--family web', '--family clinic-import')).slice(1),
          own,
        );
        expect([0, 1], stderr).toContain(code);
      },
    );

    test.each(commands)('runs as it is written: %s %s %s %s %s', async (...words) => {
      const { code, stdout, stderr } = await run(words);
      expect(code).toBe(1);
      const output = words.includes('--output') ? readFileSync(join(folder, 'ecs.json'), 'utf8') : stdout;
      for (const { ssn, mrn } of account.patients) {
        for (const text of [output, stderr]) expect(text).not.toMatch(new RegExp(`${ssn}|${mrn}`));
      }
      if (words.includes('--output')) expect((JSON.parse(output) as Report).coverage.complete).toBe(true);
      else expect(output).toContain('complete\n');
    });
  },
);
