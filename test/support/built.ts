import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Tests that start processes or worker threads run dist/: it is built before the first test when a source is newer. */
export default function buildWhenStale(): void {
  const sources = [newest(join(root, 'src'), '.ts'), newest(join(root, 'detectors'), '.ts')];
  const others = ['scripts/build.js', 'package-lock.json'].map((path) => statSync(join(root, path)).mtimeMs);
  if (newest(join(root, 'dist'), '.js') >= Math.max(...sources, ...others)) return;
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed; its messages stand above');
}

/** Modification time in milliseconds of the newest such file; 0 without one. */
function newest(folder: string, ending: string): number {
  let time = 0;
  for (const name of listed(folder)) {
    if (name.endsWith(ending)) time = Math.max(time, statSync(join(folder, name)).mtimeMs);
  }
  return time;
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
