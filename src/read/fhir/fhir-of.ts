import type { Vocabulary } from '../../detect/vocabulary.ts';
import type { Reader } from '../reader.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import { FhirReading } from './fhir-reading.ts';

/** A resource says which type it has, in JSON or YAML. */
const RESOURCE = /\bresourceType["']?\s{0,8}:\s{0,8}["']?[A-Z]/;

/**
 * What reads a document as FHIR where its beginning shows a resource.
 *
 * @param readers - Of the files that documents hold in base64; without any they are read as text.
 */
export function fhirOf(
  vocabulary: Vocabulary,
  readers: () => readonly Reader[] = () => [],
): (beginning: string, numbers: RecordNumbers) => FhirReading | undefined {
  return (beginning, numbers) =>
    RESOURCE.test(beginning) ? new FhirReading({ vocabulary, numbers, readers }) : undefined;
}
