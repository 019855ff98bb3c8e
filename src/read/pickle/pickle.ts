import type { EntryHead, Reader } from '../reader.ts';
import { operationAt } from './operation.ts';
import { PickleReading } from './pickle-reading.ts';

/** Short names behind their length, and behind what protocols 0 to 3 put before and after them: letters, so that no word
 * begins or ends there. */
const NAMES = ['ssn', 'mrn', 'dob', 'mbi'].flatMap((name) => [name, name.toUpperCase()]).join('|');
const MARKERS: readonly string[] = [
  `\\x03(?:\\x00{3})?(?:${NAMES})`,
  `V(?:${NAMES})\\np[0-9]`,
  '[0-9]{3}-[0-9]{2}-[0-9]{4}(?:[qr][\\x00-\\x7f]|\\np[0-9])',
];

/**
 * Python's pickles, protocols 0 to 5. Keys, attributes and texts are read off the operations (Lib/pickletools.py);
 * nothing is imported, called or made.
 */
export const pickle: Reader = {
  id: 'pickle',
  markers: MARKERS,
  recognizes,
  open: (_head, vocabulary) => new PickleReading(vocabulary),
};

const PROTO = 0x80;
/** Before protocol 2: an empty container that is remembered, or an object. */
const OLD =
  /^(?:\([dl]p\d+\n|[\]}]q[^]|\(?ccopy_reg\n_reconstructor\n|\(i[\w.]{1,80}\n\w{1,80}\n|c[\w.]{1,80}\n\w{1,80}\n)/;
/** Operations that must follow each other. */
const FEWEST_OPERATIONS = 64;

function recognizes({ bytes }: EntryHead): boolean {
  const first = bytes[0];
  const version = bytes[1] ?? 0;
  if (first === PROTO ? version < 2 || version > 5 : !OLD.test(bytes.toString('latin1', 0, 256))) return false;
  let at = 0;
  for (let count = 0; count < FEWEST_OPERATIONS && at < bytes.length; count++) {
    const operation = operationAt(bytes, at);
    if (operation === 'broken') return false;
    if (operation === 'more') return true;
    at = operation.next;
  }
  return true;
}
