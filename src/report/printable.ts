/**
 * Text from an image, made safe for a terminal: a file name may hold escape sequences that rewrite the screen, newlines
 * that forge report lines, and bidirectional marks that show a path other than the real one.
 */

// Controls (C0, DEL, C1), format characters (bidirectional, zero width, tags), lone surrogates, line separators.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** On one line, with every unprintable character as an escape: `\n`, `\u{1b}`, `\u{202e}`. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    return short[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The same for JSON text, where these characters stand in strings only: `\u001b`. */
export function printableJson(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    let escaped = '';
    // Characters beyond U+FFFF need two escapes in JSON.
    for (let index = 0; index < character.length; index += 1) {
      escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

// East Asian Wide and Fullwidth (Unicode UAX #11), by block.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const combining = /\p{M}/u;

function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Terminal columns that printable text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += characterWidth(character);
  return columns;
}

function firstColumns(characters: readonly string[], columns: number): string {
  let taken = '';
  let left = columns;
  for (const character of characters) {
    left -= characterWidth(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

/** Cut at its end to `columns`. */
export function cutEnd(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${firstColumns(Array.from(text), columns - 1)}…`;
}

/** Cut in its middle to `columns`; of a path, two thirds of what is kept are the end, which tells files apart. */
export function cutMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = Array.from(text);
  const start = firstColumns(characters, Math.floor((columns - 1) / 3));
  const end = firstColumns(characters.reverse(), columns - 1 - columnsOf(start));
  return `${start}…${Array.from(end).reverse().join('')}`;
}

/** Cut at its end to so many UTF-16 code units, without half of a character. */
export function cutText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Padded with spaces to `columns`. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Words on as many lines as they need; a word longer than a line is cut. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((whole) => cutEnd(whole, columns))) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
