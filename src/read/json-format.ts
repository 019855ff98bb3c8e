import type { Vocabulary } from '../detect/vocabulary.ts';
import { DicomJson } from './dicom/dicom-json.ts';
import { FhirReading } from './fhir/fhir-reading.ts';
import type { OnUnread, Reader } from './reader.ts';
import type { RecordNumbers } from './record-numbers.ts';
import type { TreeReading } from './tree-reading.ts';

/** A FHIR resource says which type it has, in JSON or YAML. */
const RESOURCE = /\bresourceType["']?\s{0,8}:\s{0,8}["']?[A-Z]/;
/** An attribute of DICOM's patient group, PS3.18 F.2. */
const ATTRIBUTE = /["']0010[0-9A-Fa-f]{4}["']\s{0,8}:\s{0,8}\{\s{0,64}["']?vr\b/;

/** The format of documents that begin so, if they have one of their own. */
export type JsonFormat = (beginning: string, numbers: RecordNumbers) => TreeReading | undefined;

/**
 * The formats that stand on JSON or YAML: FHIR and DICOM JSON.
 *
 * @param readers - Of the files that documents hold in base64; without any they are read as text.
 */
export function jsonFormats(
  vocabulary: Vocabulary,
  readers: () => readonly Reader[] = () => [],
  onUnread?: OnUnread,
): JsonFormat {
  return (beginning, numbers) => {
    if (RESOURCE.test(beginning)) return new FhirReading({ vocabulary, numbers, readers, onUnread });
    return ATTRIBUTE.test(beginning) ? new DicomJson(vocabulary) : undefined;
  };
}
