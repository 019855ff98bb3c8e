/** `phiscan sweep ecr --events -`: each image that was pushed, as its event comes. */
import type { EcrAccess, EcrAccount } from '../../aws/ecr/account.ts';
import { lineMedium } from '../../aws/watch/line-medium.ts';
import { ScanError } from '../../errors.ts';
import type { ExitCode } from '../../report/gate.ts';
import { counted } from '../../report/units.ts';
import { type Push, pushesOf } from '../../sweep/push-events.ts';
import { pushedListing } from '../../sweep/pushed-listing.ts';
import { sweepRegistry } from '../../sweep/sweep.ts';
import { accessesOf, type EcrSweepRequest, openAccount } from './sweep-ecr.ts';
import { gapPart, type SweepRun, withRun } from './sweep-run.ts';
import type { Streams } from '../streams.ts';

/** Reads to the end of its input, or to a signal. One line that is broken does not stop those behind it. */
export function sweepEvents(request: EcrSweepRequest, streams: Streams): Promise<ExitCode> {
  if (streams.stdin.isTTY === true) {
    throw new ScanError(
      'usage',
      'nothing is piped in (--events -). Use it as in: phiscan sweep ecr --events - < events.jsonl',
    );
  }
  if (request.dryRun)
    throw new ScanError('usage', '--dry-run plans a registry, and events are none. Leave one of them out');
  return withRun(request, streams, async (run) => {
    const accounts = new Accounts(accessesOf(request), run);
    let pushes = 0;
    let skipped = 0;
    try {
      for await (const delivery of lineMedium(streams.stdin, run.signal).deliveries) {
        const read = pushesOf(delivery);
        skipped += read.skipped;
        for (const problem of read.problems) await run.told.add(gapPart(run, delivery.name, problem));
        for (const push of read.pushes) {
          pushes += 1;
          await sweepPush(push, accounts, run);
        }
        await delivery.settle('read');
      }
    } finally {
      await accounts.close();
    }
    run.say(`${counted(pushes, 'push', 'pushes')}, ${counted(skipped, 'other event')} skipped`);
    return undefined;
  });
}

async function sweepPush(push: Push, accounts: Accounts, run: SweepRun): Promise<void> {
  const { account, region, repository } = push;
  if (run.signal.aborted) {
    await run.told.add(gapPart(run, `${account}:${region}:${repository}`, { reason: 'interrupted' }));
    return;
  }
  try {
    const { registry } = await accounts.of(push);
    const options = run.options();
    const totals = await sweepRegistry(
      { registry, listing: pushedListing(push), account, region },
      {
        ...options,
        // An event has no texts: its names are told where something is found in them.
        onPart: async (part) => {
          const { findings, coverage } = part.report;
          if (part.place.digest !== '' || findings.length > 0 || !coverage.complete) await options.onPart(part);
        },
      },
    );
    run.told.addTotals(totals);
  } catch (error) {
    await run.failed(`ecr:${region}:${account}`, error);
  }
}

/** Registries of events, each opened once. */
class Accounts {
  readonly #accesses: readonly EcrAccess[];
  readonly #run: SweepRun;
  readonly #open = new Map<string, Promise<EcrAccount>>();

  constructor(accesses: readonly EcrAccess[], run: SweepRun) {
    this.#accesses = accesses;
    this.#run = run;
  }

  of({ account, region }: Push): Promise<EcrAccount> {
    const key = `${account} ${region}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = this.#openOne(account, region);
      this.#open.set(key, open);
    }
    return open;
  }

  async close(): Promise<void> {
    for (const open of this.#open.values()) {
      const account = await open.catch(() => undefined);
      await account?.close();
    }
  }

  async #openOne(account: string, region: string): Promise<EcrAccount> {
    const own =
      this.#accesses.find(({ role }) => role?.arn.includes(`:${account}:`)) ?? this.#accesses.find(({ role }) => !role);
    if (own === undefined) throw otherAccount(account);
    const opened = await openAccount({ ...own, region }, this.#run);
    if (opened.account === account) return opened;
    await opened.close();
    throw otherAccount(account);
  }
}

function otherAccount(account: string): ScanError {
  return new ScanError('usage', `an event is of account ${account}. Name a role of it with --role-arn`);
}
