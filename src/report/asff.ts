/**
 * Findings in the AWS Security Finding Format, as Security Hub takes them (AWS Security Hub User Guide, "AWS Security Finding
 * Format (ASFF)", with its limits of lengths). Every member is named here; counts and places only, and no definition of
 * anything that runs, whose environment would hold values.
 */
import { ScanError } from '../errors.ts';
import type { Finding, Report, Severity, SweptPart } from '../finding.ts';
import type { Target } from '../target.ts';
import { asffPlace, type AsffPlace, type AsffResource, partitionOf, resourceOf } from './asff-resource.ts';
import { ordered } from './order.ts';
import { cutText, printable, printableJson } from './printable.ts';
import { remedyWords } from './sentences.ts';
import { counted } from './units.ts';
import type { ViewOptions } from './view.ts';
import { kindWords, visibilityWords } from './words.ts';

type Label = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'INFORMATIONAL';

const LABELS: Readonly<Record<Severity, Label>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
};

interface AsffSeverity {
  Label: Label;
  Original: string;
}

/** What phiscan uses of the format; mutable, as the SDK's types are. */
export interface AsffFinding {
  SchemaVersion: string;
  Id: string;
  ProductArn: string;
  ProductName: string;
  GeneratorId: string;
  AwsAccountId: string;
  Region: string;
  Types: string[];
  CreatedAt: string;
  UpdatedAt: string;
  Severity: AsffSeverity;
  Confidence: number;
  Title: string;
  Description: string;
  Remediation: { Recommendation: { Text: string } };
  ProductFields: Record<string, string>;
  Resources: AsffResource[];
  /** Security Hub shows what is archived on demand: accepted findings, until they count again. */
  RecordState: 'ACTIVE' | 'ARCHIVED';
  FindingProviderFields: { Confidence: number; Severity: AsffSeverity; Types: string[] };
}

/** Characters (ASFF, "Required top-level attributes", "ProductFields", "Remediation"). */
const LONGEST = { id: 512, title: 256, description: 1024, text: 512, field: 2048 } as const;
const TYPE = 'Sensitive Data Identifications/PII/PHI';

/** What findings are made of: those of a sweep are of one place. */
interface AsffPart {
  readonly place: AsffPlace;
  readonly report: SweptPart['report'];
}

/** A report as a file for `aws securityhub batch-import-findings`. Throws ScanError (`usage`) where nobody says of which account it is. */
export function renderAsff(report: Report, { aws, now = new Date() }: ViewOptions): string {
  if (aws === undefined) {
    throw new ScanError('usage', 'no account (--format asff). Give --asff-account, for example 123456789012/us-east-1');
  }
  const { remedies, findings } = ordered(report);
  const references = [...new Set(findings.map(({ location }) => location.target))];
  const made = references.flatMap((target) => {
    const own = findings.filter(({ location }) => location.target === target);
    const part = { ...report, findings: own, ...(remedies && { remedies }) };
    const place = asffPlace(target, aws);
    const digest = place.digest || (report.targets.find(({ reference }) => reference === target)?.digest ?? '');
    return asffFindings({ place: { ...place, digest }, report: part }, now.toISOString());
  });
  const lines = made.map((finding) => printableJson(JSON.stringify(finding)));
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}

/** Those of one image or repository; `info` is not sent: provider numbers and files of the distribution. `now`: ISO 8601. */
export function asffFindings({ place, report }: AsffPart, now: string): readonly AsffFinding[] {
  const found = new Map<string, AsffFinding>();
  const targets = new Map(report.targets.map((target) => [target.reference, target]));
  for (const finding of report.findings) {
    if (finding.severity === 'info') continue;
    const made = asffFinding(finding, place, targets.get(finding.location.target), report, now);
    const before = found.get(made.Id);
    // Two places of one image that are called the same.
    found.set(made.Id, before === undefined ? made : withMore(before, finding));
  }
  return [...found.values()];
}

