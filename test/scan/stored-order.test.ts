import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { scanArchive } from '../support/scans.ts';

function configOf(architecture: string, author: string): string {
  return JSON.stringify({ architecture, author, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } });
}

// Scheduling goes by size; what an engine loads goes by the order in the archive.
test.each([
  ['longer', '', 'a long word, and another'],
  ['shorter', 'a long word, and another', ''],
])('of two members with one name the later one counts, though it is the %s', async (_length, first, last) => {
  const tar = pack();
  tar.entry({ name: 'config.json' }, configOf('arm64', first));
  tar.entry({ name: 'config.json' }, configOf('amd64', last));
  tar.entry({ name: 'manifest.json' }, '[{"Config":"config.json","RepoTags":["app:1"],"Layers":[]}]');
  tar.finalize();
  const { targets, coverage } = await scanArchive(await buffer(tar), { jobs: 2 });
  expect(targets.find(({ reference }) => reference === 'app:1')?.platform).toBe('linux/amd64');
  expect(coverage.gaps.map(({ reason }) => reason)).toContain('ambiguous');
});
