import { spawnSync } from 'node:child_process';
import type { Problem } from '../../src/unpack/chunks.ts';
import { decompress } from '../../src/unpack/decompress.ts';
import type { Compression } from '../../src/unpack/magic.ts';

export interface Unpacked {
  readonly bytes: Buffer;
  readonly problems: readonly Problem[];
  /** Stored bytes that were pulled. */
  readonly pulled: number;
  readonly largest: number;
}

/** Unpacks in pieces of these lengths, over and over; one piece without. Each piece is overwritten once it is used. */
export async function unpack(
  compression: Compression,
  stored: Buffer,
  lengths: readonly number[] = [Infinity],
): Promise<Unpacked> {
  const problems: Problem[] = [];
  const parts: Buffer[] = [];
  let pulled = 0;
  let largest = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0, turn = 0; at < stored.length; turn++) {
      const piece = Buffer.from(stored.subarray(at, at + (lengths[turn % lengths.length] ?? Infinity)));
      at += piece.length;
      pulled += piece.length;
      yield piece;
      piece.fill(0xee);
    }
    await Promise.resolve();
  }
  for await (const bytes of decompress(compression, pieces(), (problem) => problems.push(problem))) {
    largest = Math.max(largest, bytes.length);
    parts.push(Buffer.from(bytes));
  }
  return { bytes: Buffer.concat(parts), problems, pulled, largest };
}

/** True when a program is not installed: its tests are skipped, unless PHISCAN_REQUIRE_SERVERS says that it must be. */
export function isMissing(program: string): boolean {
  return process.env['PHISCAN_REQUIRE_SERVERS'] !== '1' && spawnSync(program, ['--version']).error !== undefined;
}

/** What the program makes of the bytes; nothing where it may be missing. */
export function run(program: string, args: readonly string[], input: Buffer): Buffer {
  const { stdout, status, error } = spawnSync(program, args, { input, maxBuffer: 256 * 1024 * 1024 });
  if (error !== undefined && isMissing(program)) return Buffer.alloc(0);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  return stdout;
}

/** Bytes that compress like text: words of a small language, the same for the same seed. */
export function prose(length: number, seed = 1): Buffer {
  const text = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    text[at] = state % 11 === 0 ? 10 : 97 + ((state >> 16) % (1 + ((state >> 8) % 26)));
  }
  return text;
}

/** Bytes that do not compress. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    bytes[at] = state >> 16;
  }
  return bytes;
}

export function reasons(unpacked: Unpacked): readonly string[] {
  return unpacked.problems.map((problem) => problem.reason);
}
