import { readFile, stat } from 'node:fs/promises';
import type { CustomDetector } from '../../detect/custom-detector.ts';
import { type ConfigFault, type PhiscanConfig, readConfig, type ReadConfig } from '../../config/phiscan-yaml.ts';
import { noFileSettings } from '../../config/file-settings.ts';
import { ScanError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { FORMATS } from '../../report/format.ts';

/** Read from the working directory when no other is named. */
const DEFAULT_FILE = 'phiscan.yaml';

/** What a run was told of its configuration. */
export interface ConfigRequest {
  readonly config?: string | undefined;
}

/** Undefined: `phiscan.yaml` of this folder, if it is there. */
export function configName({ config }: ConfigRequest, env: NodeJS.ProcessEnv): string | undefined {
  // Set to nothing is not set: a workflow passes on what it was given.
  const named = env['PHISCAN_CONFIG'];
  return config ?? (named === '' ? undefined : named);
}

/** A configuration that is right in all of its parts. */
export interface LoadedConfig extends PhiscanConfig {
  /** As it was named; undefined where there is none. */
  readonly file: string | undefined;
}

/** The configuration of a run; throws ScanError for one that is not right in all of its parts. */
export async function loadConfig(named: string | undefined): Promise<LoadedConfig> {
  const file = named ?? DEFAULT_FILE;
  const config = await readConfigFile(file, named === undefined);
  const [fault, ...others] = config?.faults ?? [];
  if (config === undefined)
    return { file: undefined, customDetectors: [], detectorsAt: [], settings: noFileSettings, lineOf: () => 1 };
  if (fault === undefined) return { ...config, file };
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
  return readConfig(text.replace(/^\ufeff/, ''), FORMATS);
}
