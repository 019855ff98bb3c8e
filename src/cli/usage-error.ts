/** What is wrong with a command line, and what is known of it when nothing of it was understood. */
import type { CustomDetector } from '../detect/custom-detector.ts';
import { ScanError } from '../errors.ts';
import { echo, type Mask } from './echo.ts';

/** commander's text in the style of all errors: `WHAT (WHERE). WHAT TO DO`. */
export function usageError(message: string, mask: Mask): ScanError {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const suggestion = /\((Did you mean .*\?)\)/.exec(rest.join(' '))?.[1];
  const [, what, where] = /^(.*?) '([^'=]*)(?:=.*)?'$/.exec(first) ?? [];
  const option = /^option '(.*)' argument missing$/.exec(first)?.[1];
  const named =
    option !== undefined
      ? `no value (${option})`
      : what === undefined || where === undefined
        ? echo(first.replace(/\.$/, ''), mask)
        : `${what} (${echo(where, mask)})`;
  return new ScanError('usage', `${named}. ${suggestion ?? 'See phiscan --help, or phiscan COMMAND --help'}`);
}

/** Own detectors, as far as they are right, for the mask of a message: also of one that comes before the configuration is
 * read, or says that it is wrong. */
export async function detectorsAtHand(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly CustomDetector[]> {
  try {
    const { configName, usableDetectors } = await import('./config/config-file.ts');
    return await usableDetectors(configName({ config: namedConfig(argv) }, env));
  } catch {
    // The built-in ones serve; the configuration's own fault is told where it is loaded.
    return [];
  }
}

/** The file that `--config` or `detectors test` names, however wrong the rest of the line is. */
function namedConfig(argv: readonly string[]): string | undefined {
  for (const [index, word] of argv.entries()) {
    if (word === '--config') return argv[index + 1];
    if (word.startsWith('--config=')) return word.slice('--config='.length);
  }
  return argv[0] === 'detectors' && argv[1] === 'test' ? argv[2] : undefined;
}
