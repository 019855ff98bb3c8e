import { isDeepStrictEqual } from 'node:util';
import { arrayOf, memberOf, textOf } from '../image/json.ts';

/**
 * True when what a legacy configuration holds at the pointer stands in one of the configurations too, word for word:
 * Docker repeats an image's configuration for its topmost layer. A different value at the same place is no repetition.
 */
export function repeatsConfiguration(
  legacy: unknown,
  pointer: string | undefined,
  configurations: readonly unknown[],
): boolean {
  const member = /^[\w$-]+/.exec(pointer ?? '')?.[0];
  if (member === undefined) return false;
  const held = memberOf(legacy, member);
  if (configurations.some((one) => isDeepStrictEqual(memberOf(one, member), held))) return true;
  if (!/^container_config\.Cmd(?:$|\[)/.test(pointer ?? '')) return false;
  const instruction = arrayOf(memberOf(held, 'Cmd')).map(textOf).join(' ');
  return configurations.some((one) =>
    arrayOf(memberOf(one, 'history')).some((entry) => textOf(memberOf(entry, 'created_by')) === instruction),
  );
}
