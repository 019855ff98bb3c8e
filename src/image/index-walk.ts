import { limits } from '../limits.ts';
import type { DocumentBlob, SourceBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim, IndexGroup, OnGap } from './claim.ts';
import type { Descriptor } from './descriptor.ts';
import { isImageType, readDescriptor, subjectOf } from './descriptor.ts';
import { memberOf, textOf } from './json.ts';
import { describedClaim, isAmbiguous, readCacheIndex, readManifest, readSchema1, shapeOf } from './manifest.ts';
import { isUnknownPlatform } from './platform.ts';
import { verifyStored } from './verify.ts';

/** What was read on the way from index.json to its manifests. */
export interface IndexWalk {
  readonly claims: readonly ImageClaim[];
  readonly groups: readonly IndexGroup[];
  /** Nested ones too. */
  readonly indexes: readonly DocumentBlob[];
}

interface IndexNode {
  readonly document: DocumentBlob;
  /** Of this index, given by the entries that name it. Shared with all claims below. */
  readonly names: Set<string>;
  readonly above: IndexNode | undefined;
  readonly tagged: boolean;
  readonly groups: Map<string, IndexGroup>;
}

/**
 * Reads every index once, however many entries lead to it (indexes that share children would otherwise grow like
 * n^depth). Without `tag` every entry is meant; with one, only the entries of index.json with that name.
 */
export function walkIndexes(table: BlobTable, tag: string | undefined, onGap: OnGap): IndexWalk {
  const walker = new IndexWalker(table, onGap);
  const roots = table.documentsNamed('index.json');
  // Tagged entries first: an index that both kinds of entries lead to is wanted.
  for (const tagged of tag === undefined ? [true] : [true, false]) {
    for (const root of roots) {
      walker.walkRoot(root, tagged, (entry) => tag === undefined || hasTag(entry, tag) === tagged);
    }
  }
  return walker.finish();
}

class IndexWalker {
  readonly #table: BlobTable;
  readonly #onGap: OnGap;
  readonly #nodes = new Map<SourceBlob, IndexNode>();
  readonly #claims = new Map<SourceBlob, { claim: ImageClaim; names: Set<string> }>();
  readonly #groups: IndexGroup[] = [];
  readonly #ambiguous = new Set<SourceBlob>();

  constructor(table: BlobTable, onGap: OnGap) {
    this.#table = table;
    this.#onGap = onGap;
  }

  walkRoot(document: DocumentBlob, tagged: boolean, isMeant: (entry: Descriptor) => boolean): void {
    const known = this.#nodes.get(document);
    if (known === undefined && shapeOf(document.json) !== 'index') {
      this.#onGap({ reason: 'corrupt', detail: 'index.json holds no list of manifests', blobName: document.name });
    }
    const node = {
      document,
      names: new Set<string>(),
      above: undefined,
      tagged,
      groups: known?.groups ?? new Map<string, IndexGroup>(),
    };
    this.#nodes.set(document, known ?? node);
    this.#walk(node, isMeant, known === undefined);
  }

