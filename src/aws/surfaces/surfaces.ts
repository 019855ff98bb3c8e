/**
 * Looks up where a text is kept, by its place in a document: live or saved, whole or inside another document. It knows no
 * SDK; everything that reads or reports may import it.
 */
import type { Finding, Severity } from '../../finding.ts';
import { remedyTexts } from './remedies.ts';
import {
  otherContainerText,
  otherEcrText,
  otherText,
  surfaceFields,
  type Surface,
  wholeSurfaces,
} from './surface-table.ts';

export type { Surface } from './surface-table.ts';

/** Alternatives of each step. */
type Steps = readonly ReadonlySet<string>[];

interface Row {
  readonly surface: Surface;
  readonly steps: Steps;
}

interface Step {
  readonly name: string;
  /** Where it ends in the pointer. */
  readonly end: number;
}

const TOP = '^';
/** Longest pointer that is looked at; it is cut in front, since the tail decides. */
const POINTER_CHARS = 4096;

const byId = new Map<string, Surface>();
/** By the last step of the field. */
const byLastStep = new Map<string, Row[]>();
for (const { fields, ...surface } of surfaceFields) {
  byId.set(surface.id, surface);
  for (const field of fields) {
    const steps = field.split('.').map((step) => new Set(step.split('|').map(even)));
    for (const last of steps.at(-1) ?? []) {
      const rows = byLastStep.get(last) ?? [];
      rows.push({ surface, steps });
      byLastStep.set(last, rows);
    }
  }
}

/** `container_definitions`, `ContainerDefinitions`: one spelling. */
function even(step: string): string {
  return step === TOP ? TOP : step.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** `a.b[3]["c.d"]`: a, b, c.d; places in lists are no steps. */
function stepsOf(pointer: string): readonly Step[] {
  const steps: Step[] = [{ name: TOP, end: 0 }];
  for (const { index, 0: text, 1: quoted } of pointer.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[[^\]]*\]|[^.[\]]+/g)) {
    if (text.startsWith('[') && quoted === undefined) continue;
    steps.push({ name: even(quoted ?? text), end: index + text.length });
  }
  return steps;
}

interface Found {
  readonly surface: Surface;
  readonly length: number;
  readonly end: number;
}

/** A field of more steps is surer than one of fewer; among equals the one nearest to the end of the pointer. */
function find(pointer: string, takesWhole: boolean = true): Found | undefined {
  const steps = stepsOf(pointer.slice(-POINTER_CHARS));
  let best: Found | undefined;
  for (let last = steps.length - 1; last > 0; last--) {
    const { name, end } = steps[last] ?? { name: '', end: 0 };
    for (const { surface, steps: wanted } of byLastStep.get(name) ?? []) {
      const length = Math.min(2, wanted.length);
      if (!takesWhole && wholeSurfaces.has(surface.id)) continue;
      if (best !== undefined && length <= best.length) continue;
      if (wanted.every((names, index) => names.has(steps[last - wanted.length + 1 + index]?.name ?? ''))) {
        best = { surface, length, end: end + Math.max(0, pointer.length - POINTER_CHARS) };
      }
    }
    if (best?.length === 2) return best;
  }
  return best;
}

/** The surface of a place such as `tasks[0].containers[1].reason`; undefined for a place that the table does not name. */
export function describeSurface(pointer: string): Surface | undefined {
  return find(pointer)?.surface;
}

/** The part of a document that stands by itself, as a pointer: an environment, all labels, one exit string. */
export function surfacePlace(pointer: string): string | undefined {
  const found = find(pointer, false);
  return found === undefined ? undefined : pointer.slice(0, found.end);
}

/** What the table does not name, by the kind of place that it is in. */
const others: Readonly<Record<'ecs' | 'container' | 'ecr', Surface>> = {
  ecs: otherText,
  container: otherContainerText,
  ecr: otherEcrText,
};

/**
 * The finding with its surface and remedy, and the severity that the surface gives it.
 *
 * @param kind - Of the document; a text of another service in it has that service's.
 * @param all - The id of the surface that all of the document is.
 */
export function withSurface(finding: Finding, kind: 'ecs' | 'container' | 'ecr' = 'ecs', all?: string): Finding {
  const whole = all === undefined ? undefined : byId.get(all);
  const surface = whole ?? describeSurface(finding.location.pointer ?? '') ?? others[kind];
  const isRaised = surface.severity === 'raised' && finding.outcome === 'real';
  const severity = isRaised ? raised(finding.severity) : finding.severity;
  return {
    ...finding,
    severity,
    surface: surface.id,
    remedy: surface.remedy,
    location: { ...finding.location, kind: surface.kind ?? kind },
  };
}

function raised(severity: Severity): Severity {
  switch (severity) {
    case 'critical':
    case 'high':
      return 'critical';
    case 'medium':
      return 'high';
    case 'low':
      return 'medium';
    case 'info':
      return 'info';
  }
}

/** The remedies that the findings name, as a report has them. */
export function remediesOf(findings: readonly Finding[]): Readonly<Record<string, string>> {
  return remedyTexts(new Set(findings.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy]))));
}
