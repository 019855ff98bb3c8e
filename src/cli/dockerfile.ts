import { readFile, stat } from 'node:fs/promises';
import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { NamedDockerfile } from '../scan/instruction-places.ts';

/** What `--dockerfile` names. Throws ScanError before a long scan. */
export async function loadDockerfile(file: string | undefined): Promise<NamedDockerfile | undefined> {
  if (file === undefined) return undefined;
  try {
    const { size } = await stat(file);
    if (size > limits.dockerfileBytes)
      throw new ScanError('usage', `the file is too long (${file}). Name a Dockerfile`);
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    if (error instanceof ScanError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT')
      throw new ScanError('not-found', `no such file (${file}). Check --dockerfile`, { cause: error });
    throw new ScanError('denied', `the file cannot be read (${file}). Check what it is, and its permissions`, {
      cause: error,
    });
  }
}
