import type { BlobTable } from './blob-table.ts';
import { arrayOf, memberOf, textOf } from './json.ts';

/** One entry of a configuration's history. Its texts come from the image: they are masked before they leave. */
export interface HistoryEntry {
  readonly createdBy: string;
  /** `createdBy` as the Dockerfile's author would know it. */
  readonly instruction: string;
  readonly comment: string;
  readonly author: string;
  /** True for an instruction that made no layer. */
  readonly emptyLayer: boolean;
}

/** All entries, those of a wrong type as empty ones, so that an index in this list is one in the document. With a table,
 * no more than it may still read. */
export function historyOf(config: unknown, table?: BlobTable): readonly HistoryEntry[] {
  const list = memberOf(config, 'history');
  return (table?.listOf(list) ?? arrayOf(list)).map((entry) => {
    const createdBy = textOf(memberOf(entry, 'created_by'));
    return {
      createdBy,
      instruction: instructionOf(createdBy),
      comment: textOf(memberOf(entry, 'comment')),
      author: textOf(memberOf(entry, 'author')),
      emptyLayer: memberOf(entry, 'empty_layer') === true,
    };
  });
}

/**
 * The layer that each history entry made: the n-th entry with a layer made the n-th layer. Undefined where it made none,
 * or where the image has fewer layers than its history says (squashed, hand-made): nothing is cut to the shorter list.
 */
export function historyLayers(
  history: readonly Pick<HistoryEntry, 'emptyLayer'>[],
  layerCount: number,
): readonly (number | undefined)[] {
  let next = 0;
  return history.map(({ emptyLayer }) => (emptyLayer || next >= layerCount ? undefined : next++));
}

const buildkitMark = / # buildkit$/;
/** The classic builder writes every instruction that runs nothing behind the shell's comment sign. */
const noOperation = /^(?:\/bin\/sh -c|cmd \/S \/C|powershell -Command .{0,200}?) ?#\(nop\) +/;
/** `|2 A=x B=y /bin/sh -c make`: build arguments, which hold values and stand in the history's own text. */
const buildArguments = /^\|\d+ (?:.*? )?(?=\/bin\/(?:ba|da|a)?sh )/s;
const shell = /^(?:\/bin\/(?:ba|da|a)?sh(?: -[a-z]+(?: pipefail)?)*? -[a-z]*c|cmd \/S \/C) /;

/** Undoes what builders put around the instruction of a Dockerfile. Text without such a frame stays as it is. */
export function instructionOf(createdBy: string): string {
  const text = createdBy.trim().replace(buildkitMark, '');
  if (noOperation.test(text)) return text.replace(noOperation, '').trim();
  const runs = text.startsWith('RUN ');
  const framed = runs ? text.slice(4) : text;
  const command = framed.replace(buildArguments, '');
  if (shell.test(command)) return `RUN ${command.replace(shell, '').trim()}`;
  return text;
}
