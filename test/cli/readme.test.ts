import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

test('the README shows what the demo prints', async () => {
  const { writeDemoImage } = (await import(join(root, 'scripts', 'demo-image.js'))) as {
    writeDemoImage: (file: string) => Promise<void>;
  };
  const folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
  try {
    await writeDemoImage(join(folder, 'clinic-demo.tar'));
    const args = [join(root, 'dist', 'src', 'cli', 'main.js'), 'image', 'clinic-demo.tar', '--no-progress'];
    const env = { ...process.env, PHISCAN_CACHE_DIR: join(folder, 'cache') };
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
    const shown = `$ phiscan image clinic-demo.tar\n${stdout}$ echo $?\n${String(status)}\n`;
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`$ npm run demo\n${shown}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
