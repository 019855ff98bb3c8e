/**
 * What may leave the process: findings, gaps and the report that holds them.
 *
 * No type in this file has a field for a detected value, so no reporter can print one and no flag can ask for one.
 */

import type { InstructionPlace, LayerReference, Target } from './target.ts';

/** The 18 classes of HIPAA Safe Harbor (45 CFR 164.514(b)(2)(i)), as phiscan names them, and the record of one person. */
export type Identifier =
  | 'name'
  | 'address'
  | 'date'
  | 'dob'
  | 'phone'
  | 'fax'
  | 'email'
  | 'ssn'
  | 'mrn'
  | 'mbi'
  | 'member-id'
  | 'account'
  | 'license'
  | 'vehicle'
  | 'device'
  | 'url'
  | 'ip'
  | 'biometric'
  | 'photo'
  | 'other-id'
  | 'patient-record'
  /** No identifier: code that may write one where ECS keeps it. */
  | 'exit-string';

/** From worst to least. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Findings of this severity or a worse one fail a run; `none`: they are reported, and never do. */
export type FailOn = Severity | 'none';

/** Findings that count, by their severity, and those that are accepted. */
export type FindingCounts = Readonly<Record<Severity, number>> & { readonly accepted: number };

/** `synthetic`: a published fake, a placeholder, or a value with a known generator's mark. Shown, never dropped. */
export type Outcome = 'real' | 'synthetic';

/** One named reason for or against a match, in log-odds (natural logarithm). */
export interface EvidenceTerm {
  readonly term: string;
  readonly weight: number;
}

/** A finding inside one entry, before it is known which image and layer the entry belongs to. */
export interface EntryFinding {
  /** The detector's id, or `patient-record`. */
  readonly detector: string;
  readonly identifier: Identifier;
  /** Letter of 45 CFR 164.514(b)(2)(i); `A` to `R`; empty for a patient record. */
  readonly safeHarbor: string;
  readonly severity: Severity;
  /** 0 to 1, the logistic of the evidence's sum. */
  readonly confidence: number;
  readonly outcome: Outcome;
  /** How many values, or how many rows of a patient record. */
  readonly count: number;
  /** A constant of the detector: it holds no character of the value, not even its length. */
  readonly mask: string;
  /** Of a patient record: what its rows hold, sorted. */
  readonly identifiers?: readonly Identifier[];
  /** Where the first value is. */
  readonly place: EntryPlace;
  readonly evidence: readonly EvidenceTerm[];
  /** Somebody has answered for it: no gate counts it. */
  readonly accepted?: Acceptance;
  /** Somebody has tried to answer for it, and it counts all the same. Never beside `accepted`. */
  readonly lapsed?: Lapse;
  /** In a document whose places have surfaces (src/aws/surfaces/surfaces.ts): ECS's own, or a definition of AWS. Others say how something runs, too. */
  readonly document?: 'ecs' | 'definition' | 'configuration';
}

/** A place inside one entry. Texts in it have detected values masked. */
export interface EntryPlace {
  /** Nested containers are joined with `!`: `opt/app.jar!data/seed.csv`. */
  readonly path: string;
  /** JSON pointer-like place in a document: `config.Env[3]`. */
  readonly pointer?: string;
  /** The column, key or segment position: `ssn`, `PID-5`. */
  readonly field?: string;
  /** Row or record number, from 1. */
  readonly record?: number;
  /** From 1. */
  readonly line?: number;
  /** In characters, from 1. */
  readonly column?: number;
  /** In bytes from the start of the entry (of the innermost one, when nested). */
  readonly offset?: number;
}

export type LocationKind = 'file' | 'config' | 'history' | 'manifest' | 'document' | 'container' | 'ecs' | 'ecr';

/** `unreferenced`: in the source, but no image of it uses the blob. */
export type Visibility = 'visible' | 'overwritten' | 'deleted' | 'unreferenced';

export interface Location extends EntryPlace {
  readonly kind: LocationKind;
  /** The `reference` of one of the report's targets. */
  readonly target: string;
  readonly layer?: LayerReference;
  /** Of a text of the configuration that is of no layer: where it is set, if that is known. */
  readonly instruction?: InstructionPlace;
  readonly visibility?: Visibility;
  /** Index of the layer that overwrote or deleted the file. */
  readonly hiddenBy?: number;
}

/** Why a finding does not count: it is listed all the same. Texts have values masked. */
export interface Acceptance {
  /** A file of accepted findings, a mark on the line, or a path of phiscan.yaml. */
  readonly by: 'baseline' | 'inline' | 'configuration';
  readonly reason: string;
  readonly owner?: string;
  /** The last day on which it holds: `2027-01-31`. */
  readonly expires?: string;
}

/**
 * `expired`: its last day has passed; `grown`: there are more values than were accepted; `worse`: its severity rose, or values
 * that were synthetic are real; `no-reason`: a mark that does not say why.
 */
export type LapseReason = 'expired' | 'grown' | 'worse' | 'no-reason';

