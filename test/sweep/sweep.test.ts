import { beforeAll, describe, expect, test } from 'vitest';
import { memoryLedger } from '../../src/ledger/open-ledger.ts';
import { buildImage, type BuiltImage, ociTypes } from '../support/image-builder.ts';
import { jsonBytes } from '../support/image-builder.ts';
import { sha256 } from '../support/layer-builder.ts';
import { SweptRegistry } from '../support/swept-registry.ts';
import { patient } from '../support/patients.ts';
import { sweepAll, type SweptAll } from '../support/sweeping.ts';

const one = patient(501);
const csv = `patient_name,ssn,mrn\n${one.name},${one.ssn},${one.mrn}\n`;
const base = { entries: [{ path: 'usr/lib/base.txt', content: 'nothing of interest\n'.repeat(50) }] };
const seed = { entries: [{ path: 'opt/seed.csv', content: csv }] };
const own = (name: string): { entries: { path: string; content: string }[] } => ({
  entries: [{ path: `srv/${name}`, content: `${name}\n` }],
});
const image = (name: string, ...layers: Parameters<typeof buildImage>[0]['layers']): Promise<BuiltImage> =>
  buildImage({ layers: [base, ...layers, own(name)] });

let clean: BuiltImage;
let seeded: BuiltImage;
let other: BuiltImage;

beforeAll(async () => {
  clean = await image('clean');
  seeded = await image('seeded', seed);
  other = await image('other', seed);
});

function layersOf(...images: readonly BuiltImage[]): ReadonlySet<string> {
  return new Set(images.flatMap(({ layers }) => layers.map(({ digest }) => digest)));
}

/** How often each layer was asked for, configurations left out. */
function askedFor(registry: SweptRegistry, layers: ReadonlySet<string>): readonly string[] {
  return registry.asked.map((key) => key.slice(key.indexOf('@') + 1)).filter((digest) => layers.has(digest));
}

function told({ parts }: SweptAll): unknown {
  return parts.map(({ place, report: { targets, findings, coverage } }) => ({ place, targets, findings, coverage }));
}

