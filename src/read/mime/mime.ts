import type { EntryHead, Reader } from '../reader.ts';
import { beginsMail } from './headers.ts';
import { MimeReading } from './mime-reading.ts';

/** Bytes of an entry in which the header of a mail shows itself. */
const SAMPLE_BYTES = 8192;

/** Mails (RFC 5322 and MIME, RFC 2045 to 2047), alone and in an mbox. */
export function mimeReader(readers: () => readonly Reader[]): Reader {
  return {
    id: 'mime',
    recognizes: ({ bytes }) => beginsMail(bytes.toString('latin1', 0, SAMPLE_BYTES)),
    open: (head, vocabulary, onUnread) => new MimeReading({ vocabulary, readers, onUnread }, isMbox(head)),
  };
}

function isMbox({ bytes }: EntryHead): boolean {
  return bytes.toString('latin1', 0, 5) === 'From ';
}