/** An acceptance that does not hold any more. */
export interface Lapse extends Acceptance {
  readonly why: LapseReason;
  /** How many values were accepted. */
  readonly count?: number;
}

export interface Finding extends Omit<EntryFinding, 'place' | 'document'> {
  /** Of detector, path or pointer, and field; the same after a rebuild; never made of the value. */
  readonly fingerprint: string;
  /** In a document of AWS, which of its texts it is: an id of src/aws/surfaces/surface-table.ts. */
  readonly surface?: string;
  /** A key of the report's `remedies`. */
  readonly remedy?: string;
  readonly location: Location;
}

/** Why bytes were not read. A closed list: each has its sentence in report/words.ts. */
export type GapReason =
  | 'truncated'
  | 'corrupt'
  | 'unread-rest'
  | 'size-mismatch'
  | 'digest-mismatch'
  | 'diffid-mismatch'
  | 'missing-blob'
  | 'foreign-layer'
  | 'encrypted'
  | 'unsupported'
  | 'depth-limit'
  | 'entry-limit'
  | 'byte-limit'
  | 'ratio-limit'
  | 'time-limit'
  | 'record-limit'
  | 'finding-limit'
  | 'unreadable'
  | 'ambiguous'
  | 'interrupted'
  /** Of a registry: kept where nothing can be read of it. */
  | 'archived'
  /** By the bound of a sweep that whoever ran it set. */
  | 'left-out'
  /** A fault of phiscan itself. */
  | 'internal';

/** Bytes inside one blob or entry that were not read. */
export interface EntryGap {
  readonly reason: GapReason;
  /** The entry's path, values masked; empty for the blob as a whole. */
  readonly path: string;
  /** What happened, without any content: `at byte 512 of 2048`. */
  readonly detail?: string;
  /** How many bytes, where known. */
  readonly bytes?: number;
}

export interface Gap {
  readonly reason: GapReason;
  readonly detail?: string;
  readonly bytes?: number;
  readonly location: Location;
}

export interface Coverage {
  /** True when there is no gap. */
  readonly complete: boolean;
  /** Unpacked bytes that were scanned. */
  readonly bytes: number;
  readonly entries: number;
  readonly gaps: readonly Gap[];
  /** What `phiscan files` did not open, by the globs of phiscan.yaml that somebody wrote for it: no gap. */
  readonly excluded?: readonly ExcludedPaths[];
}

/** In what leaves the process, values are masked. */
export interface ExcludedPaths {
  readonly pattern: string;
  /** Files, links and folders; a folder counts once, whatever is below it. */
  readonly entries: number;
}

/** Where in a registry something was swept. In what leaves the process, values are masked. */
export interface SweptPlace {
  /** Host and port. */
  readonly registry: string;
  /** Of AWS; empty texts for other registries. */
  readonly account: string;
  readonly region: string;
  /** Empty: the texts of the registry itself. */
  readonly repository: string;
  /** Of the manifest or index; empty: the texts of the repository. */
  readonly digest: string;
  /** Sorted; empty: it is untagged. */
  readonly tags: readonly string[];
  /** ISO 8601, where the registry says it. */
  readonly pushedAt?: string;
}

/** `incomplete`: nothing bad was found, and not everything was read. */
export type SweptOutcome = 'clean' | 'findings' | 'incomplete';

/** One line of the summary of a sweep. */
export interface SweptRow extends SweptPlace {
  /** `findings`: at least one reaches the threshold of the run. */
  readonly outcome: SweptOutcome;
  /** False with findings, too, where something was not read. */
  readonly complete: boolean;
  /** Those that count. */
  readonly findings: Readonly<Record<Severity, number>>;
  readonly accepted: number;
  readonly gaps: number;
  /** Its result is that of an earlier run. */
  readonly remembered: boolean;
}

/** What was swept, in numbers. */
export interface SweepTotals {
  readonly repositories: number;
  /** Manifests and indexes that were listed and are no part of another one. */
  readonly images: number;
  readonly rememberedImages: number;
  /** Each once, however many images hold it. */
  readonly layers: number;
  readonly rememberedLayers: number;
  /** In this run, to their end. */
  readonly readLayers: number;
  readonly readBytes: number;
}

/** What a sweep adds to its report. */
export interface SweepSummary {
  readonly totals: SweepTotals;
  /** In the order of their places: images, and the texts of repositories and registries. */
  readonly rows: readonly SweptRow[];
}

export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'phiscan'; readonly version: string; readonly ruleset: string };
  readonly targets: readonly Target[];
  readonly findings: readonly Finding[];
  /** What a person does about findings, by their `remedy`. */
  readonly remedies?: Readonly<Record<string, string>>;
  /** Of `phiscan sweep`. */
  readonly sweep?: SweepSummary;
  readonly coverage: Coverage;
  readonly summary: FindingCounts & { readonly gaps: number; readonly durationMs: number };
}

/** What a sweep tells when one image, or the texts of one repository, are ready. */
export interface SweptPart {
  readonly place: SweptPlace;
  readonly report: Report;
  /** Of an earlier run. */
  readonly remembered: boolean;
}