function asffFinding(
  finding: Finding,
  place: AsffPlace,
  target: Target | undefined,
  { tool, remedies, coverage }: SweptPart['report'],
  now: string,
): AsffFinding {
  const { account, region } = place;
  const partition = partitionOf(region);
  const severity: AsffSeverity = { Label: LABELS[finding.severity], Original: finding.severity };
  const confidence = Math.round(finding.confidence * 100);
  return {
    SchemaVersion: '2018-10-08',
    Id: idOf(finding, place, target),
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'phiscan',
    GeneratorId: `phiscan/${finding.detector}`,
    AwsAccountId: account,
    Region: region,
    Types: [TYPE],
    CreatedAt: place.pushedAt ?? now,
    UpdatedAt: now,
    Severity: severity,
    Confidence: confidence,
    Title: cutText(`PHI in ${whatIs(place)}: ${finding.identifier} in ${wordsOfPlace(finding)}`, LONGEST.title),
    Description: cutText(descriptionOf(finding, place), LONGEST.description),
    Remediation: { Recommendation: { Text: cutText(remedyWords(finding, remedies), LONGEST.text) } },
    ProductFields: fieldsOf(finding, place, tool),
    Resources: [resourceOf(finding, place, target, coverage.complete)],
    RecordState: finding.accepted === undefined ? 'ACTIVE' : 'ARCHIVED',
    FindingProviderFields: { Confidence: confidence, Severity: severity, Types: [TYPE] },
  };
}

function withMore(before: AsffFinding, { count, accepted }: Finding): AsffFinding {
  if (accepted === undefined) before.RecordState = 'ACTIVE';
  const [sensitive] = before.Resources[0]?.DataClassification.Result.SensitiveData ?? [];
  if (sensitive !== undefined) {
    sensitive.TotalCount += count;
    for (const detection of sensitive.Detections) detection.Count += count;
  }
  return before;
}

/** The same in every sweep, so that Security Hub updates what it has: of the place, never of the value. */
function idOf({ fingerprint, location, accepted }: Finding, place: AsffPlace, target: Target | undefined): string {
  const digest = target?.digest || place.digest;
  const layer = location.layer === undefined ? [] : [`layer ${location.layer.index}`];
  // Values on marked lines stand beside others of the same place, which count.
  const marked = accepted?.by === 'inline' ? ['marked'] : [];
  const where = [printable(place.other ?? place.repository), digest, ...layer, fingerprint, ...marked];
  const parts = ['phiscan', place.account, place.region, ...where];
  return parts.filter(Boolean).join('/').slice(-LONGEST.id);
}

function whatIs({ repository, digest, other }: AsffPlace): string {
  if (other !== undefined) return other.startsWith('ecs:') ? 'ECS metadata' : printable(other);
  if (digest !== '') return 'a container image';
  return repository === '' ? 'the texts of a registry' : 'the texts of a repository';
}

function wordsOfPlace({ location: { kind, path, pointer } }: Finding): string {
  const where = [path, pointer ?? ''].filter(Boolean).map(printable).join(' ');
  if (where === '') return kindWords(kind);
  return kind === 'file' ? where : `${kindWords(kind)} (${where})`;
}

function descriptionOf(finding: Finding, place: AsffPlace): string {
  const { identifier, identifiers = [], count, location, outcome } = finding;
  const held =
    identifier === 'patient-record'
      ? `${counted(count, 'record')} (${identifiers.join(', ')})`
      : counted(count, 'value');
  const hidden = location.visibility && visibilityWords(location.visibility, location.hiddenBy);
  const layer =
    location.layer === undefined ? [] : [`layer ${location.layer.index}, ${printable(location.layer.createdBy)}`];
  const sentences = [
    `phiscan found ${held} of the kind ${identifier} in ${wordsOfPlace(finding)} of ${nameOf(place)}.`,
    ...(outcome === 'synthetic' ? ['They look like test data.'] : []),
    ...[...layer, ...(hidden === undefined ? [] : [hidden])].map((words) => `It is in ${words}.`),
    'No value is kept or sent.',
  ];
  return sentences.join(' ');
}

function nameOf({ registry, repository, tags, digest, other }: AsffPlace): string {
  if (other !== undefined) return printable(other);
  if (repository === '') return registry;
  const [tag] = tags;
  return printable(tag === undefined ? [repository, digest].filter(Boolean).join('@') : `${repository}:${tag}`);
}

function fieldsOf(
  { fingerprint, detector, mask, outcome, location, accepted }: Finding,
  place: AsffPlace,
  tool: { readonly version: string; readonly ruleset: string },
): Record<string, string> {
  const { layer, path, pointer, visibility } = location;
  const fields = {
    version: tool.version,
    ruleset: tool.ruleset,
    fingerprint,
    detector,
    mask,
    outcome,
    kind: location.kind,
    path: printable(path),
    pointer: printable(pointer ?? ''),
    layer: layer?.digest ?? '',
    visibility: visibility ?? '',
    tags: place.tags.map(printable).join(' '),
    accepted: accepted === undefined ? '' : `${accepted.by}: ${printable(accepted.reason)}`,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]) => {
      return text.trim() === '' ? [] : [[`phiscan/${name}`, cutText(text, LONGEST.field)] as const];
    }),
  );
}
