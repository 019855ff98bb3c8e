import { readFile, stat } from 'node:fs/promises';
import type { Baseline } from '../../baseline/baseline.ts';
import { readBaseline } from '../../baseline/baseline-file.ts';
import { ScanError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Mask } from '../echo.ts';
import { errorCode } from '../output.ts';

/**
 * The accepted findings of a run; none without a file. Texts of people are masked: they come to every report. Throws ScanError for one that is missing, and for one that is not right in all of its parts.
 */
export async function loadBaseline(file: string | undefined, mask: Mask): Promise<Baseline> {
  if (file === undefined) return [];
  const { baseline, faults } = readBaseline(await baselineText(file));
  const [fault, ...others] = faults;
  if (fault !== undefined) {
    const { line, column, what, todo } = fault;
    const more = others.length === 0 ? '' : `; ${others.length} more in this file`;
    throw new ScanError('usage', `${what} (${file}:${line}:${column}). ${todo}${more}`);
  }
  return baseline.map((entry) => ({
    ...entry,
    place: mask(entry.place),
    reason: mask(entry.reason),
    owner: mask(entry.owner),
  }));
}

async function baselineText(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    // Four bytes are the longest character.
    if (stats.size > 4 * limits.baselineCharacters) {
      throw new ScanError('usage', `the file is too long (${file}). Name a baseline of phiscan baseline create`);
    }
    return (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
  } catch (error) {
    if (error instanceof ScanError) throw error;
    if (errorCode(error) === 'ENOENT') {
      throw new ScanError('not-found', `no such baseline (${file}). Make it with phiscan baseline create`, {
        cause: error,
      });
    }
    throw new ScanError('denied', `the baseline cannot be read (${file}). Check what it is, and its permissions`, {
      cause: error,
    });
  }
}
