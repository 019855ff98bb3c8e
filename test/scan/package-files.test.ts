import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/finding.ts';
import { limits } from '../../src/limits.ts';
import type { LayerSpec } from '../support/image-builder.ts';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { scanArchive } from '../support/scans.ts';

const one = patient(77);
const text = `Example of a record: SSN: ${one.ssn}\n`;
const path = 'usr/share/doc/libx/examples.txt';

function md5(content: string | Buffer): string {
  return createHash('md5').update(content).digest('hex');
}

function listOf(content: string | Buffer, file = path): LayerSpec['entries'][number] {
  return { path: 'var/lib/dpkg/info/libx.md5sums', content: `${md5(content)}  ${file}\n` };
}

async function findings(...layers: readonly LayerSpec[]): Promise<readonly Finding[]> {
  const image = await buildImage({ names: ['clinic:1'], layers });
  const report = await scanArchive(await archiveOf(docker25([image])));
  return report.findings;
}

describe('a finding in a file of a package', () => {
  it('is the distribution’s: shown as info, with its reason', async () => {
    const [finding, ...others] = await findings({ entries: [listOf(text), { path, content: text }] });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ detector: 'ssn', severity: 'info', outcome: 'real', location: { path } });
    expect(finding?.evidence.at(-1)?.term).toBe('package file');
    expect(finding?.confidence).toBeLessThan(0.5);
  });

  it('is told by a database in another layer, and in whatever order', async () => {
    expect(await findings({ entries: [{ path, content: text }] }, { entries: [listOf(text)] })).toMatchObject([
      { severity: 'info' },
    ]);
  });

  it('keeps its severity where the file was changed', async () => {
    expect(await findings({ entries: [{ path, content: text }, listOf(`${text}\n`)] })).toMatchObject([
      { severity: 'high' },
    ]);
  });

  it('keeps its severity in a copy elsewhere', async () => {
    expect(await findings({ entries: [{ path: 'srv/examples.txt', content: text }, listOf(text)] })).toMatchObject([
      { severity: 'high' },
    ]);
  });

  it('is known in an archive, and in a file of many chunks', async () => {
    const zipped = gzipSync(text);
    const gz = `${path}.gz`;
    expect(await findings({ entries: [{ path: gz, content: zipped }, listOf(zipped, gz)] })).toMatchObject([
      { severity: 'info' },
    ]);
    const large = `${'no patient here\n'.repeat(200_000)}${text}`;
    expect(large.length).toBeLessThan(limits.verifiedBytes);
    expect(await findings({ entries: [{ path, content: large }, listOf(large)] })).toMatchObject([
      { severity: 'info' },
    ]);
  });

  it('keeps its severity in a file that is too large to be compared', async () => {
    const large = Buffer.alloc(limits.verifiedBytes + 1, `${text}${'no patient here\n'.repeat(100_000)}`);
    expect(await findings({ entries: [{ path, content: large }, listOf(large)] })).toMatchObject([
      { severity: 'high' },
    ]);
  });
});
