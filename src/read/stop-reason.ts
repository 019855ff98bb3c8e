import type { Field } from '../detect/field.ts';

/** The call of Amazon ECS whose `reason` is kept as the task's stopped reason: AWS CLI, boto3, the SDKs for JavaScript, Go, Java. */
const CALL =
  /(?<![A-Za-z])(?:stop-task|stop_task|[sS]topTask(?:Command|Input|Request|WithContext|Async)?)(?![A-Za-z-])/;
/** RE2 sources: each is a hint. */
export const stopTaskMarkers: readonly string[] = ['stop-task', 'stop_task', '[sS]topTask'];
/** Lines of one call. */
const CALL_LINES = 12;
/** What stands before the reason: an option, a member, a method. */
const REASON = /--reason(?:\s+|=)|(?<![A-Za-z])(?:set|with)?[rR]eason\s{0,8}(?:[:=(]|=>)\s{0,8}/g;
const LONGEST = 512;
/** Of a call with a reason. */
const SHORTEST = 24;
/** Text in quotes, but for what a language puts into it. */
const QUOTED = /(["'`])((?:(?!\1)[^\\]|\\.)*)\1/g;
/** Nothing of a text in single quotes is put in. */
const WORD = /^(?:"(?:[^"\\]|\\.)*"?|[^\s"']\S*)/;
const PUT_IN = /\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)|\$\w{1,64}|\{[^{}"']{1,200}\}/g;
/** What programs call an exception and its text. */
const EXCEPTION =
  /(?<![A-Za-z])(?:e|ex|exc|err|error|exception|cause|throwable|traceback|stderr)(?![a-z])|(?:Error|Exception|ErrorMessage|StackTrace)(?![a-z])/i;

/** Labels of the field: words that no document has. */
const STOP_REASON = 'exception text as the reason of stop task';

/**
 * Finds code that passes an exception's text to stop-task: whatever the exception repeats, a record's identifiers too, is then
 * kept by ECS. Lines are given in order; a call may go over several.
 */
export class StopReason {
  /** Lines of the call that are left. */
  #left = 0;

  leave(): void {
    this.#left = 0;
  }

  read(
    line: string,
    place: Pick<Field, 'offset' | 'line' | 'column' | 'span'>,
    record: () => number,
  ): Field | undefined {
    const call = CALL.exec(line);
    if (call !== null) this.#left = CALL_LINES;
    else if (this.#left > 0) this.#left--;
    if (this.#left === 0) return undefined;
    REASON.lastIndex = call?.index ?? 0;
    for (let found = REASON.exec(line); found !== null; found = REASON.exec(line)) {
      const start = found.index;
      const behind = start + found[0].length;
      if (!EXCEPTION.test(spoken(line.slice(behind, behind + LONGEST), found[0].startsWith('--')))) continue;
      this.#left = 0;
      const shift = place.span === 'fixed' ? 0 : start;
      const bytes = place.span === 'utf8' ? Buffer.byteLength(line.slice(0, start)) : shift;
      return {
        ...place,
        value: line.slice(start, start + LONGEST).trim(),
        labels: [STOP_REASON],
        tie: 'position',
        record: record(),
        offset: place.offset + bytes,
        column: place.column + shift,
        position: 'stop-task reason',
      };
    }
    return undefined;
  }
}

/** The first such call in a string of a document: a step of a workflow, a command. */
export function stopReasonIn(leaf: Field): Field | undefined {
  const { value } = leaf;
  if (value.length < SHORTEST || !CALL.test(value)) return undefined;
  const calls = new StopReason();
  for (const line of value.split('\n')) {
    const found = calls.read(line, leaf, () => leaf.record);
    // Lines behind the first are not told apart: the string's place is enough.
    if (found !== undefined) return line === value ? found : { ...found, ...placeOf(leaf) };
  }
  return undefined;
}

function placeOf({ offset, line, column }: Field): Pick<Field, 'offset' | 'line' | 'column'> {
  return { offset, line, column };
}

/** The names in an expression, without its literal text. A shell's word ends at a blank, and is text but for its variables. */
function spoken(value: string, isOption: boolean): string {
  if (isOption) return (WORD.exec(value)?.[0].match(PUT_IN) ?? []).join(' ');
  const code = value.replace(
    QUOTED,
    (_all, _quote: string, text: string) => ` ${(text.match(PUT_IN) ?? []).join(' ')} `,
  );
  return code.split(/;|,\s*\w+\s*[:=]/)[0] ?? '';
}
