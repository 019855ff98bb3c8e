import type { CustomDetector } from '../detect/custom-detector.ts';

/** Own detectors, as far as they are right, for the mask of a message: also of one that comes before the configuration is
 * read, or says that it is wrong. */
export async function detectorsAtHand(argv: readonly string[]): Promise<readonly CustomDetector[]> {
  try {
    const { usableDetectors } = await import('./config-file.ts');
    return await usableDetectors(namedConfig(argv));
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
