import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { Hl7Messages } from './hl7/message.ts';
import type { LinePlace } from './line-fields.ts';
import type { RecordNumbers } from './record-numbers.ts';
import { PlacedText, type Range } from './segment-text.ts';
import { delimitersAt as x12DelimitersAt } from './x12/delimiters.ts';
import { Interchange } from './x12/interchange.ts';

/** Lines between two segments that may still be one message: source code and logs put others between. */
const NEAR_LINES = 40;

/** A shorter text holds no segment with a value. */
const FEWEST_CHARS = 8;
const NONE: readonly Field[] = [];

/** What the first look is for: a segment that holds a person, or opens what may. */
const HL7_SIGN = /(?:PID|NK1|GT1|IN[12]|MRG|PV[12]|ACC|Q[RP]D|ERQ|OBX|NTE|ORC|OBR)\||MSH[!-/:-@[-`{-~]{3}/;
const X12_SIGN = /NM1([*|^!#+@>])(?:IL|QC|03|70|74|[A-Z0-9]{2})\1[12]\1|ISA([*|^!#+@>])\d\d\2/;

/** The end of an HL7 segment as logs, source code and documents write it, or a blank before the next segment. */
const HL7_BREAK =
  /[\r\n\x1c]+|(?:\\{1,4}(?:[rn]|x0[dDaA]|u000[dDaA]))+|(?:<(?:CR|LF|0x0[dD]|0[dD])>)+|(?:&#(?:1[03]|x0?[dDaA]);)+|_x000[dD]_|\^M(?=[A-Z][A-Z0-9]{2}\||\s*$)|\s+(?=[A-Z][A-Z0-9]{2}\|)/g;
/** Where a segment begins in such a part: behind nothing that could belong to its name. */
const HL7_SEGMENT = /(?<![A-Za-z0-9_$])(?:MSH(?=[!-/:-@[-`{-~])|[A-Z][A-Z0-9]{2}(?=\|))/g;
const HL7_NAMES =
  /^(?:MSH|FHS|BHS|PID|PD1|NK1|GT1|IN[123]|MRG|PV[12]|ACC|Q[RP]D|ERQ|SPR|OBX|NTE|ORC|OBR|EVN|MSA|AL1|DG1|RX[EDO]|CSR|STF|PRA|ROL|PRT)$/;

