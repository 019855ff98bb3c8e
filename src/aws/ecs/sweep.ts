import type { Engine } from '../../engine/engine.ts';
import type { EntryFinding } from '../../finding.ts';
import { arrayOf, isObject, type JsonObject } from '../../image/json.ts';
import { remoteLimits } from '../../remote-limits.ts';
import type { Problem } from '../../unpack/chunks.ts';
import { Asking } from '../asking.ts';
import { Tally } from '../../scan/tally.ts';
import type { Ecs, EcsInput, EcsInputs, EcsOperation } from './client.ts';
import { documentFindings } from '../document-findings.ts';
import { batches, inParallel } from '../../parallel.ts';
import { resourcePath } from './resource-path.ts';
import { instantOf, latestOf } from '../response.ts';
import type { RememberedRevision, RevisionLedger } from './revision-ledger.ts';

/** What of a Region is read. */
export interface Scope {
  /** Names or ARNs; empty: all. */
  readonly clusters: readonly string[];
  /** Empty: all. */
  readonly families: readonly string[];
  /** Of each family, the newest. */
  readonly maxRevisions: number | undefined;
  /** Milliseconds since 1970: what ended or was registered before is left out. */
  readonly since: number | undefined;
}

/** Resources that are listed by name and described in batches. */
export interface Described<Operation extends EcsOperation> {
  readonly operation: Operation;
  /** Most names of one call. */
  readonly batch: number;
  readonly input: (names: string[]) => EcsInput<Operation>;
  /** Of the response: the list of what was described. */
  readonly key: string;
  /** Of one that was described: its ARN. */
  readonly arnKey: string;
  /** Of old ARNs that do not name it. */
  readonly cluster?: string;
  /** History, which `--since` leaves out where it is older. */
  readonly isHistory?: boolean;
  /** Told of each that is not there; it is no gap otherwise: the text is gone with it. */
  readonly onGone?: ((arn: string) => void) | undefined;
}

/** One Region: what is asked is read, and what is not answered is a gap. */
export class Sweep {
  readonly scope: Scope;
  readonly ledger: RevisionLedger | undefined;
  readonly tally: Tally;
  /** Task definitions that services and tasks name, by ARN. */
  readonly used: Set<string> = new Set<string>();
  /** Revisions of task definitions that are to be read, and those that are. */
  readonly revisions: { total: number; done: number } = { total: 0, done: 0 };
  readonly #asking: Asking<EcsInputs>;

  constructor(
    ecs: Ecs,
    engine: Engine,
    scope: Scope,
    {
      ledger,
      signal,
    }: { readonly ledger?: RevisionLedger | undefined; readonly signal?: AbortSignal | undefined } = {},
  ) {
    this.scope = scope;
    this.ledger = ledger;
    this.tally = new Tally(engine);
    const onGap = (problem: Problem, path: string): void => {
      this.tally.problem(problem, path);
    };
    this.#asking = new Asking(ecs, { name: 'ECS', signal, onGap });
  }

  get isStopped(): boolean {
    return this.#asking.isStopped;
  }

  /** `--since`, for the lists that AWS can cut there itself. */
  get createdAfter(): { readonly createdAt?: { readonly after: Date } } {
    const { since } = this.scope;
    return since === undefined ? {} : { createdAt: { after: new Date(since) } };
  }

  /** One response; undefined, and a gap at `path`, where there is none. */
  ask<Operation extends EcsOperation>(
    operation: Operation,
    input: EcsInput<Operation>,
    path: string,
  ): Promise<JsonObject | undefined> {
    return this.#asking.ask(operation, input, path);
  }

  /** All members of a list, page after page. */
  list<Operation extends EcsOperation>(
    operation: Operation,
    input: EcsInput<Operation> & object,
    key: string,
    path: string,
  ): AsyncGenerator<unknown, void, undefined> {
    return this.#asking.list(operation, input, key, path);
  }

  /** All pages of a list, or of a description. */
  pages<Operation extends EcsOperation>(
    operation: Operation,
    input: EcsInput<Operation> & object,
    path: string,
  ): AsyncGenerator<JsonObject, void, undefined> {
    return this.#asking.pages(operation, input, path);
  }

  /** Reads each of them as an entry of its own, and hands on what was described. */
  async describe<Operation extends EcsOperation>(
    names: Iterable<string> | AsyncIterable<string>,
    path: string,
    kind: Described<Operation>,
    onEach?: (described: JsonObject) => void,
  ): Promise<void> {
    await inParallel(batches(names, kind.batch), remoteLimits.awsCallsAtOnce, async (batch) => {
      const response = await this.ask(kind.operation, kind.input([...batch]), path);
      if (response === undefined) return;
      const described = arrayOf(response[kind.key]).filter(isObject);
      for (const each of described) {
        if (kind.isHistory !== true || !this.isOld(each)) this.#readDescribed(each, kind);
        onEach?.(each);
      }
      this.#missing(response, kind, batch.length - described.length, path);
    });
  }

  #readDescribed(each: JsonObject, { operation, key, arnKey, cluster }: Described<EcsOperation>): void {
    const arn = each[arnKey];
    this.read(typeof arn === 'string' ? resourcePath(arn, cluster) : operation, { [key]: [each] });
  }

  #missing(response: JsonObject, { operation, onGone }: Described<EcsOperation>, missing: number, path: string): void {
    const failures = arrayOf(response['failures']).filter(isObject);
    for (const { arn, reason } of failures) {
      if (reason === 'MISSING') {
        onGone?.(typeof arn === 'string' ? arn : '');
        continue;
      }
      const name = typeof reason === 'string' && /^[A-Z_]{1,40}$/.test(reason) ? reason : 'a failure';
      const where = typeof arn === 'string' ? resourcePath(arn) : path;
      this.#asking.gap({ reason: 'unreadable', detail: `ecs:${operation}: ${name}` }, where);
    }
    const lost = missing - failures.length;
    if (lost > 0) this.tally.problem({ reason: 'truncated', detail: `ecs:${operation}: ${lost} not answered` }, path);
    if (failures.length > 0) this.read(path, { failures });
  }

  /** A document is an entry. */
  read(path: string, document: JsonObject): void {
    this.#scan(path, document);
  }

  /** A document that never changes: what is found in it is remembered. */
  readForGood(arn: string, document: JsonObject, registeredAt: unknown): void {
    const read = this.#scan(resourcePath(arn), document);
    if (read !== undefined) this.ledger?.remember(arn, { ...read, registeredAt: instantOf(registeredAt) });
  }

  /** The same, from memory. */
  recall(arn: string, { found, bytes }: RememberedRevision): void {
    this.#count(resourcePath(arn), found, bytes);
  }

  /** Undefined where a part of it was not read. */
  #scan(path: string, document: JsonObject): Pick<RememberedRevision, 'found' | 'bytes'> | undefined {
    const bytes = Buffer.from(JSON.stringify(document));
    const { engine } = this.tally;
    const found = documentFindings(engine, path, bytes);
    const unread = engine.takeUnread();
    for (const problem of unread) this.tally.problem(problem, path);
    this.#count(path, found, bytes.length);
    return unread.length === 0 ? { found, bytes: bytes.length } : undefined;
  }

  #count(path: string, found: readonly EntryFinding[], bytes: number): void {
    this.tally.add(found, path);
    this.tally.entries += 1;
    this.tally.bytes += bytes;
  }

  /** True for what has an end, or at least a beginning, and all of it before `--since`. */
  isOld(described: JsonObject): boolean {
    const { since } = this.scope;
    return since !== undefined && latestOf(described) < since;
  }
}
