/** What of this machine a scan needs. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultKind, ScanError } from '../errors.ts';
import { dockerEngine } from '../source/docker-engine.ts';
import type { Check } from './check.ts';

/** A file is written there, and taken away again. */
export async function ledgerFolder(folder: string): Promise<Check> {
  const common = { id: 'ledger', place: '', subject: 'the folder of the ledger' } as const;
  const probe = join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, '', { flag: 'wx' });
    return { ...common, state: 'ok', detail: `${folder} can be written` };
  } catch (error) {
    const todo = 'Name another with PHISCAN_CACHE_DIR: without it, every sweep reads all layers again';
    return { ...common, state: 'failed', detail: `${folder} cannot be written (${faultKind(error)})`, todo };
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Only `phiscan image NAME` and `phiscan containers` ask it. */
export async function docker(): Promise<Check> {
  const common = { id: 'docker', place: '', subject: 'the Docker engine' } as const;
  try {
    const engine = await dockerEngine();
    const wanted = {
      name: 'its version',
      absent: 'no version',
      todo: 'look at DOCKER_HOST',
      instead: 'name an archive',
    };
    const answer = await engine.get('/version', wanted);
    answer.destroy();
    return { ...common, state: 'ok', detail: `${engine.described} answers` };
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    const todo = 'Needed for images of the engine and for phiscan containers only';
    return { ...common, state: 'warning', detail: error.message, todo };
  }
}
