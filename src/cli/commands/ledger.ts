/** `phiscan ledger`. */
import { ledgerCommands, type LedgerRequest } from '../options/ledger-options.ts';
import { withOptions } from '../options/option-row.ts';
import type { CommandLine } from './command-line.ts';

export const ledgerHelp: string = `
phiscan image remembers what it found in each layer, by the digest of its bytes:
findings and gaps as reports have them, no value and no content. A layer that is
known is not scanned again with the same version, detectors and limits. One file
for all processes of this user, ledger.db in PHISCAN_CACHE_DIR or the user's
cache folder; --no-ledger leaves it alone.

Examples:
  $ phiscan ledger stats
  $ phiscan ledger export --output known.jsonl
  $ phiscan ledger prune --older-than 30d --max-bytes 500MB
  $ phiscan ledger verify --format json`;

export function addLedgerCommands({ program, streams, end }: CommandLine): void {
  const ledger = program.command('ledger').description('what is remembered of layers').addHelpText('after', ledgerHelp);
  for (const { name, text, options } of ledgerCommands) {
    withOptions(ledger.command(name), options)
      .description(text)
      .addHelpText('after', ledgerHelp)
      .action(async (request: LedgerRequest) => {
        const { runLedgerCommand } = await import('../ledger-command.ts');
        end(await runLedgerCommand(name, request, streams));
      });
  }
}
