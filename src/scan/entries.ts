/** From the bytes of an entry to findings, through any containers inside it. */

import type { OwnedFilesBuilder } from '../image/owned-files.ts';
import type { LayerTreeBuilder } from '../image/tree.ts';
import type { Chunks, OnAside, Problem } from '../unpack/chunks.ts';
import { readAr } from '../unpack/ar.ts';
import { type Container, containerOf, SNIFF_BYTES } from '../unpack/container.ts';
import { decompress } from '../unpack/decompress.ts';
import { peek, startingWith } from '../unpack/peek.ts';
import type { Compression } from '../unpack/magic.ts';
import { TarReader } from '../unpack/tar.ts';
import { storedRuns, TarHoles } from '../unpack/tar-holes.ts';
import { readZip } from '../unpack/zip.ts';
import { AsideScan } from './aside.ts';
import { Budget, BudgetExceeded, metered, unpackedOf } from './budget.ts';
import type { FolderSizes } from './folder-sizes.ts';
import type { HandedEntries } from './handed-entries.ts';
import { hold } from './hold.ts';
import { LayerEntry } from './layer-entry.ts';
import { scanLeaf, scanWhole } from './leaf.ts';
import { NameScan } from './names.ts';
import { OfficeParts } from './office-parts.ts';
import { OUTSIDE, type Place, placeOf, shortened, unpackedName } from './place.ts';
import { scanPdf } from './pdf.ts';
import type { Tally } from './tally.ts';

/** What is kept of a layer beside its findings. */
export interface LayerIndex {
  /** The entries' names, for visibility. */
  readonly tree: LayerTreeBuilder;
  readonly owned: OwnedFilesBuilder;
  readonly folders: FolderSizes;
  readonly handed: HandedEntries;
}

export async function scanLayerTar(chunks: Chunks, tally: Tally, index: LayerIndex): Promise<void> {
  const names = new NameScan(tally);
  await scanTar(chunks, tally, names, { ...OUTSIDE, path: '', entryPath: '' }, index);
  await index.handed.finish();
  names.flush();
}

/** Scans one file that stands alone; `size` in bytes, where it is known. */
export async function scanFile(path: string, chunks: Chunks, tally: Tally, size?: number): Promise<void> {
  const names = new NameScan(tally);
  names.add(path, 'name', path, path);
  tally.entries += 1;
  await scanEntry(count(chunks, tally), tally, names, { ...OUTSIDE, path, entryPath: path, size });
  names.flush();
}

async function* count(chunks: Chunks, tally: Tally): Chunks {
  for await (const chunk of chunks) {
    tally.bytes += chunk.length;
    yield chunk;
  }
}

async function scanTar(
  chunks: Chunks,
  tally: Tally,
  names: NameScan,
  within: Place,
  index?: LayerIndex,
): Promise<void> {
  const tar = new TarReader(chunks, (problem) => {
    tally.problem(problem, within.path);
  });
  const holes = new TarHoles();
  try {
    for (;;) {
      const entry = tar.header();
      if (entry === undefined) {
        await tar.fill();
        continue;
      }
      if (entry === null) return;
      const place = placeOf(entry, within);
      names.member(entry.path, entry, place.path, place.entryPath);
      within.budget?.entry();
      if (index !== undefined) {
        index.tree.add(entry.path, entry.type);
        index.folders.add(place.path, entry.storedSize);
        tally.entries += 1;
      }
      if (entry.storedSize === 0) continue;
      // Most entries lie whole in the buffer: no promise and no copy for them.
      const run = tar.body();
      const layerEntry = index && new LayerEntry(entry, place.entryPath, tally, index.owned);
      const isWhole = run?.length === entry.size;
      const handed =
        run && layerEntry?.isDatabase === false && isForHelpers(run, isWhole, place, index) ? index?.handed : undefined;
      if (!holes.allows(entry)) {
        await scanLeaf(startingWith(run, storedRuns(tar)), tally, place);
      } else if (isWhole && handed?.take(run, place) === true) {
        continue;
      } else if (isWhole && scanWhole(run, tally, place)) {
        layerEntry?.scannedWhole(run);
      } else {
        const chunks = startingWith(run, tar.bodyChunks());
        if ((await handed?.takeStream(chunks, place)) === true) continue;
        await scanEntry(layerEntry?.passing(chunks) ?? chunks, tally, names, place);
        layerEntry?.scanned();
      }
    }
  } finally {
    await tar.close();
  }
}

/** Whether there are helpers for the entry, which surely holds no others, by its first bytes. */
function isForHelpers(run: Buffer, isWhole: boolean, { path }: Place, index: LayerIndex | undefined): boolean {
  if (index?.handed.isHelped !== true) return false;
  return (isWhole || run.length >= SNIFF_BYTES) && containerOf(run, path) === undefined;
}

async function scanEntry(chunks: Chunks, tally: Tally, names: NameScan, place: Place): Promise<void> {
  const { head, all } = await peek(chunks, SNIFF_BYTES);
  const container = containerOf(head, place.path);
  if (container === undefined) {
    await scanLeaf(all, tally, place);
  } else if (place.depth >= tally.limits.nestedDepth) {
    tally.problem(
      { reason: 'depth-limit', detail: `more than ${tally.limits.nestedDepth} containers deep` },
      place.path,
    );
    await scanLeaf(all, tally, place);
  } else if (place.budget !== undefined) {
    await scanContainer(container, all, tally, names, place, place.budget);
  } else {
    await scanOutermost(container, all, tally, names, place);
  }
}

