import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the git repository that an absolute folder is in; the folder itself, where it is in none. */
export function repositoryRoot(folder: string): string {
  for (let root = folder; ; root = dirname(root)) {
    // A file, in worktrees and submodules.
    if (existsSync(join(root, '.git'))) return root;
    if (dirname(root) === root) return folder;
  }
}
