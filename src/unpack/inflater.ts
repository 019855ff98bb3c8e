import { constants, createInflateRaw, deflateRawSync } from 'node:zlib';

/**
 * What node's zlib streams are made of (lib/zlib.js, src/node_zlib.cc; the same from Node 11 to 24). It is no part of node's
 * documentation, so `canInflate` tries it out first.
 */
interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
  onerror: (message: string, errno: number, code: string) => void;
}

/** One raw deflate stream (RFC 1951), inflated piece by piece on the caller's thread, into a buffer that the caller gives. */
export interface Inflater {
  /** Undefined where the bytes are no deflate stream. Less than all are consumed when the output is full, or the stream ends. */
  inflate(input: Buffer, output: Buffer): { readonly consumed: number; readonly made: number } | undefined;
  /** Frees zlib's memory. */
  close(): void;
}

/** Node's documented way is a stream, whose thread, buffers and events cost more than zlib itself. Undefined where this node is
 * not as this module knows it. */
export function openInflater(): Inflater | undefined {
  isKnown ??= canInflate();
  return isKnown ? newInflater() : undefined;
}

let isKnown: boolean | undefined;

function canInflate(): boolean {
  const text = Buffer.from('0123456789'.repeat(10));
  const deflated = deflateRawSync(text);
  const output = Buffer.alloc(text.length + 1);
  const inflater = newInflater();
  try {
    const first = inflater?.inflate(deflated, output.subarray(0, 10));
    const rest = inflater?.inflate(deflated.subarray(first?.consumed), output.subarray(10));
    return first?.made === 10 && rest?.made === 90 && output.subarray(0, 100).equals(text);
  } catch {
    return false;
  } finally {
    inflater?.close();
  }
}

function newInflater(): Inflater | undefined {
  const stream = createInflateRaw({ chunkSize: constants.Z_MIN_CHUNK });
  const { _handle: handle, _writeState: left } = stream as { _handle?: unknown; _writeState?: unknown };
  if (!isHandle(handle) || !(left instanceof Uint32Array)) {
    stream.destroy();
    return undefined;
  }
  let isBroken = false;
  handle.onerror = () => {
    isBroken = true;
  };
  return {
    inflate: (input, output) => {
      handle.writeSync(constants.Z_NO_FLUSH, input, 0, input.length, output, 0, output.length);
      // First what is left of the output, then of the input.
      const [outputLeft = 0, inputLeft = 0] = left;
      return isBroken ? undefined : { consumed: input.length - inputLeft, made: output.length - outputLeft };
    },
    close: () => {
      stream.destroy();
    },
  };
}

function isHandle(handle: unknown): handle is Handle {
  return typeof handle === 'object' && handle !== null && 'writeSync' in handle && 'onerror' in handle;
}
