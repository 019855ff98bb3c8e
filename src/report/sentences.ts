/** Findings and gaps in one sentence, for formats that have no columns. Texts are on one line, without control characters. */
import type { Finding, Gap, Location } from '../finding.ts';
import { acceptanceWords, instructionPlaceWords, instructionWords } from './finding-words.ts';
import { identifierTitle } from './identifier-words.ts';
import { printable } from './printable.ts';
import { byteSize, counted } from './units.ts';
import { findingRemedy, kindWords, visibilityWords } from './words.ts';

/** `40 values of the kind medical record number (********) in srv/app/seed/patients.csv` */
export function findingSentence(finding: Finding): string {
  return `${heldWords(finding)} in ${whereWords(finding.location)}`;
}

/** `40 patient records (dob, mrn, name)` */
export function heldWords({ identifier, identifiers = [], count, mask, outcome }: Finding): string {
  const isRecord = identifier === 'patient-record';
  const notes = [isRecord ? identifiers.map(printable).join(', ') : printable(mask)];
  if (outcome === 'synthetic') notes.push('looks like test data');
  const what = isRecord
    ? counted(count, 'patient record')
    : `${counted(count, 'value')} of the kind ${identifierTitle(identifier)}`;
  const said = notes.filter(Boolean).join('; ');
  return said === '' ? what : `${what} (${said})`;
}

/** `srv/app/patients.csv`, `the image configuration, config.Env[3]` */
export function whereWords({ kind, path, pointer, field }: Location): string {
  const where = kind === 'file' ? printable(path) || 'a file without a name' : `the ${kindWords(kind)}`;
  const named = kind === 'file' || path === '' ? '' : ` of ${printable(path)}`;
  const parts = [pointer, field === undefined ? undefined : `field ${field}`].flatMap((part) => part ?? []);
  return [where + named, ...parts.map(printable)].join(', ');
}

/** Line and column of the first value; empty where neither is known. */
export function lineWords({ line, column, record }: Location): string {
  const parts = [
    ...(record === undefined ? [] : [`record ${record}`]),
    ...(line === undefined ? [] : [`line ${line}${column === undefined ? '' : `:${column}`}`]),
  ];
  return parts.join(', ');
}

/** `layer 1, COPY ./seed /srv/app/seed`; `Dockerfile:7` where that is known; where a text of the configuration is set; empty without both. */
export function layerWords({ layer, instruction: set }: Location): string {
  if (layer === undefined) return set === undefined ? '' : `set at ${instructionPlaceWords(set)}`;
  const { instruction } = layer;
  const place = instruction === undefined ? [] : [instructionPlaceWords(instruction)];
  return [
    `layer ${layer.index}`,
    ...place,
    ...(layer.createdBy === '' ? [] : [instructionWords(layer.createdBy)]),
  ].join(', ');
}

/** What hides the file; empty where nothing does. */
export function hiddenWords({ visibility, hiddenBy }: Location): string {
  return (visibility && visibilityWords(visibility, hiddenBy)) ?? '';
}

/** Where it is beside its file, as sentences: line, layer, what hides it. */
export function placeSentences(location: Location, without?: 'line'): readonly string[] {
  const parts = [without === 'line' ? '' : lineWords(location), layerWords(location), hiddenWords(location)];
  return parts.filter(Boolean).map(sentenceOf);
}

/** Why a finding counts that somebody has answered for; none of others. */
export function lapseSentences(finding: Finding): readonly string[] {
  return finding.lapsed === undefined ? [] : [sentenceOf(acceptanceWords(finding))];
}

function sentenceOf(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** What a person does about it. */
export function remedyWords(finding: Finding, remedies: Readonly<Record<string, string>> | undefined): string {
  return remedies?.[finding.remedy ?? ''] ?? findingRemedy(finding);
}

/** Where it is, and what happened: `srv/backup.zip (at byte 512 of 2048, 1.54 kB)` */
export function gapWords({ location, detail, bytes }: Gap): string {
  const notes = [detail === undefined ? '' : printable(detail), bytes === undefined ? '' : byteSize(bytes)];
  const said = notes.filter(Boolean).join(', ');
  const isAll = location.kind === 'file' && location.path === '';
  const place = isAll ? layerWords(location) || 'all of it' : whereWords(location);
  return said === '' ? place : `${place} (${said})`;
}
