import type { FolderSize } from '../../target.ts';

/** Smaller ones are drawn with the rest of the folder that they are in: they could neither be read nor hit. */
const SMALLEST_SHARE = 0.003;

export interface FolderPart extends FolderSize {
  /** What is in the folder, and in none of the folders beside this part. */
  readonly isRest: boolean;
  /** Together as large as the folder; or none. */
  readonly children: readonly FolderPart[];
}

/** Folders as they lie in each other, those beneath the root first; `wholeBytes`: of the picture that they are a part of. */
export function folderParts(folders: readonly FolderSize[], wholeBytes: number): readonly FolderPart[] {
  const root = folders.find(({ path }) => path === '');
  if (root === undefined) return [];
  const drawn = new Set(
    folders.filter(({ path, bytes }) => path !== '' && bytes >= wholeBytes * SMALLEST_SHARE).map(({ path }) => path),
  );
  const inside = new Map<string, FolderSize[]>();
  for (const folder of folders) {
    if (!drawn.has(folder.path)) continue;
    const parent = drawnAbove(folder.path, drawn);
    const beside = inside.get(parent);
    if (beside === undefined) inside.set(parent, [folder]);
    else beside.push(folder);
  }
  return partsIn(root, inside);
}

function partsIn(folder: FolderSize, inside: ReadonlyMap<string, readonly FolderSize[]>): readonly FolderPart[] {
  const children = inside.get(folder.path) ?? [];
  if (children.length === 0) return [];
  const parts = children.map((child): FolderPart => ({ ...child, isRest: false, children: partsIn(child, inside) }));
  const bytes = Math.max(0, folder.bytes - sum(children.map((child) => child.bytes)));
  const entries = Math.max(0, folder.entries - sum(children.map((child) => child.entries)));
  // Without bytes it is drawn nowhere, and is still where findings may be.
  return entries === 0 ? parts : [...parts, { path: folder.path, bytes, entries, isRest: true, children: [] }];
}

function drawnAbove(path: string, drawn: ReadonlySet<string>): string {
  let above = path;
  do above = above.slice(0, Math.max(0, above.lastIndexOf('/')));
  while (above !== '' && !drawn.has(above));
  return above;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
