import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The environment of a command that remembers nothing of others, and nothing in the user's home; unless `env` says where. */
export function ownCache(env: NodeJS.ProcessEnv): { readonly env: NodeJS.ProcessEnv; readonly remove: () => void } {
  // A test that says undefined means the user's own.
  if ('PHISCAN_CACHE_DIR' in env) return { env, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'phiscan-cache-'));
  return {
    env: { ...env, PHISCAN_CACHE_DIR: folder },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
