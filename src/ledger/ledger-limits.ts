/** Bounds of the ledger itself. None changes what is found, so that none is part of a ledger's scope. */

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

type LedgerLimitName = 'memoryBytes' | 'fileBytes' | 'waitMs';

export const ledgerLimits: Readonly<Record<LedgerLimitName, number>> = {
  /** Results of layers that are remembered in memory, where no file is: a Debian layer takes 0.1 MB. No gap: what was asked for
   * longest ago is scanned again. */
  memoryBytes: 256 * MiB,

  /** The file of results, in bytes: ten thousand Debian layers. No gap: what was asked for longest ago is forgotten. */
  fileBytes: 1 * GiB,

  /** How long a process waits for others that write into the ledger, in milliseconds; one writes for some milliseconds. No gap:
   * then it scans without the ledger, and says so. */
  waitMs: 10_000,
};
