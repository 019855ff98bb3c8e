import type { EntryGap, GapReason } from '../finding.ts';
import type { ScannedBlob } from '../scan/blob.ts';

/** What another run may not meet: these come from the machine, the medium and the hour, not from the bytes. */
const PASSING: ReadonlySet<GapReason> = new Set(['interrupted', 'internal', 'unreadable', 'time-limit']);
/** Of a blob as a whole: the medium may have given less than there is. */
const CUT: ReadonlySet<GapReason> = new Set(['truncated', 'corrupt', 'unread-rest', 'size-mismatch']);
/** Of an image: its parts may be there the next time. */
const ABSENT: ReadonlySet<GapReason> = new Set([...PASSING, ...CUT, 'missing-blob', 'digest-mismatch']);

/** Whether all of it follows from the bytes that `blob.digest` names. Documents are read anew each time: they are small. */
export function isKept(blob: ScannedBlob, verified: boolean): boolean {
  if (blob.content.kind === 'document') return false;
  const passes = ({ reason, path }: EntryGap): boolean =>
    !PASSING.has(reason) && (verified || path !== '' || !CUT.has(reason));
  return blob.gaps.every(passes);
}

export function isImageKept(gaps: readonly { readonly reason: GapReason }[]): boolean {
  return gaps.every(({ reason }) => !ABSENT.has(reason));
}
