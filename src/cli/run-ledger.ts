import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerScope } from '../ledger/scope.ts';
import type { Streams } from './streams.ts';

/** The ledger of one command, opened when the first scan asks for it. */
export interface RunLedger {
  readonly open: (scope: LedgerScope) => Promise<Ledger>;
  readonly close: () => Promise<void>;
}

/** `enabled`: false for `--no-ledger`. */
export function runLedger(enabled: boolean, { voice, env }: Streams): RunLedger | undefined {
  if (!enabled) return undefined;
  let opened: Promise<Ledger> | undefined;
  const open = async (scope: LedgerScope): Promise<Ledger> => {
    const [{ openLedger }, { cacheFolder }] = await Promise.all([
      import('../ledger/open-ledger.ts'),
      import('../ledger/folder.ts'),
    ]);
    const onWarning = (warning: string): void => {
      voice.note(warning);
    };
    const folder = cacheFolder(env);
    voice.detail(`the ledger is in ${folder}`);
    return await openLedger({ folder, scope, onWarning });
  };
  return {
    open: (scope) => (opened ??= open(scope)),
    close: async () => {
      await (await opened)?.close();
    },
  };
}
