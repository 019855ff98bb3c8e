import type { Field } from '../detect/field.ts';
import { jsonFormats } from './json-format.ts';
import { JsonReading } from './json-reading.ts';
import type { EntryHead, Reader } from './reader.ts';
import { resumeAtElement } from './resume.ts';

/** HL7 FHIR R4, 2.6: resources that are a person's, and a reference that names one. */
const MARKERS: readonly string[] = [
  '"resourceType"\\s{0,4}:\\s{0,4}"(?:Patient|RelatedPerson|Person|Coverage|Claim|ExplanationOfBenefit|Account|Encounter|' +
    'DocumentReference|Binary)"',
  '"reference"\\s{0,4}:\\s{0,4}"(?:[^"]{0,64}/)?Patient/[^"]{1,64}",\\s{0,32}"display"',
  // PS3.18 annex F: the group of the patient in DICOM JSON.
  '"0010[0-9A-Fa-f]{4}"\\s{0,4}:\\s{0,4}\\{\\s{0,32}"vr"',
];
/**
 * JSON, JSON Lines, JSON text sequences and concatenated JSON, with JSONC's comments and trailing commas; FHIR and DICOM JSON in them.
 *
 * The tokenizer is our own. The nearest of the kept ones, `@streamparser/json`, knows byte offsets, but it ends at the
 * first error, turns numbers into doubles (an account number of 17 digits is no longer itself), holds a string of any
 * length, and took all the time there is: 40 to 55 MB/s without any field.
 *
 * @param readers - Of the files that documents hold in base64.
 */
export function jsonReader(readers: () => readonly Reader[]): Reader {
  return {
    id: 'json',
    markers: MARKERS,
    recognizes: looksLikeJson,
    resume: resumeAtElement,
    open: ({ bytes, document }, vocabulary, onUnread) =>
      new JsonReading(vocabulary, {
        isDefinition: document !== undefined,
        beginning: bytes.toString('latin1'),
        formatOf: jsonFormats(vocabulary, readers, onUnread),
      }),
  };
}

/** Bytes of the head in which nothing may be wrong. */
const PROBE_BYTES = 4096;

/** A document begins, and its first values are read without fault. `[section]` and `[1]: see below` are none. */
function looksLikeJson(head: EntryHead): boolean {
  if (!/^(?:\xef\xbb\xbf)?[\s\x1e]*[[{]/.test(head.bytes.toString('latin1', 0, PROBE_BYTES))) return false;
  for (const length of [PROBE_BYTES, head.bytes.length]) {
    const fields: Field[] = [];
    const probe = new JsonReading({ find: () => [] });
    const { broken } = probe.readBlock(head.bytes.subarray(0, length), 0, false, fields);
    if (broken || probe.loose > 0) return false;
    if (fields.length > 0) return true;
  }
  return false;
}
