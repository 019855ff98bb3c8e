import { arrayOf, memberOf, textOf } from '../../image/json.ts';
import { CallFailure } from '../failure.ts';
import type { SecurityHub, SecurityHubInputs } from './client.ts';

/** One finding in the AWS Security Finding Format. */
export type HubFinding = NonNullable<SecurityHubInputs['BatchImportFindings']['Findings']>[number];

/** Most of one call, by number and by what the SDK sends (BatchImportFindings; a finding has at most 240 kB, a call 6 MB). */
const MOST_FINDINGS = 100;
const MOST_BYTES = 5_000_000;

export interface Imported {
  readonly imported: number;
  readonly refused: number;
  /** By AWS's own names, with how many findings each refused: `InvalidInput`, `AccessDeniedException`. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** Sends findings as they come, a hundred at a time; what is refused is counted, and the others go on. */
export class FindingImport {
  readonly #hub: SecurityHub;
  #batch: HubFinding[] = [];
  #bytes = 0;
  #imported = 0;
  #refused = 0;
  readonly #reasons = new Map<string, number>();

  constructor(hub: SecurityHub) {
    this.#hub = hub;
  }

  async add(findings: readonly HubFinding[]): Promise<void> {
    for (const finding of findings) {
      const bytes = Buffer.byteLength(JSON.stringify(finding));
      while (this.#batch.length === MOST_FINDINGS || (this.#batch.length > 0 && this.#bytes + bytes > MOST_BYTES))
        await this.#send();
      this.#batch.push(finding);
      this.#bytes += bytes;
    }
  }

  /** Sends what is left. */
  async finish(): Promise<Imported> {
    await this.#send();
    return { imported: this.#imported, refused: this.#refused, reasons: this.#reasons };
  }

  /** Calls of `add` may run side by side: a batch is taken before anything is awaited. */
  async #send(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    try {
      const answer = await this.#hub.ask('BatchImportFindings', { Findings: batch });
      const failed = arrayOf(memberOf(answer, 'FailedFindings'));
      // The message may repeat the finding; its code is AWS's own word.
      for (const each of failed) this.#refuse(codeOf(textOf(memberOf(each, 'ErrorCode'))), 1);
      this.#imported += Math.max(0, batch.length - failed.length);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.#refuse(error.reason, batch.length);
    }
  }

  #refuse(reason: string, count: number): void {
    this.#refused += count;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + count);
  }
}

function codeOf(code: string): string {
  return /^[A-Za-z]{1,60}$/.test(code) ? code : 'Error';
}
