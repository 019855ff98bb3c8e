import { SEVERITIES, type Finding, type Report } from '../../finding.ts';
import { acceptanceWords, amountWords, evidenceWords, placeWords } from '../finding-words.ts';
import { identifierHeading } from '../identifier-words.ts';
import { hiddenWords, remedyWords } from '../sentences.ts';
import { kindWords } from '../words.ts';
import type { FindingRow, PageModel } from './page-model.ts';
import { layerTitle, type PartTree } from './parts.ts';

/** Texts that many rows share, by their number. */
class Texts {
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  list(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}

type Rows = Pick<PageModel, 'targets' | 'layers' | 'remedies' | 'findings'>;

/** Worst first, those that are accepted last. Of a sweep, a finding of a layer stands once, however many images hold it. */
export function findingRows(report: Report, tree: PartTree | undefined): Rows {
  const targets = new Texts();
  const layers = new Texts();
  const remedies = new Texts();
  for (const { reference } of report.targets) if (report.sweep === undefined) targets.numberOf(reference);
  const findings = inOrder(report).map(([finding, holders]): FindingRow => {
    const { location } = finding;
    const { kind, layer } = location;
    const title = identifierHeading(finding.identifier);
    const hidden = hiddenWords(location);
    return {
      severity: finding.severity,
      identifier: finding.identifier,
      title,
      detector: finding.detector,
      ...(finding.safeHarbor !== '' && { letter: finding.safeHarbor }),
      ...(finding.outcome === 'synthetic' && { synthetic: true }),
      amount: amountWords(finding),
      targets: holders.map((target) => targets.numberOf(target)),
      ...(layer !== undefined && { layer: layers.numberOf(layerTitle(layer)) }),
      ...(layer?.instruction !== undefined && { instruction: `${layer.instruction.file}:${layer.instruction.line}` }),
      ...(hidden !== '' && { hidden }),
      ...(kind !== 'file' && { kind: kindWords(kind) }),
      path: location.path,
      place: placeWords(finding),
      ...(tree !== undefined && { part: tree.partOf(finding).number }),
      evidence: evidenceWords(finding),
      remedy: remedies.numberOf(remedyWords(finding, report.remedies)),
      fingerprint: finding.fingerprint,
      ...(finding.accepted !== undefined && { accepted: acceptanceWords(finding) }),
      ...(finding.lapsed !== undefined && { lapsed: acceptanceWords(finding) }),
    };
  });
  return { targets: targets.list(), layers: layers.list(), remedies: remedies.list(), findings };
}

function inOrder({ findings, sweep }: Report): readonly (readonly [Finding, readonly string[]])[] {
  const rank = ({ accepted, severity }: Finding): number =>
    SEVERITIES.indexOf(severity) + (accepted === undefined ? 0 : SEVERITIES.length);
  const rows =
    sweep === undefined ? findings.map((finding) => [finding, [finding.location.target]] as const) : shared(findings);
  return [...rows].sort(([left], [right]) => rank(left) - rank(right));
}

function shared(findings: readonly Finding[]): readonly (readonly [Finding, readonly string[]])[] {
  const rows = new Map<string, readonly [Finding, string[]]>();
  for (const finding of findings) {
    const { target, layer, path, pointer, field, record, line, column, offset, visibility, hiddenBy } =
      finding.location;
    const place = [finding.detector, path, pointer, field, record, line, column, offset, visibility, hiddenBy];
    const key = JSON.stringify([layer?.digest ?? target, finding.accepted, finding.lapsed, place]);
    const same = rows.get(key);
    if (same === undefined) rows.set(key, [finding, [target]]);
    else if (!same[1].includes(target)) same[1].push(target);
  }
  return [...rows.values()];
}
