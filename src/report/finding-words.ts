import type { EvidenceTerm, Finding } from '../finding.ts';
import type { InstructionPlace } from '../target.ts';
import { printable } from './printable.ts';
import { counted } from './units.ts';
import { acceptedByWords, lapseWords } from './words.ts';

/** What is said of one finding, the same in every format that people read. Texts are printable, each on one line. */

/** `40 records: dob, mrn, name`, `40 values  ***-**-****` */
export function amountWords(finding: Finding): string {
  if (finding.identifier === 'patient-record') {
    const held = finding.identifiers?.join(', ') ?? '';
    return counted(finding.count, 'record') + (held === '' ? '' : `: ${held}`);
  }
  return `${counted(finding.count, 'value')}  ${printable(finding.mask)}`;
}

/** Where the first value is. */
export function placeWords({ count, location }: Finding): string {
  const parts: string[] = [];
  if (location.pointer !== undefined) parts.push(printable(location.pointer));
  if (location.field !== undefined) parts.push(`field ${printable(location.field)}`);
  if (location.record !== undefined) parts.push(`record ${location.record}`);
  if (location.line !== undefined) {
    parts.push(`line ${location.line}${location.column === undefined ? '' : `:${location.column}`}`);
  } else if (location.offset !== undefined) {
    parts.push(`byte ${location.offset}`);
  }
  if (location.instruction !== undefined) parts.push(instructionPlaceWords(location.instruction));
  if (parts.length === 0) return '';
  return (count > 1 ? 'first: ' : '') + parts.join(', ');
}

export function evidenceWords({ confidence, evidence: terms }: Finding): string {
  const sum = terms.map(termText).join(', ');
  // Rounded down: 0.998 is not certainty.
  return `confidence ${(Math.floor(confidence * 100) / 100).toFixed(2)}${sum === '' ? '' : `: ${sum}`}`;
}

function termText({ term, weight }: EvidenceTerm): string {
  return `${printable(term)} ${weight < 0 ? '-' : '+'}${Math.abs(weight).toFixed(1)}`;
}

/** As in the Dockerfile, without what the builder put around it. */
export function instructionWords(createdBy: string): string {
  const text = printable(createdBy.replace(/\s+/g, ' ').trim()).replace(/ # buildkit$/, '');
  if (text.startsWith('/bin/sh -c #(nop) ')) return text.slice('/bin/sh -c #(nop) '.length).trimStart();
  if (text.startsWith('/bin/sh -c ')) return `RUN ${text.slice('/bin/sh -c '.length)}`;
  return text.replace(/^RUN (?:\|\d+ .*? )?\/bin\/sh -c /, 'RUN ');
}

/** Who has answered for it, why, and how long; empty where nobody has. */
export function acceptanceWords({ accepted, lapsed }: Finding): string {
  if (lapsed !== undefined) {
    const answer = [lapsed.owner ?? '', lapsed.reason].filter(Boolean).map(printable).join(': ');
    return [lapseWords(lapsed), answer].filter(Boolean).join('; ');
  }
  if (accepted === undefined) return '';
  const { by, reason, owner, expires } = accepted;
  const until = expires === undefined ? '' : ` until ${expires}`;
  return `${acceptedByWords(by)}${until}; ${[owner ?? '', reason].filter(Boolean).map(printable).join(': ')}`;
}

/** `docker/Dockerfile:7` */
export function instructionPlaceWords({ file, line }: InstructionPlace): string {
  return `${printable(file)}:${line}`;
}
