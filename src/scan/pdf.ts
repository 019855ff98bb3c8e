import type { EntryFinding } from '../finding.ts';
import { limits } from '../limits.ts';
import type { PdfFault } from '../read/pdf/pdf-document.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { Budget } from './budget.ts';
import { hold } from './hold.ts';
import { scanLeaf } from './leaf.ts';
import type { Place } from './place.ts';
import type { Tally } from './tally.ts';

const DETAILS: Readonly<Record<PdfFault, string>> = {
  encrypted: 'an encrypted PDF: its raw bytes are read',
  corrupt: 'a PDF that is not whole: its raw bytes are read, too',
  'time-limit': `the text of a PDF takes more than ${limits.pdfMs} ms: its raw bytes are read, too`,
};

/** Scans the text of a PDF; its raw bytes where that tells nothing. Larger ones are scanned as raw bytes only. */
export async function scanPdf(chunks: Chunks, tally: Tally, inside: Place, budget: Budget): Promise<void> {
  const room = Math.min(tally.limits.pdfBytes, budget.room);
  const held = await hold(chunks, inside.size, room);
  if (!held.fits) {
    tally.problem({ reason: 'byte-limit', detail: `a PDF of more than ${room} bytes` }, inside.path);
    return scanLeaf(held.all, tally, inside);
  }
  const { whole } = held;
  budget.hold(whole.length);
  const found: EntryFinding[] = [];
  const faults = new Set<PdfFault>();
  for await (const part of tally.engine.pdf(inside.path, whole)) {
    if (typeof part === 'string') faults.add(part);
    else found.push(...part);
  }
  for (const reason of faults) tally.problem({ reason, detail: DETAILS[reason] }, inside.path);
  tally.add(found, inside.entryPath);
  if (found.length === 0) tally.add(tally.engine.scan(inside.path, whole), inside.entryPath);
  budget.hold(-whole.length);
}
