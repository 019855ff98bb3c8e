import { open, type FileHandle } from 'node:fs/promises';
import { errorCode, outputError } from './output.ts';
import type { Output } from './streams.ts';

/** Where lines go that must not be lost. */
export interface LineSink {
  /** Resolves when the lines survive this process; throws ScanError when they cannot be written. */
  readonly write: (lines: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const NEWLINE = 0x0a;

/** Lines are added behind those that a file has; without a file they go to the stream. Throws ScanError. */
export async function openLineSink(file: string | undefined, stream: Output): Promise<LineSink> {
  if (file === undefined || file === '-') return streamSink(stream);
  try {
    return fileSink(file, await open(file, 'a+', 0o666));
  } catch (error) {
    throw outputError(file, error);
  }
}

/** A reader that has gone has not read them: unlike a report, they are then not written. */
function streamSink(stream: Output): LineSink {
  return {
    write: (lines) =>
      new Promise((done, fail) => {
        stream.write(lines, (error) => {
          if (error) fail(outputError('standard output', error));
          else done();
        });
      }),
    close: () => Promise.resolve(),
  };
}

function fileSink(file: string, handle: FileHandle): LineSink {
  let isFirst = true;
  return {
    write: async (lines) => {
      try {
        const begun = isFirst && (await endsWithinLine(handle)) ? '\n' : '';
        isFirst = false;
        await handle.appendFile(begun + lines);
        await handle.datasync().catch(unlessUnsupported);
      } catch (error) {
        throw outputError(file, error);
      }
    },
    close: () => handle.close(),
  };
}

/** A run that was killed may have left half of a line. */
async function endsWithinLine(handle: FileHandle): Promise<boolean> {
  const stats = await handle.stat();
  if (!stats.isFile() || stats.size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, stats.size - 1);
  return buffer[0] !== NEWLINE;
}

/** Pipes and devices have nothing to sync. */
function unlessUnsupported(error: unknown): void {
  if (!['EINVAL', 'ENOTSUP', 'EROFS'].includes(errorCode(error))) throw error;
}
