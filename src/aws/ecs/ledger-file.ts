/** Revisions that were read before, in one file for each Region, ruleset and version. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { faultKind } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { VERSION } from '../../version.ts';
import { resourcePath } from './resource-path.ts';
import type { RememberedRevision, RevisionLedger } from './revision-ledger.ts';

export interface LedgerOptions {
  readonly folder: string;
  readonly region: string;
  /** Another AWS than the one that is everybody's. */
  readonly endpoint: string | undefined;
  readonly engine: Engine;
  readonly onWarning: (warning: string) => void;
}

/** As it is kept; lists and dates that are not there are left out, since most revisions hold nothing. */
interface Entry {
  /** When it was read, in milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
  readonly registeredAt?: number;
  readonly found?: RememberedRevision['found'];
}

/** By ARN. */
type Entries = Map<string, Entry>;

/** Counts up when the file's shape changes. */
const FORMAT = 'phiscan-ecs-revisions/1';
/** New revisions after which the file is written in between, at least; a long sweep that is ended loses no more. */
const BETWEEN = 1000;

export async function openLedger(options: LedgerOptions): Promise<RevisionLedger> {
  const { region, endpoint, engine, onWarning } = options;
  const folder = join(options.folder, 'ecs');
  const scope = [FORMAT, VERSION, engine.ruleset, region, endpoint ?? ''];
  const file = join(folder, `${region}-${sha256(JSON.stringify(scope)).slice(0, 16)}.json`);
  const ledger = new LedgerFile(folder, file, engine, onWarning);
  await ledger.load();
  return ledger;
}

class LedgerFile implements RevisionLedger {
  readonly #folder: string;
  readonly #file: string;
  readonly #engine: Engine;
  readonly #onWarning: (warning: string) => void;
  #entries: Entries = new Map();
  #unsaved: Entries = new Map();
  #saving: Promise<void> | undefined;

  constructor(folder: string, file: string, engine: Engine, onWarning: (warning: string) => void) {
    this.#folder = folder;
    this.#file = file;
    this.#engine = engine;
    this.#onWarning = onWarning;
  }

  async load(): Promise<void> {
    this.#entries = await this.#read();
  }

  recall(arn: string): RememberedRevision | undefined {
    const entry = this.#entries.get(arn);
    if (entry === undefined || !isFresh(entry)) return undefined;
    return { bytes: entry.bytes, registeredAt: entry.registeredAt, found: entry.found ?? [] };
  }

  remember(arn: string, { bytes, registeredAt, found }: RememberedRevision): void {
    const name = resourcePath(arn);
    // A name that holds a value is kept nowhere.
    if (this.#engine.maskText(name) !== name) return;
    const entry = {
      at: Date.now(),
      bytes,
      ...(registeredAt === undefined ? {} : { registeredAt }),
      ...(found.length === 0 ? {} : { found }),
    };
    this.#entries.set(arn, entry);
    this.#unsaved.set(arn, entry);
    // Each time a part of the whole, so that the writing does not grow faster than what is written.
    if (this.#unsaved.size >= Math.max(BETWEEN, this.#entries.size / 4)) this.#saving ??= this.#write();
  }

  async save(): Promise<void> {
    await this.#saving;
    if (this.#unsaved.size > 0) await this.#write();
  }

  /** What another process has written meanwhile stays; a reader sees the old file or the new one. */
  async #write(): Promise<void> {
    const unsaved = this.#unsaved;
    this.#unsaved = new Map();
    const temporary = `${this.#file}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const entries = new Map([...(await this.#read()), ...unsaved].filter(([, entry]) => isFresh(entry)));
      const body = JSON.stringify(Object.fromEntries(entries));
      if (body.length > limits.ledgerBytes) return;
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify({ format: FORMAT, sha256: sha256(body) })}\n${body}\n`);
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#file);
      await this.#removeOld();
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      this.#onWarning(`what was read could not be remembered (${faultKind(error)})`);
    } finally {
      this.#saving = undefined;
    }
  }

  async #read(): Promise<Entries> {
    let text: string;
    try {
      if ((await stat(this.#file)).size > 2 * limits.ledgerBytes) return new Map();
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      const kind = faultKind(error);
      if (!kind.endsWith('ENOENT')) this.#onWarning(`what was remembered cannot be read (${kind}): all is asked again`);
      return new Map();
    }
    const entries = entriesOf(text);
    if (entries === undefined) this.#onWarning('what was remembered is broken: all is asked again');
    return entries ?? new Map();
  }

  /** Files of other versions and rulesets in which nothing is fresh any more, and what a killed process left. */
  async #removeOld(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (!/^[a-z0-9-]+-[0-9a-f]{16}\.json(?:\.[0-9a-f-]{36}\.tmp)?$/.test(name)) continue;
      const path = join(this.#folder, name);
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > limits.ledgerMs) await rm(path, { force: true });
    }
  }
}

/** Undefined for what phiscan has not written so. */
function entriesOf(text: string): Entries | undefined {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1).replace(/\n$/, '');
  try {
    const head = JSON.parse(text.slice(0, end)) as { readonly format?: unknown; readonly sha256?: unknown } | null;
    if (head?.format !== FORMAT || head.sha256 !== sha256(body)) return undefined;
    return new Map(Object.entries(JSON.parse(body) as Readonly<Record<string, Entry>>));
  } catch {
    return undefined;
  }
}

function isFresh({ at }: Entry): boolean {
  const age = Date.now() - at;
  return age >= 0 && age < limits.ledgerMs;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
