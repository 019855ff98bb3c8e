import { detectors as allDetectors } from '../../detectors/index.ts';
import type { EntryFinding, GapReason } from '../finding.ts';
import type { DocumentKind } from '../read/document-kind.ts';
import { encodedHints } from '../read/encoded-hints.ts';
import { officeFields } from '../read/office/office.ts';
import type { PdfFault } from '../read/pdf/pdf-document.ts';
import { pdfParts } from '../read/pdf/pdf-fields.ts';
import type { OnUnread, Reader } from '../read/reader.ts';
import { stopTaskMarkers } from '../read/stop-reason.ts';
import { readers as allReaders } from '../read/readers.ts';
import { BINDING_HINT } from '../read/statement-log/parameters.ts';
import { Automaton } from '../detect/automaton.ts';
import type { Detector } from '../detect/detector.ts';
import { type HintSearch, JointSearch } from '../detect/hint-search.ts';
import type { Field } from '../detect/field.ts';
import { FieldScan } from '../detect/field-scan.ts';
import { withEmbedded } from './embedded.ts';
import { HeadedScan } from './entry-scan.ts';
import type { EngineParts, EntryScan } from './entry-scan.ts';
import { Judge } from '../detect/judge.ts';
import { Labels } from '../detect/labels.ts';
import { rulesetOf } from './ruleset.ts';
import { TextMask } from './text-mask.ts';
import { utf8Of } from '../detect/utf8-scratch.ts';

export type { EntryScan } from './entry-scan.ts';

const NOTHING: readonly EntryFinding[] = [];
const NONE_UNREAD: readonly Unread[] = [];
/** One gap says as much as a thousand of the same entry. */
const MOST_UNREAD = 16;

const OFFICE_REST = 'more tags and text than an office document is read for; scanned as XML only:';

interface Unread {
  readonly reason: GapReason;
  readonly detail: string;
}

/** From the bytes of an entry to its findings. One engine serves any number of entries, one after the other. */
export class Engine {
  /** As `rulesetOf` gives it. */
  readonly ruleset: string;
  readonly #parts: EngineParts;
  readonly #mask: TextMask;
  #unread: Unread[] = [];

  constructor(detectors: readonly Detector[] = allDetectors, readers: readonly Reader[] = allReaders) {
    const labels = new Labels(detectors);
    const judge = new Judge(detectors, labels);
    this.#mask = new TextMask(judge, labels);
    const maskText = (text: string): string => this.#mask.mask(text);
    const onUnread: OnUnread = (reason, detail) => {
      if (this.#unread.length < MOST_UNREAD) this.#unread.push({ reason, detail });
    };
    const automaton = searchFor(detectors, markersOf(readers));
    this.#parts = { automaton, labels, judge, readers, maskText, onUnread };
    this.ruleset = rulesetOf(detectors);
  }

  /** A whole entry. `document`: what it is, where that is known already, as of the answer of a call. */
  scan(path: string, bytes: Buffer, document?: DocumentKind): readonly EntryFinding[] {
    const first = this.#parts.automaton.find(bytes, 0);
    if (first === undefined && !hasUtf16Mark(bytes)) return NOTHING;
    return new HeadedScan(this.#parts, path, { document }).scan(bytes, first);
  }

  /** What readers have passed over since the last call. */
  takeUnread(): readonly Unread[] {
    if (this.#unread.length === 0) return NONE_UNREAD;
    const unread = this.#unread;
    this.#unread = [];
    return unread;
  }

  /** A part of a document, or what somebody else sends: no mark in it accepts anything. */
  part(path: string, bytes: Buffer): readonly EntryFinding[] {
    if (!this.#parts.automaton.test(bytes) && !hasUtf16Mark(bytes)) return NOTHING;
    return new HeadedScan(this.#parts, path, { isPart: true }).scan(bytes);
  }

  /** True where the bytes hold a hint: the cheap question, for texts that are gathered. */
  hints(bytes: Buffer): boolean {
    return this.#parts.automaton.test(bytes);
  }

  /** An entry that arrives in parts. */
  open(path: string): EntryScan {
    return new HeadedScan(this.#parts, path);
  }

  /** A text inside a document, or about an entry: a label, a link target, a file name. `pointer` says which. */
  text(path: string, pointer: string, text: string): readonly EntryFinding[] {
    if (!this.#parts.automaton.test(utf8Of(text))) return NOTHING;
    return new HeadedScan(this.#parts, path, { pointer }).scan(Buffer.from(text));
  }

  /** The parts of an office document, by their names, read together. */
  office(path: string, parts: ReadonlyMap<string, Buffer>): readonly EntryFinding[] {
    const findings: EntryFinding[] = [];
    for (const { part, fields, rest } of officeFields(parts, this.#parts.labels)) {
      for (const finding of this.#judged(path, part, fields)) findings.push(finding);
      const text = rest();
      if (text === undefined) continue;
      this.#parts.onUnread('byte-limit', `${OFFICE_REST} ${String(text.length)} bytes`);
      for (const finding of new HeadedScan({ ...this.#parts, readers: [] }, path, { pointer: part }).scan(text))
        findings.push(finding);
    }
    return findings;
  }

  /** The pages of a PDF that is held in memory, one by one; or the fault that ends it. */
  async *pdf(path: string, bytes: Buffer): AsyncIterable<readonly EntryFinding[] | PdfFault> {
    for await (const part of pdfParts(bytes, this.#parts.labels)) {
      yield 'fault' in part ? part.fault : this.#judged(path, part.pointer, part.fields);
    }
  }

  /** Fields that are no run of the entry's bytes; `pointer` says which part they are of. */
  #judged(path: string, pointer: string, fields: Iterable<Field>): readonly EntryFinding[] {
    const scan = new FieldScan(this.#parts.judge, { path, pointer, lines: false }, this.#parts.maskText);
    scan.read(withEmbedded(fields, this.#parts));
    return scan.finish();
  }

  /** The text with every value in it replaced by its detector's mask. */
  maskText(text: string): string {
    return this.#mask.mask(text);
  }
}

/** The markers of the readers' formats, of labels in base64, and of values that a log binds: each is a hint. */
export function markersOf(readers: readonly Reader[] = allReaders): readonly string[] {
  return [...encodedHints(), ...stopTaskMarkers, BINDING_HINT, ...readers.flatMap(({ markers }) => markers ?? [])];
}

/** The build has prepared the hints of all built-in detectors together: those of a hospital's own ones are searched beside them. */
function searchFor(detectors: readonly Detector[], markers: readonly string[]): HintSearch {
  const own = detectors.filter((detector) => !allDetectors.includes(detector));
  if (own.length === 0 || detectors.length - own.length !== allDetectors.length)
    return new Automaton(detectors, markers);
  return new JointSearch(new Automaton(allDetectors, markers), new Automaton(own));
}

function hasUtf16Mark(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
