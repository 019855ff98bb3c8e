/** HL7 v2.5.1, 2.5.4: the characters between the parts of a message, one each; empty where the message declares none. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

/** The recommended ones. */
export const STANDARD: Delimiters = { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' };

/** A header: its name, any punctuation, two to five different ones, and the first again (or the end). */
const HEADER = /^(?:MSH|FHS|BHS)([!-/:-@[-`{-~])((?:(?!\1)[!-/:-@[-`{-~]){2,5})(?:\1|\s|$)/;
/** The same in a source string, where a backslash is written twice, and in XML. */
const ESCAPED: readonly (readonly [string, string])[] = [
  ['\\\\', '\\'],
  ['&amp;', '&'],
];
const HEADER_CHARS = 24;

/** The delimiters that the header at `at` declares; undefined where none begins. */
export function delimitersAt(text: string, at: number): Delimiters | undefined {
  let header = text.slice(at, at + HEADER_CHARS);
  for (const [written, meant] of ESCAPED) header = header.replaceAll(written, meant);
  const declared = HEADER.exec(header);
  if (declared === null) return undefined;
  const [, field = '', encoding = ''] = declared;
  return {
    field,
    component: encoding.charAt(0),
    repetition: encoding.charAt(1),
    escape: encoding.charAt(2),
    subcomponent: encoding.charAt(3),
  };
}

/** Where the parts of `text` from `start` to `end` begin and end; all of it where there is no delimiter. */
export function partsOf(
  text: string,
  start: number,
  end: number,
  delimiter: string,
): readonly (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = [];
  let from = start;
  while (delimiter !== '') {
    const next = text.indexOf(delimiter, from);
    if (next < 0 || next >= end) break;
    parts.push([from, next]);
    from = next + 1;
  }
  parts.push([from, end]);
  return parts;
}

/** HL7 v2.5.1, 2.7: what an escape sequence stands for. Formatting is a line break or nothing. */
export function unescaped(value: string, delimiters: Delimiters): string {
  const { escape } = delimiters;
  if (escape === '' || !value.includes(escape)) return value;
  const parts = value.split(escape);
  let text = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 2) {
    const sequence = parts[index] ?? '';
    const closed = index + 1 < parts.length;
    const meant = closed ? meaning(sequence, delimiters) : undefined;
    if (meant !== undefined) {
      text += meant + (parts[index + 1] ?? '');
    } else {
      text += escape + sequence;
      // What was taken for the end of a sequence may begin one.
      index--;
    }
  }
  return text;
}

function meaning(
  sequence: string,
  { field, component, repetition, escape, subcomponent }: Delimiters,
): string | undefined {
  const simple: Readonly<Record<string, string>> = {
    F: field,
    S: component,
    T: subcomponent,
    R: repetition,
    E: escape,
    H: '',
    N: '',
  };
  const known = simple[sequence];
  if (known !== undefined) return known;
  if (/^\.(?:br|sp|ce)/.test(sequence)) return '\n';
  if (/^\.[a-z]{2}/.test(sequence)) return ' ';
  if (/^X(?:[0-9A-Fa-f]{2}){1,64}$/.test(sequence)) return Buffer.from(sequence.slice(1), 'hex').toString('latin1');
  return undefined;
}
