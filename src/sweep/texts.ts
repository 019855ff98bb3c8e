/** What a registry itself says: names, tags, descriptions, policies. Each text is a document that is scanned like any other. */

import { documentFindings } from '../aws/document-findings.ts';
import type { Engine } from '../engine/engine.ts';
import { ScanError } from '../errors.ts';
import type { EntryGap, Finding } from '../finding.ts';
import type { ListedText, RegistryListing } from '../registry/registry-listing.ts';
import type { Attributed } from '../scan/attribute.ts';
import { attributeResources } from '../scan/located.ts';
import { Tally } from '../scan/tally.ts';
import type { Problem } from '../unpack/chunks.ts';

export interface TextRequest {
  readonly listing: RegistryListing;
  readonly engine: Engine;
  readonly stopped: () => Problem | undefined;
  readonly host: string;
  /** Undefined: those of the registry itself. */
  readonly repository: string | undefined;
  /** Of its images, which are texts of the repository, too. */
  readonly tags: readonly string[];
  /** Of the listing, told here; asked for when all texts were read. */
  readonly gaps: () => readonly EntryGap[];
}

export async function registryTexts(request: TextRequest): Promise<Attributed> {
  const { listing, engine, stopped, host, repository, tags, gaps } = request;
  const target = engine.maskText(repository === undefined ? host : `${host}/${repository}`);
  const tally = new Tally(engine);
  const findings: Finding[] = [];
  const scan = ({ name, json, surface }: ListedText): void => {
    const bytes = Buffer.from(JSON.stringify(json ?? null));
    tally.bytes += bytes.length;
    tally.entries += 1;
    const own = new Tally(engine);
    own.add(documentFindings(engine, name, bytes), name);
    own.close();
    const located = attributeResources('ecr', target, own, surface);
    findings.push(...located.findings);
    for (const gap of own.gaps) tally.gap(gap);
  };
  try {
    for await (const text of listing.texts(repository)) {
      scan(text);
      const problem = stopped();
      if (problem === undefined) continue;
      tally.problem({ ...problem, detail: 'further texts of the registry' }, '');
      break;
    }
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    tally.problem({ reason: 'unreadable', detail: error.message }, '');
  }
  // Where a registry tells nothing of a repository, its names are still texts.
  if (repository !== undefined && tally.entries === 0) {
    scan({ name: `repository/${repository}`, json: { repositoryName: repository, imageTags: tags } });
  }
  for (const { path, ...problem } of gaps()) tally.problem(problem, path);
  tally.close();
  const { bytes, entries } = tally;
  const told = { reference: target, source: 'texts of the registry', digest: '', platform: '', layers: [] };
  const { gaps: located } = attributeResources('ecr', target, tally);
  return { targets: [told], findings, gaps: located, bytes, entries };
}
