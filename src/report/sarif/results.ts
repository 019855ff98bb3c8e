/** Results of SARIF (section 3.27): findings and gaps at places that GitHub can show. */
import type { Finding, Gap, Location, Report } from '../../finding.ts';
import { acceptanceWords } from '../finding-words.ts';
import { printable } from '../printable.ts';
import type { RepositoryPlaces } from '../repository-place.ts';
import { findingSentence, gapWords, lapseSentences, placeSentences, remedyWords } from '../sentences.ts';
import { counted } from '../units.ts';
import { gapRemedy, gapSentence } from '../words.ts';
import type { FindingGroup } from './groups.ts';
import { gapRuleId, levelOf, ruleId } from './rules.ts';
import { fileUri } from './uri.ts';

/** Makes the results of one run, which tell their fingerprints apart. */
export class Results {
  readonly #places: RepositoryPlaces;
  readonly #remedies: Report['remedies'];
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #ordinals = new Map<string, number>();
  /** Where one result has suppressions, all have them (section 3.27.23). */
  readonly #suppresses: boolean;

  constructor(
    { remedies, findings }: Report,
    options: { readonly places: RepositoryPlaces; readonly ruleIndex: ReadonlyMap<string, number> },
  ) {
    this.#places = options.places;
    this.#ruleIndex = options.ruleIndex;
    this.#remedies = remedies;
    this.#suppresses = findings.some(({ accepted }) => accepted !== undefined);
  }

  ofFindings({ first, findings }: FindingGroup): object {
    const { location, fingerprint, severity } = first;
    const id = ruleId(first);
    return {
      ruleId: id,
      ruleIndex: this.#ruleIndex.get(id),
      level: levelOf(severity),
      message: { text: messageText(this.#sentences(first, findings.length - 1)) },
      locations: [{ ...this.#physical(location), logicalLocations: [logical(location)] }],
      partialFingerprints: { primaryLocationLineHash: this.#fingerprint(fingerprint) },
      rank: Math.floor(first.confidence * 1000) / 10,
      ...this.#suppressions(first),
      properties: { ...findingProperties(first), ...(findings.length > 1 && { findings: findings.length }) },
    };
  }

  /** All gaps of one reason. */
  ofGaps(gaps: readonly [Gap, ...Gap[]]): object {
    const [first] = gaps;
    const { reason, location } = first;
    const id = gapRuleId(first);
    const more = gaps.length === 1 ? '' : ` and ${counted(gaps.length - 1, 'more place')}`;
    const sentences = [gapSentence(reason), `In ${gapWords(first)}${more}.`, gapRemedy(reason)];
    return {
      ruleId: id,
      ruleIndex: this.#ruleIndex.get(id),
      level: 'warning',
      message: { text: messageText(sentences) },
      locations: [{ ...this.#physical(location), logicalLocations: [logical(location)] }],
      partialFingerprints: { primaryLocationLineHash: this.#fingerprint(id) },
      ...this.#suppressions(undefined),
      properties: { reason, places: gaps.length, ...placeProperties(location) },
    };
  }

  #sentences(finding: Finding, more: number): readonly string[] {
    const { location } = finding;
    return [
      `${findingSentence(finding)}.`,
      ...placeSentences(location),
      ...lapseSentences(finding),
      ...(more === 0 ? [] : [`It stands for ${counted(more, 'more finding')} of this kind.`]),
      remedyWords(finding, this.#remedies),
    ];
  }

  #suppressions(finding: Finding | undefined): object {
    if (!this.#suppresses) return {};
    if (finding?.accepted === undefined) return { suppressions: [] };
    const kind = finding.accepted.by === 'inline' ? 'inSource' : 'external';
    return { suppressions: [{ kind, status: 'accepted', justification: acceptanceWords(finding) }] };
  }

  /** Of the place, and the number of results before that have the same: two layers hold the same path. */
  #fingerprint(place: string): string {
    const ordinal = (this.#ordinals.get(place) ?? 0) + 1;
    this.#ordinals.set(place, ordinal);
    return `${place}:${ordinal}`;
  }

  #physical(location: Location): { readonly physicalLocation: object } {
    const place = this.#places.placeOf(location);
    if (place === undefined) {
      const { target, kind, path } = location;
      const within = kind === 'file' || path !== '' ? path : kind;
      const uri = fileUri([imageName(target), within].join('/'));
      return { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } };
    }
    const { file, line, endLine, column } = place;
    const region = { startLine: line, ...(column && { startColumn: column }), ...(endLine && { endLine }) };
    return { physicalLocation: { artifactLocation: { uri: fileUri(file) }, region } };
  }
}

/** Without tag and digest: what an alert is about is the same in the next build. */
export function imageName(reference: string): string {
  return reference.replace(/@[a-z0-9]+:[0-9a-f]{32,}$/i, '').replace(/:[\w.-]{1,128}$/, '') || reference;
}

/** The true place: `app:1.4/layer 1/srv/app.jar!data/seed.csv#config.Env[3]`. */
function logical(location: Location): object {
  const { target, layer, path, pointer, field, kind } = location;
  const parts = [target, ...(layer === undefined ? [] : [`layer ${layer.index}`]), ...(path === '' ? [kind] : [path])];
  const within = [pointer, field].flatMap((part) => part ?? []);
  const name = within.at(-1) ?? parts.at(-1) ?? '';
  const full = parts.join('/') + (within.length === 0 ? '' : `#${within.join('/')}`);
  return {
    name: printable(name),
    fullyQualifiedName: printable(full),
    kind: within.length === 0 ? 'resource' : 'member',
  };
}

function findingProperties(finding: Finding): object {
  const { fingerprint, detector, identifier, safeHarbor, severity, confidence, outcome, count, mask } = finding;
  const own = { fingerprint, detector, identifier, safeHarbor, severity, confidence, outcome, count, mask };
  return { ...own, identifiers: finding.identifiers, surface: finding.surface, ...placeProperties(finding.location) };
}

function placeProperties(location: Location): object {
  const { kind, target, layer, path, pointer, field, record, line, offset, visibility, hiddenBy } = location;
  return {
    kind,
    target,
    layer: layer && { index: layer.index, digest: layer.digest, diffId: layer.diffId, createdBy: layer.createdBy },
    path,
    pointer,
    field,
    record,
    line,
    offset,
    visibility,
    hiddenBy,
  };
}

/** Section 3.11.5: braces are doubled; section 3.11.6: a bracket that a parenthesis follows would be a link. */
function messageText(sentences: readonly string[]): string {
  return sentences.join(' ').replace(/[{}]/g, '$&$&').replaceAll('](', '] (');
}
