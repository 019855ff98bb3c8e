/** Findings of a sweep for Security Hub: in a file, or sent. */
import { ScanError } from '../../errors.ts';
import type { SweptPart } from '../../finding.ts';
import type { FindingImport } from '../../aws/securityhub/import.ts';
import { asffFindings } from '../../report/asff.ts';
import { printableJson } from '../../report/printable.ts';
import { counted } from '../../report/units.ts';
import { WholeFile } from '../output.ts';
import type { PartSink } from './sweep-told.ts';

const now = (): string => new Date().toISOString();

/** A JSON array that grows as images are ready, and has its name when it is whole. */
export class AsffFile implements PartSink {
  readonly #file: string;
  #whole: WholeFile | undefined;
  #isFirst = true;

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws ScanError before a long sweep, rather than after it. */
  async open(): Promise<void> {
    this.#whole = await WholeFile.open(this.#file);
    await this.#whole.append('[');
  }

  async add(part: SweptPart): Promise<void> {
    const findings = asffFindings(part, now());
    if (findings.length === 0) return;
    if (part.place.account === '') {
      throw new ScanError('usage', 'findings are of no AWS account (--format asff). Give another format');
    }
    const lines = findings.map((finding) => printableJson(JSON.stringify(finding))).join(',\n');
    await this.#whole?.append(`${this.#isFirst ? '' : ','}\n${lines}`);
    this.#isFirst = false;
  }

  async finish(): Promise<void> {
    await this.#whole?.append('\n]\n');
    await this.#whole?.finish();
  }

  async close(): Promise<void> {
    await this.#whole?.discard();
  }
}

/** Each account and Region has a Security Hub of its own, which takes findings of that account. */
export class HubSink implements PartSink {
  readonly #hubs = new Map<string, FindingImport>();

  /** Before the parts of that account and Region. */
  use(account: string, region: string, hub: FindingImport): void {
    this.#hubs.set(`${account} ${region}`, hub);
  }

  async add(part: SweptPart): Promise<void> {
    const { account, region } = part.place;
    await this.#hubs.get(`${account} ${region}`)?.add(asffFindings(part, now()));
  }

  /** Gives how many findings were refused. */
  async finish(say: (text: string) => void): Promise<number> {
    let refused = 0;
    for (const [where, hub] of this.#hubs) {
      const result = await hub.finish();
      refused += result.refused;
      const reasons = [...result.reasons].map(([reason, count]) => `${reason} ${count}`).join(', ');
      const words = result.refused === 0 ? '' : `, ${counted(result.refused, 'finding')} refused (${reasons})`;
      say(`Security Hub of ${where}: ${counted(result.imported, 'finding')} imported${words}`);
    }
    return refused;
  }
}
