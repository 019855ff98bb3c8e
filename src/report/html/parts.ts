/** What the picture is made of: targets, their layers, folders in them, and places that have no size. */

import type { Finding, FindingCounts, Gap, Location, Report, Severity } from '../../finding.ts';
import type { Target, TargetLayer } from '../../target.ts';
import { noFindings } from '../../finding-counts.ts';
import { instructionWords } from '../finding-words.ts';
import { kindWords } from '../words.ts';
import { type FolderPart, folderParts } from './folder-parts.ts';

export interface Part {
  /** As it is called beside its parent: `usr/lib`, `layer 3`. */
  readonly label: string;
  /** As it is called alone. */
  readonly title: string;
  readonly kind: 'target' | 'layer' | 'folder' | 'rest' | 'place';
  /** Unpacked, as far as that is known; 0 where it is not. */
  readonly bytes: number;
  readonly entries: number | undefined;
  readonly parent: Part | undefined;
  readonly children: readonly Part[];
  /** Those below it are numbered after it, up to `end`. */
  readonly number: number;
  readonly end: number;
  /** With those of the parts below it. */
  readonly counts: FindingCounts;
  readonly gaps: number;
}

interface PartBuilder extends Part {
  readonly children: PartBuilder[];
  readonly parent: PartBuilder | undefined;
  readonly layer: TargetLayer | undefined;
  /** Of a folder. */
  readonly path: string | undefined;
  number: number;
  end: number;
  counts: Record<Severity | 'accepted', number>;
  gaps: number;
}

/** `number`s are those of the list: each part before what is in it. */
export interface PartTree {
  readonly parts: readonly Part[];
  readonly targets: readonly Part[];
  readonly partOf: (located: Finding | Gap) => Part;
}

export function partTree(report: Report): PartTree {
  const targets = report.targets.map((target) => ({ target, part: targetPart(target) }));
  const byReference = new Map<string, { readonly target: Target | undefined; readonly part: PartBuilder }[]>();
  for (const one of targets) {
    const same = byReference.get(one.target.reference);
    if (same === undefined) byReference.set(one.target.reference, [one]);
    else same.push(one);
  }
  const found = new Map<Finding | Gap, PartBuilder>();
  const find = (located: Finding | Gap): PartBuilder => {
    const { location } = located;
    let candidates = byReference.get(location.target);
    if (candidates === undefined) {
      // Of a source that no image is in.
      candidates = [{ target: undefined, part: newPart('target', location.target, location.target) }];
      byReference.set(location.target, candidates);
    }
    const [first] = candidates;
    const holder = candidates.find(({ part }) => layerIn(part, location) !== undefined) ?? first;
    const part = placeIn(holder?.part ?? newPart('target', location.target, location.target), location);
    found.set(located, part);
    return part;
  };
  for (const finding of report.findings) {
    const key = finding.accepted === undefined ? finding.severity : 'accepted';
    for (let part: PartBuilder | undefined = find(finding); part; part = part.parent) part.counts[key] += 1;
  }
  for (const gap of report.coverage.gaps) {
    for (let part: PartBuilder | undefined = find(gap); part; part = part.parent) part.gaps += 1;
  }
  const roots = [...byReference.values()].flat().map(({ part }) => part);
  return { parts: numbered(roots), targets: roots, partOf: (located) => found.get(located) ?? find(located) };
}

function newPart(
  kind: Part['kind'],
  label: string,
  title: string,
  given: Partial<Pick<PartBuilder, 'bytes' | 'entries' | 'parent' | 'layer' | 'path'>> = {},
): PartBuilder {
  const { bytes = 0, entries, parent, layer, path } = given;
  const part: PartBuilder = {
    kind,
    label,
    title,
    bytes,
    entries,
    parent,
    layer,
    path,
    children: [],
    number: 0,
    end: 0,
    counts: { ...noFindings },
    gaps: 0,
  };
  parent?.children.push(part);
  return part;
}

function targetPart({ reference, platform, layers, folders }: Target): PartBuilder {
  const title = platform === '' ? reference : `${reference} (${platform})`;
  const whole = folders?.find(({ path }) => path === '');
  const sizes = layers.map((layer) => layer.folders?.find(({ path }) => path === '')?.bytes ?? layer.bytes);
  const bytes = whole?.bytes ?? sizes.reduce((sum, size) => sum + size, 0);
  const target = newPart('target', title, title, { bytes, entries: whole?.entries });
  for (const [index, layer] of layers.entries()) {
    const name = layerTitle(layer);
    const size = sizes[index] ?? 0;
    const part = newPart('layer', name, name, { bytes: size, entries: layer.entries, parent: target, layer });
    addFolders(part, folderParts(layer.folders ?? [], bytes), ` in layer ${layer.index}`);
  }
  addFolders(target, folderParts(folders ?? [], bytes), '');
  return target;
}

/** `layer 3: COPY ./seed /srv` */
export function layerTitle({ index, createdBy }: Pick<TargetLayer, 'index' | 'createdBy'>): string {
  const instruction = instructionWords(createdBy);
  return `layer ${index}${instruction === '' ? '' : `: ${instruction}`}`;
}

function addFolders(parent: PartBuilder, folders: readonly FolderPart[], where: string): void {
  for (const { path, bytes, entries, children, isRest } of folders) {
    const label = isRest ? (path === '' ? 'other files' : `${path} (other files)`) : path;
    const part = newPart(isRest ? 'rest' : 'folder', label, label + where, { bytes, entries, parent, path });
    addFolders(part, children, where);
  }
}

function layerIn(target: PartBuilder, { layer }: Location): PartBuilder | undefined {
  if (layer === undefined) return undefined;
  return target.children.find((part) => part.layer?.index === layer.index && part.layer.digest === layer.digest);
}

function placeIn(target: PartBuilder, location: Location): PartBuilder {
  const layer = location.kind === 'file' ? layerIn(target, location) : undefined;
  const hasFolders = target.children.some(({ kind }) => kind === 'folder' || kind === 'rest');
  if (layer !== undefined) return folderIn(layer, location.path);
  if (location.kind === 'file' && location.visibility === undefined && hasFolders)
    return folderIn(target, location.path);
  const name = placeName(location);
  const known = target.children.find(({ kind, label }) => kind === 'place' && label === name);
  return known ?? newPart('place', name, name, { parent: target });
}

function folderIn(part: PartBuilder, path: string): PartBuilder {
  const inside = part.children.find((child) => {
    return child.kind === 'folder' && (path === child.path || path.startsWith(`${child.path ?? ''}/`));
  });
  if (inside !== undefined) return folderIn(inside, path);
  return part.children.find(({ kind }) => kind === 'rest') ?? part;
}

function placeName({ kind, visibility, layer, path }: Location): string {
  if (kind === 'ecs' || kind === 'ecr') {
    // `task-definition/web:12`, `cluster/prod/service/web`.
    const parts = path.split('/');
    return parts.length < 2
      ? kindWords(kind)
      : `${kindWords(kind)}: ${parts.length > 3 ? (parts[2] ?? '') : (parts[0] ?? '')}`;
  }
  if (visibility === 'unreferenced') return 'used by no image';
  if (kind === 'file' && layer !== undefined) return `layer ${layer.index}`;
  return kind === 'file' ? 'files' : kindWords(kind);
}

function numbered(roots: readonly PartBuilder[]): readonly Part[] {
  const parts: Part[] = [];
  const visit = (part: PartBuilder): void => {
    part.number = parts.length;
    parts.push(part);
    for (const child of part.children) visit(child);
    part.end = parts.length - 1;
  };
  for (const root of roots) visit(root);
  return parts;
}
