/** Reads bits, the highest of each byte first. Behind the end there are zeros, and `overrun` is true. */
export class BitReader {
  readonly bytes: Buffer;
  #at = 0;
  /** The last bits taken from `bytes`; the lowest `#held` of them are unread. */
  #bits = 0;
  #held = 0;

  /** `bit`: where to begin. */
  constructor(bytes: Buffer, bit: number) {
    this.bytes = bytes;
    this.seek(bit);
  }

  seek(bit: number): void {
    this.#at = bit >>> 3;
    this.#held = 0;
    this.read(bit & 7);
  }

  /** In bits from the start of the bytes. */
  get position(): number {
    return 8 * this.#at - this.#held;
  }

  get overrun(): boolean {
    return this.position > 8 * this.bytes.length;
  }

  /** Up to 24 bits, which stay unread. */
  peek(count: number): number {
    while (this.#held < count) {
      const byte = this.#at < this.bytes.length ? (this.bytes[this.#at] ?? 0) : 0;
      this.#at++;
      this.#bits = (this.#bits << 8) | byte;
      this.#held += 8;
    }
    return (this.#bits >>> (this.#held - count)) & ((1 << count) - 1);
  }

  /** Bits that were peeked. */
  skip(count: number): void {
    this.#held -= count;
  }

  /** Up to 24 bits. */
  read(count: number): number {
    const value = this.peek(count);
    this.#held -= count;
    return value;
  }
}
