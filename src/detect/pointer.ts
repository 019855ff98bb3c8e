import { isTelling } from './telling.ts';

/**
 * `patients[12].visits["2024"].ssn` → `patients[*].visits[*].ssn`: the place in every record, and no key that is a number or
 * may tell a person.
 */
export function generalPointer(pointer: string): string {
  return pointer
    .replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, '[*]')
    .replace(/[^./[\]*]+/g, (step) => (/^[0-9]+$/.test(step) || isTelling(step) ? '*' : step));
}

/** `org.opencontainers.image.title`, `com.example/team`: a key that programs choose. */
const TECHNICAL_KEY = /^[/~]?[\w-]+(?:[./:][A-Za-z][\w-]*)*$/;

/** The pointer with its places in lists, and no key that may tell a person. */
export function exactPointer(pointer: string): string {
  return pointer.replace(/\[\d+\]|\["((?:[^"\\]|\\.)*)"\]|\[[^\]]*\]|[^./[\]*]+/g, (step, key?: string) => {
    if (key !== undefined) return TECHNICAL_KEY.test(key) && !isTelling(key) ? step : '[*]';
    if (step.startsWith('[')) return /^\[\d+\]$/.test(step) ? step : '[*]';
    return /^[0-9]+$/.test(step) || isTelling(step) ? '*' : step;
  });
}

/** `a[*].b`, `a[*].c` → `a[*]`. */
export function commonPointer(left: string, right: string): string {
  if (left === right) return left;
  let common = 0;
  for (let index = 0; index <= Math.min(left.length, right.length); index++) {
    const ends = (text: string): boolean =>
      index === text.length || text[index] === '.' || text[index] === '[' || text[index] === '/';
    if (ends(left) && ends(right)) common = index;
    if (left[index] !== right[index]) break;
  }
  return left.slice(0, common);
}

/** A pointer inside a text that has a pointer itself: `config.Labels` and `[0].ssn`. */
export function joinPointers(outer: string | undefined, inner: string | undefined): string | undefined {
  if (outer === undefined || outer === '') return inner;
  if (inner === undefined || inner === '') return outer;
  return /^[[./]/.test(inner) ? outer + inner : `${outer}.${inner}`;
}

/** Members of a definition that have nothing to do with those beside them: arguments, labels, an environment. */
const PART =
  /^(.*(?:^|[.\]])(?:environment|env|variables|args?|command|cmd|healthcheck|entrypoint|labels?|annotations|tags|options|secrets|data|stringData))(?=[.[]|$)/is;

/** The part of a definition that a place is in, where it stands by itself. */
export function definitionPart(pointer: string): string | undefined {
  return PART.exec(pointer)?.[1];
}
