import { readFile, stat } from 'node:fs/promises';
import type { CustomDetector } from '../detect/custom-detector.ts';
import { type ConfigFault, type PhiscanConfig, readConfig, type ReadConfig } from '../config/phiscan-yaml.ts';
import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';

/** Read from the working directory when no other is named. */
const DEFAULT_FILE = 'phiscan.yaml';
const NOTHING: PhiscanConfig = { customDetectors: [] };

/** The configuration of a run; throws ScanError for one that is not right in all of its parts. */
export async function loadConfig(named: string | undefined): Promise<PhiscanConfig> {
  const file = named ?? DEFAULT_FILE;
  const config = await readConfigFile(file, named === undefined);
  const [fault, ...others] = config?.faults ?? [];
  if (fault === undefined) return config ?? NOTHING;
  const more = others.length === 0 ? '' : `; ${others.length} more: phiscan detectors test ${file}`;
  throw new ScanError('usage', `${faultLine(file, fault)}${more}`);
}

/** The detectors of a configuration that are right, whatever is wrong beside them; none where there is no file. */
export async function usableDetectors(named: string | undefined): Promise<readonly CustomDetector[]> {
  const config = await readConfigFile(named ?? DEFAULT_FILE, true);
  return config?.customDetectors ?? [];
}

/** `WHAT (WHERE). WHAT TO DO`. */
export function faultLine(file: string, { line, column, what, todo }: ConfigFault): string {
  return `${what} (${file}:${line}:${column}). ${todo}`;
}

/** With its faults; undefined where a file that is optional is not there. */
export async function readConfigFile(file: string, isOptional: boolean): Promise<ReadConfig | undefined> {
  let text: string;
  try {
    const { size } = await stat(file);
    // Four bytes are the longest character.
    if (size > 4 * limits.configCharacters)
      throw new ScanError('usage', `the file is too long (${file}). Name a phiscan.yaml`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof ScanError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && isOptional) return undefined;
    if (code === 'ENOENT') throw new ScanError('not-found', `no such file (${file}). Check the name`, { cause: error });
    throw new ScanError('denied', `the file cannot be read (${file}). Check what it is, and its permissions`, {
      cause: error,
    });
  }
  return readConfig(text.replace(/^\ufeff/, ''));
}
