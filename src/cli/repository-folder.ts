import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Where `folder` is in its git repository: `services/api/`; empty at the root of one, and outside of any. */
export function repositoryFolder(folder: string): string {
  for (let root = folder; ; root = dirname(root)) {
    // A file, in worktrees and submodules.
    if (existsSync(join(root, '.git'))) {
      const within = relative(root, folder).split(sep).join('/');
      return within === '' ? '' : `${within}/`;
    }
    if (dirname(root) === root) return '';
  }
}
