/** What the digest of stored bytes takes of the time of a whole scan; measured, where nothing is compressed. */
const DIGEST_SHARE = 0.2;

/**
 * Which ranges another thread should hash than the one that scans them, so that the threads end at the same time: indexes into
 * `lengths`, which fall, and are taken in this order.
 */
export function digestsApart(lengths: readonly number[], threads: number): ReadonlySet<number> {
  const loads = Array.from({ length: threads }, () => ({ bytes: 0, scans: [] as number[] }));
  for (const [index, length] of lengths.entries()) {
    const lightest = loads.reduce((least, load) => (load.bytes < least.bytes ? load : least));
    lightest.bytes += length;
    lightest.scans.push(index);
  }
  const apart = new Set<number>();
  for (;;) {
    const heaviest = loads.reduce((most, load) => (load.bytes > most.bytes ? load : most));
    const lightest = loads.reduce((least, load) => (load.bytes < least.bytes ? load : least));
    const index = heaviest.scans.pop();
    if (index === undefined) return apart;
    const digest = DIGEST_SHARE * (lengths[index] ?? 0);
    if (lightest.bytes + digest >= heaviest.bytes) return apart;
    heaviest.bytes -= digest;
    lightest.bytes += digest;
    apart.add(index);
  }
}