/** A bound that is hit ends this container; the rest of the layer goes on. */
async function scanOutermost(
  container: Container,
  chunks: Chunks,
  tally: Tally,
  names: NameScan,
  place: Place,
): Promise<void> {
  const budget = new Budget(tally.limits);
  try {
    await scanContainer(container, metered(chunks, budget), tally, names, place, budget);
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    tally.problem({ reason: error.reason, detail: error.message }, place.path);
  }
}

async function scanContainer(
  container: Container,
  chunks: Chunks,
  tally: Tally,
  names: NameScan,
  place: Place,
  budget: Budget,
): Promise<void> {
  const inside: Place = { ...place, depth: place.depth + 1, budget };
  switch (container.kind) {
    case 'tar':
      return scanTar(unpackedOf(chunks, budget), tally, names, inside);
    case 'ar':
      return scanAr(unpackedOf(chunks, budget), tally, names, inside, budget);
    case 'zip':
      return scanZip(chunks, tally, names, inside, budget);
    case 'pdf':
      return scanPdf(chunks, tally, inside, budget);
    case 'compressed':
      return scanCompressed(container.compression, chunks, tally, names, inside, budget);
    case 'unread':
      tally.problem({ reason: 'unsupported', detail: `${container.format} is not unpacked` }, place.path);
      return scanLeaf(chunks, tally, place);
  }
}

async function scanAr(chunks: Chunks, tally: Tally, names: NameScan, inside: Place, budget: Budget): Promise<void> {
  const onProblem = (problem: Problem): void => {
    tally.problem(problem, inside.path);
  };
  for await (const member of readAr(chunks, onProblem)) {
    budget.entry();
    const path = `${inside.path}!${member.path}`;
    names.add(path, 'name', member.path, inside.entryPath);
    for (const [key, value] of member.metadata) names.add(path, key, value, inside.entryPath);
    await scanEntry(member.chunks, tally, names, { ...inside, path, size: member.size });
  }
}

/** The stored bytes are scanned beside, and count when they could not all be unpacked: bad magic is not a hiding place. */
async function scanCompressed(
  compression: Compression,
  chunks: Chunks,
  tally: Tally,
  names: NameScan,
  inside: Place,
  budget: Budget,
): Promise<void> {
  const raw = tally.engine.open(inside.path);
  const problems: Problem[] = [];
  async function* stored(): Chunks {
    for await (const chunk of chunks) {
      raw.write(chunk);
      yield chunk;
    }
  }
  const aside = new AsideScan(tally, inside.path);
  const onAside: OnAside = (bytes) => {
    budget.unpacked(bytes.length);
    aside.write(bytes);
  };
  let { path } = inside;
  const onProblem = (problem: Problem): void => {
    problems.push(problem);
    tally.cause(problem, inside.path);
    tally.cut(path);
  };
  const unpacked = decompress(compression, stored(), onProblem, onAside);
  let isWhole = false;
  try {
    const { head, all } = await peek(unpackedOf(unpacked, budget), SNIFF_BYTES);
    path =
      containerOf(head, inside.path.replace(/\.\w+$/, ''))?.kind === 'tar'
        ? inside.path
        : `${inside.path}!${unpackedName(inside.path)}`;
    if (problems.length > 0) tally.cut(path);
    await scanEntry(all, tally, names, { ...inside, path, size: undefined });
    isWhole = problems.length === 0;
  } finally {
    aside.end(inside.entryPath);
    const found = raw.end();
    if (!isWhole) tally.add(found, inside.entryPath);
  }
}

/** A zip's directory is at its end, so it is held in memory; a larger one is scanned as raw bytes. */
async function scanZip(chunks: Chunks, tally: Tally, names: NameScan, inside: Place, budget: Budget): Promise<void> {
  const { room } = budget;
  const held = await hold(chunks, inside.size, room);
  if (!held.fits) {
    const around = room < tally.limits.heldBytes ? ', inside others that are held' : '';
    tally.problem({ reason: 'byte-limit', detail: `a zip of more than ${room} bytes${around}` }, inside.path);
    return scanLeaf(held.all, tally, inside);
  }
  const { whole } = held;
  budget.hold(whole.length);
  try {
    if (!(await scanMembers(whole, tally, names, inside, budget))) {
      tally.add(tally.engine.scan(inside.path, whole), inside.entryPath);
    }
  } finally {
    budget.hold(-whole.length);
  }
}

/** False when something in the zip could not be read. */
async function scanMembers(
  zip: Buffer,
  tally: Tally,
  names: NameScan,
  inside: Place,
  budget: Budget,
): Promise<boolean> {
  let broken = false;
  let path = inside.path;
  const onProblem = (problem: Problem): void => {
    broken ||= problem.reason !== 'encrypted';
    tally.problem(problem, path);
  };
  const office = new OfficeParts(budget);
  for await (const member of readZip(zip, onProblem)) {
    budget.entry();
    path = shortened(`${inside.path}!${member.path}`);
    names.add(path, 'name', member.path, inside.entryPath);
    for (const [key, value] of member.metadata) names.add(path, key, value, inside.entryPath);
    const size = Number.isNaN(member.size) ? undefined : member.size;
    const place: Place = { ...inside, path, size };
    if (office.wants(member.path)) {
      const rest = await office.take(member.path, unpackedOf(member.open(), budget), place);
      if (rest !== undefined) await scanEntry(rest, tally, names, place);
    } else {
      const content = member.whole();
      if (content !== undefined) budget.unpacked(content.length);
      if (content === undefined || !scanWhole(content, tally, place)) {
        await scanEntry(unpackedOf(member.open(), budget), tally, names, place);
      }
    }
    path = inside.path;
  }
  office.finish(tally, inside.path, inside.entryPath, ({ bytes, place }) => {
    tally.add(tally.engine.scan(place.path, bytes), place.entryPath);
  });
  return !broken;
}
