import xzDecompress from 'xz-decompress';

/**
 * The decoder inside xz-decompress (xz-embedded as WebAssembly). Its own stream holds a lock that all streams of the
 * process share, so that an .xz in an .xz waits for ever, and never gives memory back: so only its decoder is used,
 * which `_getModuleInstance` makes.
 */
interface DecoderExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly create_context: () => number;
  readonly destroy_context: (context: number) => void;
  /** No bytes mean the end of the input. */
  readonly supply_input: (context: number, bytes: number) => void;
  readonly get_next_output: (context: number) => number;
}

interface DecoderFactory {
  _moduleInstance?: { readonly exports: DecoderExports };
  readonly _getModuleInstance: () => Promise<void>;
}

/** Words of 4 bytes in a context. */
const BUFFER_BYTES = 0;
const INPUT_START = 1;
const INPUT_AT = 2;
const INPUT_BYTES = 3;
const OUTPUT_START = 4;
const OUTPUT_BYTES = 5;

/** WebAssembly memory never shrinks: a decoder that grew further is dropped instead of kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** enum xz_ret of xz-embedded. */
export const XZ_OK = 0;
export const XZ_STREAM_END = 1;
export const XZ_MEM_ERROR = 3;
export const XZ_MEMLIMIT_ERROR = 4;
export const XZ_FORMAT_ERROR = 5;
export const XZ_OPTIONS_ERROR = 6;
export const XZ_BUF_ERROR = 8;

let idle: DecoderExports | undefined;

export class XzDecoder {
  readonly #exports: DecoderExports;
  readonly #context: number;

  private constructor(exports: DecoderExports) {
    this.#exports = exports;
    this.#context = exports.create_context();
  }

  /** A decoder is closed by its user. */
  static async open(): Promise<XzDecoder> {
    const exports = idle ?? (await newExports());
    idle = undefined;
    return new XzDecoder(exports);
  }

  /** How much `supply` takes at once, and the most that `next` gives. */
  get bufferBytes(): number {
    return this.#word(BUFFER_BYTES);
  }

  /** Supplied and not consumed. */
  get unused(): number {
    return this.#word(INPUT_BYTES) - this.#word(INPUT_AT);
  }

  /** Once `unused` is 0. An empty buffer is the end of the input. */
  supply(stored: Uint8Array): void {
    new Uint8Array(this.#exports.memory.buffer).set(stored, this.#word(INPUT_START));
    this.#exports.supply_input(this.#context, stored.length);
  }

  /** Decodes on; the output is valid until the next call. */
  next(): { readonly status: number; readonly output: Uint8Array } {
    const status = this.#exports.get_next_output(this.#context);
    const output = new Uint8Array(this.#exports.memory.buffer, this.#word(OUTPUT_START), this.#word(OUTPUT_BYTES));
    new Uint32Array(this.#exports.memory.buffer, this.#context)[OUTPUT_BYTES] = 0;
    return { status, output };
  }

  close(): void {
    this.#exports.destroy_context(this.#context);
    if (this.#exports.memory.buffer.byteLength <= KEPT_BYTES) idle = this.#exports;
  }

  #word(index: number): number {
    return new Uint32Array(this.#exports.memory.buffer, this.#context)[index] ?? 0;
  }
}

async function newExports(): Promise<DecoderExports> {
  const factory = xzDecompress.XzReadableStream as unknown as DecoderFactory;
  await factory._getModuleInstance();
  const exports = factory._moduleInstance?.exports;
  delete factory._moduleInstance;
  if (exports === undefined) throw new TypeError('xz-decompress has no decoder: not the version that is locked');
  return exports;
}
