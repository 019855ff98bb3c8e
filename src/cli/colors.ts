import pc from 'picocolors';
import { noColors, type Palette } from '../report/palette.ts';

/** Only on terminals, unless FORCE_COLOR says so; NO_COLOR (no-color.org) wins. */
export function wantsColors(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR: never = '', FORCE_COLOR: force, TERM: terminal } = env;
  if (never !== '') return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal && terminal !== 'dumb';
}

export function paletteFor(colors: boolean): Palette {
  if (!colors) return noColors;
  const { bold, dim, red, yellow, green, cyan } = pc.createColors(true);
  return {
    bold,
    dim,
    alarm: (text) => bold(red(text)),
    warning: yellow,
    good: green,
    path: cyan,
  };
}