describe('a registry', () => {
  test('is read layer by layer, each once, and told image by image', async () => {
    const registry = new SweptRegistry();
    const digests = [
      registry.addImage('app', clean, { tags: ['1', 'latest'] }),
      registry.addImage('app', seeded, { tags: ['2'] }),
      registry.addImage('copy/of/app', seeded, { tags: ['x'] }),
      registry.addImage('copy/of/app', other),
    ];
    const swept = await sweepAll(registry, memoryLedger());
    const layers = layersOf(clean, seeded, other);
    expect([...askedFor(registry, layers)].sort()).toEqual([...layers].sort());
    expect([...swept.images.keys()].sort()).toEqual(
      [`app@${digests[0]}`, `app@${digests[1]}`, `copy/of/app@${digests[2]}`, `copy/of/app@${digests[3]}`].sort(),
    );
    for (const [key, { report }] of swept.images) {
      expect(report.coverage.gaps, key).toEqual([]);
      expect(report.findings.length > 0, key).toBe(key !== `app@${digests[0]}`);
      for (const { location } of report.findings) {
        expect(location).toMatchObject({ path: 'opt/seed.csv', target: `registry.test/${key}`, layer: { index: 1 } });
      }
    }
    expect(swept.totals).toMatchObject({ repositories: 2, images: 4, layers: 5, readLayers: 5, rememberedLayers: 0 });
    expect(JSON.stringify(swept)).not.toContain(one.ssn);
  });

  test('is swept again without a layer or a manifest, to the same report', async () => {
    const registry = new SweptRegistry();
    registry.addImage('app', seeded, { tags: ['2'] });
    registry.addImage('app', other);
    const ledger = memoryLedger();
    const first = await sweepAll(registry, ledger);
    registry.asked.length = registry.manifestsAsked.length = 0;
    const second = await sweepAll(registry, ledger);
    expect(registry.asked).toEqual([]);
    expect(registry.manifestsAsked).toEqual([]);
    expect(told(second)).toEqual(told(first));
    expect(second.totals).toMatchObject({
      images: 2,
      rememberedImages: 2,
      layers: 4,
      rememberedLayers: 4,
      readLayers: 0,
    });
  });

  test('a new image of known layers reads its own layer only', async () => {
    const registry = new SweptRegistry();
    registry.addImage('app', seeded);
    const ledger = memoryLedger();
    await sweepAll(registry, ledger);
    registry.asked.length = 0;
    registry.addImage('app', other);
    await sweepAll(registry, ledger);
    expect(askedFor(registry, layersOf(seeded, other))).toEqual([other.layers[2]?.digest]);
  });

  test('a layer that one repository denies is taken from another', async () => {
    const registry = new SweptRegistry();
    registry.addImage('a', seeded);
    registry.addImage('b', seeded);
    for (const digest of layersOf(seeded)) registry.denied.add(`a@${digest}`);
    const { images } = await sweepAll(registry, memoryLedger());
    for (const { report } of images.values()) {
      expect(report.coverage.complete).toBe(true);
      expect(report.findings.length).toBeGreaterThan(0);
    }
  });

  test('a layer that all deny is a gap of each image, asked for once, and read by the next sweep', async () => {
    const registry = new SweptRegistry();
    registry.addImage('a', seeded);
    registry.addImage('a', other);
    const lost = seeded.layers[1]?.digest ?? '';
    registry.denied.add(`a@${lost}`);
    const ledger = memoryLedger();
    const { images, totals } = await sweepAll(registry, ledger);
    expect(askedFor(registry, new Set([lost]))).toHaveLength(1);
    expect(totals.readLayers).toBe(3);
    for (const { report } of images.values()) {
      expect(report.coverage.gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
      expect(report.coverage.gaps[0]?.detail).toContain('denied');
    }
    registry.denied.clear();
    registry.asked.length = 0;
    const again = await sweepAll(registry, ledger);
    expect(askedFor(registry, layersOf(seeded, other))).toEqual([lost]);
    for (const { report } of again.images.values()) expect(report.coverage.complete).toBe(true);
  });

  test('bytes that are not those of the digest are a gap, and never remembered', async () => {
    const registry = new SweptRegistry();
    registry.addImage('a', seeded);
    const wrong = seeded.layers[1]?.digest ?? '';
    registry.addBlob('a', clean.layers[1]?.stored ?? Buffer.of(), wrong);
    const ledger = memoryLedger();
    const { images } = await sweepAll(registry, ledger);
    for (const { report } of images.values()) {
      expect(report.coverage.gaps.map(({ reason }) => reason)).toEqual(['digest-mismatch']);
    }
    expect(await ledger.known([wrong])).toEqual(new Set());
  });

  test('an index is one image with all its platforms; what it lists is not told twice', async () => {
    const registry = new SweptRegistry();
    const parts = [registry.addImage('app', clean), registry.addImage('app', seeded)];
    const index = registry.addIndex('app', parts, { tags: ['multi'] });
    const named = registry.addImage('app', other, { tags: ['own'] });
    const ledger = memoryLedger();
    const first = await sweepAll(registry, ledger);
    expect([...first.images.keys()].sort()).toEqual([`app@${index}`, `app@${named}`].sort());
    expect(first.images.get(`app@${index}`)?.report.targets).toHaveLength(2);
    const second = await sweepAll(registry, ledger);
    expect(told(second)).toEqual(told(first));
  });

  test('what is about an image, and in no listing, is swept too', async () => {
    const registry = new SweptRegistry();
    const subject = registry.addImage('app', clean);
    const statement = jsonBytes({ predicate: { buildArgs: { patient_ssn: one.ssn, patient_name: one.name } } });
    registry.addBlob('app', statement);
    const config = jsonBytes({});
    registry.addBlob('app', config);
    const manifest = jsonBytes({
      schemaVersion: 2,
      mediaType: ociTypes.manifest,
      artifactType: ociTypes.statement,
      config: { mediaType: ociTypes.empty, digest: sha256(config), size: config.length },
      layers: [{ mediaType: ociTypes.statement, digest: sha256(statement), size: statement.length }],
      subject: { mediaType: ociTypes.manifest, digest: subject, size: 1 },
    });
    const about = registry.addManifest('app', manifest, ociTypes.manifest, undefined);
    registry.addReferrer('app', subject, about);
    const { images } = await sweepAll(registry, memoryLedger());
    expect([...images.keys()].sort()).toEqual([`app@${subject}`, `app@${about}`].sort());
    expect(images.get(`app@${about}`)?.report.findings.length).toBeGreaterThan(0);
    expect(images.get(`app@${about}`)?.report.coverage.gaps).toEqual([]);
    registry.isComplete = true;
    expect([...(await sweepAll(registry, memoryLedger())).images.keys()]).toEqual([`app@${subject}`]);
  });

  test('an archived image, and one whose manifest is denied, are gaps and never clean', async () => {
    const registry = new SweptRegistry();
    const archived = registry.addImage('app', clean, { state: 'archived' });
    const denied = registry.addImage('app', seeded);
    registry.denied.add(`app@${denied}`);
    const { images } = await sweepAll(registry, memoryLedger());
    expect(images.get(`app@${archived}`)?.report.coverage.gaps.map(({ reason }) => reason)).toEqual(['archived']);
    expect(images.get(`app@${denied}`)?.report.coverage.gaps.map(({ reason }) => reason)).toEqual(['unreadable']);
    expect(registry.asked).toEqual([]);
  });
});

describe('a scope', () => {
  test('of repositories and of time leaves out the rest, and what has no time is in it', async () => {
    const registry = new SweptRegistry();
    registry.addImage('other', clean);
    registry.addImage('app', clean, { pushedAt: new Date('2026-01-01') });
    const newer = registry.addImage('app', seeded, { pushedAt: new Date('2026-03-01') });
    const undated = registry.addImage('app', other);
    const scope = { repositories: ['ap*'], since: Date.parse('2026-02-01') };
    const { images, totals } = await sweepAll(registry, memoryLedger(), { scope });
    expect([...images.keys()].sort()).toEqual([`app@${newer}`, `app@${undated}`].sort());
    expect(totals.repositories).toBe(1);
  });

  test('of bytes reads the newest images that there is room for; the others are gaps, and the next sweep goes on', async () => {
    const registry = new SweptRegistry();
    const old = registry.addImage('app', seeded, { pushedAt: new Date('2026-01-01') });
    const young = registry.addImage('app', clean, { pushedAt: new Date('2026-03-01') });
    const maxBytes = clean.layers.reduce((sum, { stored }) => sum + stored.length, 0);
    const ledger = memoryLedger();
    const scope = { repositories: [], maxBytes };
    const first = await sweepAll(registry, ledger, { scope });
    expect(first.images.get(`app@${young}`)?.report.coverage.complete).toBe(true);
    const gaps = first.images.get(`app@${old}`)?.report.coverage.gaps ?? [];
    expect(gaps.map(({ reason }) => reason)).toEqual(['left-out', 'left-out']);
    expect(first.totals.readBytes).toBeLessThanOrEqual(maxBytes);
    for (let sweeps = 0; sweeps < 2; sweeps++)
      await sweepAll(registry, ledger, { scope: { repositories: [], maxBytes: 100_000 } });
    const last = await sweepAll(registry, ledger, { scope });
    expect(last.images.get(`app@${old}`)?.report.coverage.complete).toBe(true);
  });

  test('of time ends the reading, and what was read before is told', async () => {
    const registry = new SweptRegistry();
    registry.addImage('app', seeded, { pushedAt: new Date('2026-03-01') });
    registry.addImage('app', clean, { pushedAt: new Date('2026-01-01') });
    let scope = { repositories: [], deadline: Date.now() + 3_600_000 };
    const last = clean.layers[1]?.digest;
    registry.onBlob = (digest) => {
      if (digest === last) Object.assign(scope, { deadline: Date.now() - 1 });
    };
    scope = { ...scope };
    const { images, totals } = await sweepAll(registry, memoryLedger(), { scope, jobs: 1 });
    expect(totals.readLayers).toBe(3);
    const reasons = [...images.values()].map(({ report }) => report.coverage.gaps.map(({ reason }) => reason));
    expect(reasons.sort()).toEqual([[], ['left-out']]);
  });

  test('a deadline that has passed reads nothing and says so', async () => {
    const registry = new SweptRegistry();
    registry.addImage('app', seeded);
    const { parts } = await sweepAll(registry, memoryLedger(), { scope: { repositories: [], deadline: 1 } });
    expect(registry.asked).toEqual([]);
    expect(parts.flatMap(({ report }) => report.coverage.gaps.map(({ reason }) => reason))).toContain('left-out');
  });
});

test('a signal ends the sweep with what was read, and the rest as interrupted', async () => {
  const registry = new SweptRegistry();
  registry.addImage('app', seeded);
  registry.addImage('app', clean);
  const abort = new AbortController();
  registry.onBlob = () => {
    if (registry.asked.length === 2) abort.abort();
  };
  const { images } = await sweepAll(registry, memoryLedger(), { signal: abort.signal, jobs: 1 });
  expect(images.size).toBe(2);
  const reasons = [...images.values()].flatMap(({ report }) => report.coverage.gaps.map(({ reason }) => reason));
  expect(new Set(reasons)).toEqual(new Set(['interrupted']));
});

test('texts of the registry and of its repositories are scanned, names and tags among them', async () => {
  const registry = new SweptRegistry();
  registry.addImage(`mrn-${one.ssn}`, clean, { tags: ['v1'] });
  registry.addImage('app', seeded, { tags: [`patient-ssn-${one.ssn}`] });
  registry.addText('app', { name: 'description', json: { text: `for patient ${one.name}, SSN ${one.ssn}` } });
  registry.addText('', { name: 'registry-policy', json: { Sid: `ssn ${one.ssn}` } });
  const swept = await sweepAll(registry, memoryLedger());
  const texts = swept.parts.filter(({ place }) => place.digest === '');
  expect(texts).toHaveLength(3);
  for (const { report } of texts) expect(report.findings.length).toBeGreaterThan(0);
  for (const { location } of texts.flatMap(({ report }) => report.findings)) expect(location.kind).toBe('ecr');
  expect(JSON.stringify(swept)).not.toContain(one.ssn);
});