  finish(): IndexWalk {
    const indexes = [...this.#nodes.keys()].filter((blob) => blob.kind === 'document');
    return { claims: [...this.#claims.values()].map(({ claim }) => claim), groups: this.#groups, indexes };
  }

  #walk(node: IndexNode, isMeant: (entry: Descriptor) => boolean, isFirst: boolean): void {
    if (isAmbiguous(node.document.json)) this.#readAmbiguous(node);
    for (const value of this.#table.listOf(memberOf(node.document.json, 'manifests'))) {
      const entry = readDescriptor(value);
      if (entry === undefined) {
        const detail = 'an entry of an index has no digest';
        if (isFirst) this.#onGap({ reason: 'corrupt', detail, blobName: node.document.name });
      } else if (isMeant(entry)) this.#visit(entry, node);
    }
  }

  #visit(entry: Descriptor, node: IndexNode): void {
    const name = nameOf(entry);
    const claimed = describedClaim(entry, this.#table);
    const blob = claimed.blob;
    if (blob === undefined) {
      const { digest, platform } = entry;
      this.#groupOf(node, name).absent.push({ digest, platform, tagged: node.tagged, subject: subjectOf(entry) });
      return;
    }
    const shape = blob.kind === 'document' ? shapeOf(blob.json) : 'other';
    if (blob.kind !== 'document' || shape === 'other') this.#reportOther(entry, blob);
    else if (shape === 'index') this.#enter(blob, claimed, name, node);
    else this.#addManifest(blob, claimed, entry, node, shape);
  }

  #enter(document: DocumentBlob, claimed: BlobClaim, name: string, above: IndexNode): void {
    const known = this.#nodes.get(document);
    if (known !== undefined) {
      if (isBelow(above, document)) {
        this.#onGap({ reason: 'corrupt', detail: 'an index contains itself', blobName: document.name });
      } else addName(known.names, name);
      return;
    }
    const depth = depthOf(above);
    if (depth > limits.indexDepth) {
      const detail = `an index below ${String(limits.indexDepth)} others is not followed`;
      this.#onGap({ reason: 'depth-limit', detail, blobName: document.name });
      return;
    }
    if (this.#addCache(document, claimed, name, above)) return;
    verifyStored(claimed, 'an index', this.#onGap);
    const node: IndexNode = { document, names: namesOf(name), above, tagged: above.tagged, groups: new Map() };
    this.#nodes.set(document, node);
    this.#walk(node, () => true, true);
  }

  /** False for any other index. */
  #addCache(document: DocumentBlob, claimed: BlobClaim, name: string, above: IndexNode): boolean {
    const known = this.#claims.get(document);
    if (known !== undefined) {
      addName(known.names, name);
      return true;
    }
    const names = namesOf(name);
    const chain = chainOf(above);
    const place = {
      names: [names, ...chain.map((node) => node.names)],
      tagged: above.tagged,
      platform: undefined,
      documents: chain.map((node) => node.document),
    };
    const claim = readCacheIndex(document, claimed, place, this.#table);
    if (claim === undefined) return false;
    this.#claims.set(document, { claim, names });
    this.#groupOf(above, name).present.add(claim);
    return true;
  }

  #addManifest(
    document: DocumentBlob,
    claimed: BlobClaim,
    entry: Descriptor,
    node: IndexNode,
    shape: 'manifest' | 'schema1',
  ): void {
    const group = this.#groupOf(node, nameOf(entry));
    const known = this.#claims.get(document);
    if (known !== undefined) {
      addName(known.names, nameOf(entry));
      group.present.add(known.claim);
      return;
    }
    const names = namesOf(nameOf(entry));
    const chain = chainOf(node);
    const place = {
      names: [names, ...chain.map((above) => above.names)],
      tagged: node.tagged,
      platform: entry.platform !== undefined && isUnknownPlatform(entry.platform) ? undefined : entry.platform,
      documents: chain.map((above) => above.document),
    };
    const read =
      shape === 'schema1'
        ? readSchema1(document, claimed, place, this.#table)
        : readManifest(document, claimed, place, this.#table, this.#onGap);
    const claim = { ...read, subject: subjectOf(entry) ?? read.subject };
    this.#claims.set(document, { claim, names });
    group.present.add(claim);
  }

  /** Both readings are taken: the entries by the walk, the layers here. */
  #readAmbiguous(node: IndexNode): void {
    const { document, names, tagged } = node;
    if (this.#ambiguous.has(document)) return;
    this.#ambiguous.add(document);
    const detail = 'a document is an index and a manifest at once';
    this.#onGap({ reason: 'ambiguous', detail, blobName: document.name });
    const { digest, size } = document;
    const claimed: BlobClaim = { digest, size, mediaType: '', blob: document, by: 'descriptor' };
    const place = { names: [names], tagged, platform: undefined, documents: [document] };
    const claim = readManifest(document, claimed, place, this.#table, this.#onGap);
    this.#claims.set(document, { claim, names });
  }

  /** An index may name anything; only what it calls an image must be one. */
  #reportOther({ mediaType }: Descriptor, blob: SourceBlob): void {
    if (blob.isBroken || !isImageType(mediaType)) return;
    this.#onGap({ reason: 'corrupt', detail: 'an entry of an index is no manifest', blobName: blob.name });
  }

  #groupOf(node: IndexNode, name: string): IndexGroup {
    const known = node.groups.get(name);
    if (known !== undefined) return known;
    const group: IndexGroup = { present: new Set(), absent: [] };
    node.groups.set(name, group);
    this.#groups.push(group);
    return group;
  }
}

function nameOf({ annotations }: Descriptor): string {
  const full = textOf(memberOf(annotations, 'io.containerd.image.name'));
  return full === '' ? textOf(memberOf(annotations, 'org.opencontainers.image.ref.name')) : full;
}

/** As skopeo takes a tag: the whole ref.name; or the tag of a full name. */
function hasTag({ annotations }: Descriptor, tag: string): boolean {
  const full = textOf(memberOf(annotations, 'io.containerd.image.name'));
  return textOf(memberOf(annotations, 'org.opencontainers.image.ref.name')) === tag || full === tag;
}

function namesOf(name: string): Set<string> {
  return new Set(name === '' ? [] : [name]);
}

function addName(names: Set<string>, name: string): void {
  if (name !== '') names.add(name);
}

/** The node and all above it. */
function chainOf(node: IndexNode): IndexNode[] {
  const chain: IndexNode[] = [];
  for (let at: IndexNode | undefined = node; at !== undefined; at = at.above) chain.push(at);
  return chain;
}

function depthOf(node: IndexNode): number {
  return chainOf(node).length;
}

function isBelow(node: IndexNode, document: DocumentBlob): boolean {
  return chainOf(node).some((above) => above.document === document);
}
