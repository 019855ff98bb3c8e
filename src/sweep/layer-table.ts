import type { Ledger } from '../ledger/ledger.ts';
import type { NamedLayer } from './image-manifests.ts';
import type { LayerJob } from './layer-job.ts';
import type { LayerCount } from './plan.ts';
import { remoteLimits } from '../remote-limits.ts';

interface Row {
  readonly layer: NamedLayer;
  readonly repositories: Set<string>;
}

/** The unique layers of all images of a registry, in the order in which they were added. */
export class LayerTable {
  readonly #rows = new Map<string, Row>();

  add(layer: NamedLayer, repository: string): void {
    const row = this.#rows.get(layer.digest);
    if (row === undefined) this.#rows.set(layer.digest, { layer, repositories: new Set([repository]) });
    else if (row.repositories.size < remoteLimits.layerRepositories) row.repositories.add(repository);
  }

  get total(): LayerCount {
    return countOf([...this.#rows.values()]);
  }

  async divide(
    registry: string,
    ledger: Ledger,
  ): Promise<{ readonly jobs: LayerJob[]; readonly remembered: LayerCount }> {
    const known = await ledger.known(this.#rows.keys());
    const rows = [...this.#rows.values()];
    const jobs = rows
      .filter(({ layer }) => !known.has(layer.digest))
      .map(({ layer: { digest, size, mediaType }, repositories }): LayerJob => {
        return { registry, digest, size: size ?? null, mediaType, repositories: [...repositories] };
      });
    return { jobs, remembered: countOf(rows.filter(({ layer }) => known.has(layer.digest))) };
  }
}

function countOf(rows: readonly Row[]): LayerCount {
  return { layers: rows.length, bytes: rows.reduce((sum, { layer }) => sum + (layer.size ?? 0), 0) };
}
