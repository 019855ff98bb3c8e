// What a corpus says its files hold: pairs of a file and a kind of identifier. Values are never kept.
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Whose identifiers are wanted; a provider's are context. */
const PERSONS = new Set(['patient', 'subscriber', 'relative', 'person', 'guarantor']);

/** Kinds of a corpus by other names than the report's, and what else may name them rightly. */
const REPORTED_AS = {
  hicn: ['mbi', 'member-id'],
  mbi: ['mbi'],
  dod: ['date'],
  drivers_license: ['license'],
  passport: ['license', 'other-id'],
  mothers_maiden: ['name'],
  patient_id: ['mrn', 'other-id', 'member-id'],
  member_id: ['member-id', 'mbi'],
  subscriber_no: ['member-id', 'other-id'],
  group_no: ['member-id', 'account', 'other-id'],
  coverage_id: ['member-id', 'other-id'],
  accession: ['other-id', 'account'],
};

/** The identifiers of which one, in the file, finds a pair of this kind. */
export function reportedAs(kind) {
  return REPORTED_AS[kind] ?? [kind.replaceAll('_', '-')];
}

/**
 * Reads TRUTH.jsonl (a row for each value: `file`, `kind`, `subject`) and INDEX.tsv (`path`, `format`, `class`).
 * Returns { files: [{ path, shown, source, format, class, kinds }] }: `shown` may be printed, kinds in the order of the truth, each once.
 */
export function loadTruth(folder, truthFile = join(folder, 'TRUTH.jsonl')) {
  const files = new Map();
  const index = join(folder, 'INDEX.tsv');
  if (existsSync(index)) {
    const [header, ...rows] = readFileSync(index, 'utf8').trimEnd().split('\n');
    const columns = header.split('\t');
    for (const row of rows) {
      const cells = row.split('\t');
      const of = (column) => cells[columns.indexOf(column)] ?? '';
      files.set(of('path'), newFile(folder, of('path'), of('format'), of('class')));
    }
  }
  for (const line of readFileSync(truthFile, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const { file, kind, subject, value, parts } = JSON.parse(line);
    if (!files.has(file)) files.set(file, newFile(folder, file, extname(file).slice(1) || 'no extension', 'no class'));
    if (kind === 'name') hideName(files.get(file), [value, ...Object.values(parts ?? {})].flat());
    if (subject === undefined || PERSONS.has(subject)) files.get(file).kinds.add(kind);
  }
  return { files: [...files.values()].filter(({ source }) => existsSync(source)) };
}

/** Some corpora name a file after its patient: no output shows that. */
function hideName(file, texts) {
  for (const word of texts.flatMap((text) => String(text).split(/[^\p{L}\p{N}]+/u))) {
    if (word.length > 3) file.shown = file.shown.replaceAll(word, '…');
  }
}

function newFile(folder, path, format, kind) {
  const below = join(folder, 'positives', path);
  const source = existsSync(below) ? below : join(folder, path);
  return { path, shown: path, source, format, class: kind, kinds: new Set() };
}
