/** Findings of a sweep for Security Hub: in a file, or sent. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { ScanError } from '../../errors.ts';
import type { SweptPart } from '../../finding.ts';
import type { FindingImport } from '../../aws/securityhub/import.ts';
import { asffFindings } from '../../report/asff.ts';
import { printableJson } from '../../report/printable.ts';
import { counted } from '../../report/units.ts';
import { outputError } from '../output.ts';
import type { PartSink } from './sweep-told.ts';

const now = (): string => new Date().toISOString();

/** A JSON array that grows as images are ready, and has its name when it is whole. */
export class AsffFile implements PartSink {
  readonly #file: string;
  readonly #written: string;
  #handle: FileHandle | undefined;
  #isFirst = true;

  constructor(file: string) {
    this.#file = file;
    this.#written = `${file}.${randomUUID()}.tmp`;
  }

  /** Throws ScanError before a long sweep, rather than after it. */
  async open(): Promise<void> {
    await this.#try(async () => {
      this.#handle = await open(this.#written, 'wx', 0o666);
      await this.#handle.appendFile('[');
    });
  }

  async add(part: SweptPart): Promise<void> {
    const findings = asffFindings(part, now());
    if (findings.length === 0) return;
    if (part.place.account === '') {
      throw new ScanError('usage', 'findings are of no AWS account (--format asff). Give another format');
    }
    const lines = findings.map((finding) => printableJson(JSON.stringify(finding))).join(',\n');
    await this.#try(() => this.#handle?.appendFile(`${this.#isFirst ? '' : ','}\n${lines}`));
    this.#isFirst = false;
  }

  async finish(): Promise<void> {
    await this.#try(async () => {
      await this.#handle?.appendFile('\n]\n');
      await this.#handle?.sync();
      await this.#handle?.close();
      this.#handle = undefined;
      await rename(this.#written, this.#file);
    });
  }

  /** What was begun is not left behind. */
  async close(): Promise<void> {
    if (this.#handle === undefined) return;
    await this.#handle.close();
    await rm(this.#written, { force: true });
  }

  async #try(step: () => Promise<void> | undefined): Promise<void> {
    try {
      await step();
    } catch (error) {
      throw outputError(this.#file, error);
    }
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
