import type { FindingRow, PageModel } from '../page-model.ts';

/** What the findings are narrowed down to; a list or text that is empty narrows nothing. */
export interface Criteria {
  readonly severities: readonly string[];
  readonly identifier: string;
  readonly outcome: string;
  readonly accepted: string;
  /** Words that must all stand in a finding. */
  readonly text: string;
  /** Numbers in the page's model. */
  readonly part: number | undefined;
  readonly target: number | undefined;
  readonly remedy: number | undefined;
}

/** Finds rows; remembers what can be searched of each, since every letter that is typed asks all of them. */
export class FindingSearch {
  readonly #model: PageModel;
  readonly #texts: string[] = [];

  constructor(model: PageModel) {
    this.#model = model;
  }

  matching(criteria: Criteria): readonly FindingRow[] {
    const words = criteria.text.toLowerCase().split(/\s+/).filter(Boolean);
    const part = criteria.part === undefined ? undefined : this.#model.parts[criteria.part];
    return this.#model.findings.filter((row, index) => {
      return (
        criteria.severities.includes(row.severity) &&
        (criteria.identifier === '' || row.identifier === criteria.identifier) &&
        (criteria.outcome === '' || (criteria.outcome === 'synthetic') === (row.synthetic ?? false)) &&
        isAcceptedAs(row, criteria.accepted) &&
        (criteria.target === undefined || row.targets.includes(criteria.target)) &&
        (criteria.remedy === undefined || row.remedy === criteria.remedy) &&
        (part === undefined || isWithin(row.part, criteria.part ?? 0, part.end)) &&
        words.every((word) => this.#textOf(row, index).includes(word))
      );
    });
  }

  #textOf(row: FindingRow, index: number): string {
    return (this.#texts[index] ??= textOf(row, this.#model).toLowerCase());
  }
}

function isWithin(part: number | undefined, first: number, last: number): boolean {
  return part !== undefined && part >= first && part <= last;
}

function isAcceptedAs(row: FindingRow, accepted: string): boolean {
  switch (accepted) {
    case 'yes':
      return row.accepted !== undefined;
    case 'no':
      return row.accepted === undefined;
    case 'lapsed':
      return row.lapsed !== undefined;
    default:
      return true;
  }
}

function textOf(row: FindingRow, { targets, layers }: PageModel): string {
  const names = row.targets.map((target) => targets[target] ?? '');
  const layer = row.layer === undefined ? '' : (layers[row.layer] ?? '');
  const own = [
    row.path,
    row.place,
    row.kind,
    row.title,
    row.identifier,
    row.detector,
    row.fingerprint,
    row.instruction,
  ];
  return [...own, row.hidden, row.accepted, row.lapsed, layer, ...names].join('\n');
}