/** What stands between two X12 segments beside the terminator. */
const X12_BLANKS = /^(?:\s|\\{1,4}[rn]|["'`+,]|<(?:CR|LF)>)+/;
const X12_SEGMENT =
  /(?<![A-Za-z0-9_$*])(?:ISA|GS|ST|SE|HL|NM1|N1|N3|N4|DMG|REF|PER|CLM|CLP|INS|PAT|DTP|DTM|NTE|MSG|SBR|PRV|LX)(?=[*|^!#+@>])/;

/**
 * Reads HL7 and X12 segments inside of other text: a line of a log or of source code, a string of a document, a cell. Calls
 * go on in the same message where a line is near the one before.
 */
export class EmbeddedSegments {
  readonly #numbers: RecordNumbers;
  readonly #vocabulary: Vocabulary;
  readonly #messages: Hl7Messages;
  #interchange: Interchange | undefined;
  /** Line of the last segment. */
  #line = -Infinity;

  constructor(numbers: RecordNumbers, vocabulary: Vocabulary) {
    this.#numbers = numbers;
    this.#vocabulary = vocabulary;
    this.#messages = new Hl7Messages(numbers, vocabulary);
  }

  /** What stood before has no bearing on what follows. */
  leave(): void {
    if (this.#line === -Infinity) return;
    this.#messages.leave();
    this.#interchange = undefined;
    this.#line = -Infinity;
  }

  /** The fields of the segments in a text. */
  read(text: string, place: LinePlace): readonly Field[] {
    if (text.length < FEWEST_CHARS) return NONE;
    if (place.line - this.#line > NEAR_LINES || place.line < this.#line) this.leave();
    const hasHl7 = HL7_SIGN.test(text);
    const hasX12 = this.#interchange === undefined ? X12_SIGN.test(text) : X12_SEGMENT.test(text);
    if (!hasHl7 && !hasX12) return NONE;
    const fields: Field[] = [];
    if (hasHl7) this.#hl7(text, place, fields);
    if (hasX12) this.#x12(text, place, fields);
    return fields;
  }

  #hl7(text: string, place: LinePlace, fields: Field[]): void {
    const source = new PlacedText(text, place);
    let quote = '';
    for (const [start, end] of pieces(text, HL7_BREAK)) {
      const at = this.#segmentIn(text, start, end);
      if (at < 0) continue;
      const before = text.charAt(at - 1);
      if (/["'`]/.test(before)) quote = before;
      const stop = quoteEnd(text, at, end, quote === '' ? '"' : quote);
      if (isTemplate(text, at, stop) || isNameList(text, at)) continue;
      this.#line = place.line;
      this.#messages.read(source, at, stop, fields);
    }
  }

  /** Where the first known segment begins between `start` and `end`; -1 where none does. */
  #segmentIn(text: string, start: number, end: number): number {
    const isKnown = (at: number): boolean =>
      HL7_NAMES.test(text.slice(at, at + 3)) && this.#messages.beginsAt(text, at);
    if (isKnown(start)) return start;
    for (const found of text.slice(start, end).matchAll(HL7_SEGMENT)) {
      if (isKnown(start + found.index)) return start + found.index;
    }
    return -1;
  }

  #x12(text: string, place: LinePlace, fields: Field[]): void {
    const source = new PlacedText(text, place);
    const first = text.search(X12_SEGMENT);
    if (first < 0) return;
    let interchange = this.#interchange;
    if (interchange === undefined) {
      const sign = X12_SIGN.exec(text);
      const element = sign?.[1] ?? sign?.[2] ?? '*';
      const segment = text.includes('~') ? '~' : '\n';
      interchange = new Interchange(this.#numbers, { element, component: ':', segment }, this.#vocabulary);
    }
    this.#interchange = interchange;
    this.#line = place.line;
    for (let at = first; at < text.length;) {
      at += X12_BLANKS.exec(text.slice(at, at + 64))?.[0].length ?? 0;
      const { segment } = x12DelimitersAt(text, at) ?? interchange.delimiters;
      const found = text.indexOf(segment, at);
      const end = found < 0 ? text.length : found;
      const stop = found < 0 ? quoteEnd(text, at, end, '"') : end;
      if (stop > at && !isTemplate(text, at, stop)) interchange.read(source, at, stop, fields);
      at = end + 1;
    }
  }
}

/** The parts of a text between the matches of `pattern`. */
function pieces(text: string, pattern: RegExp): readonly Range[] {
  const ranges: Range[] = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    ranges.push([from, found.index]);
    from = found.index + found[0].length;
  }
  ranges.push([from, text.length]);
  return ranges;
}

/** Where the string or element ends that a segment stands in; two quotes in a row are HL7's empty value. */
function quoteEnd(text: string, start: number, end: number, quote: string): number {
  const part = text.slice(start, end);
  const closed = /<\/[A-Za-z]|\]\]>/.exec(part)?.index ?? part.length;
  for (let at = part.indexOf(quote); at >= 0 && at < closed; at = part.indexOf(quote, at + 1)) {
    if (part.charAt(at - 1) === '\\') continue;
    if (quote === '"' && part.charAt(at + 1) === '"') at++;
    else return start + at;
  }
  return start + closed;
}

/** `PID|NK1|GT1`: names of segments in a row, as patterns and documents write them. The first field is never one. */
function isNameList(text: string, start: number): boolean {
  return HL7_NAMES.test(text.slice(start + 4, start + 7)) && !/[A-Za-z0-9]/.test(text.charAt(start + 7));
}

/** `PID|1||{{mrn}}`, `PID|1||${id}`: a program fills it in. */
function isTemplate(text: string, start: number, end: number): boolean {
  return /\{\{|\$\{|#\{|<%/.test(text.slice(start, end));
}
