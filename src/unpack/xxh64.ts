/**
 * XXH64 with the seed 0, the content checksum of Zstandard (RFC 8878, 3.1.1), which fzstd does not verify. Stripes are
 * added up in halves of 32 bits, since BigInt would take a hundred times as long; the end is in BigInt.
 */
const P1 = 0x9e37_79b1_85eb_ca87n;
const P2 = 0xc2b2_ae3d_27d4_eb4fn;
const P3 = 0x1656_67b1_9e37_79f9n;
const P4 = 0x85eb_ca77_c2b2_ae63n;
const P5 = 0x27d4_eb2f_1656_67c5n;
const P1_HIGH = 0x9e37_79b1 | 0;
const P1_LOW = 0x85eb_ca87 | 0;
const P2_HIGH = 0xc2b2_ae3d | 0;
const P2_LOW = 0x27d4_eb4f | 0;

const STRIPE_BYTES = 32;
const LANES = 4;
const MASK = (1n << 64n) - 1n;

export class Xxh64 {
  /** Four lanes, the high half of each before its low half. */
  readonly #lanes: Int32Array;
  readonly #rest: Buffer = Buffer.alloc(STRIPE_BYTES);
  #restBytes = 0;
  #length = 0;

  constructor() {
    const lanes = [P1 + P2, P2, 0n, -P1].flatMap((lane) => [
      Number((lane >> 32n) & 0xffff_ffffn),
      Number(lane & 0xffff_ffffn),
    ]);
    this.#lanes = Int32Array.from(lanes, (half) => half | 0);
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(bytes.length, STRIPE_BYTES - this.#restBytes);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < STRIPE_BYTES) return;
      addStripes(this.#lanes, this.#rest);
    }
    const whole = bytes.subarray(at, bytes.length - ((bytes.length - at) % STRIPE_BYTES));
    addStripes(this.#lanes, whole);
    const rest = bytes.subarray(at + whole.length);
    this.#rest.set(rest);
    this.#restBytes = rest.length;
  }

  /** The low 32 bits, which Zstandard stores. */
  digest32(): number {
    let hash = P5;
    if (this.#length >= STRIPE_BYTES) {
      const lanes = Array.from({ length: LANES }, (_, lane) => this.#lane(lane));
      hash = lanes.reduce((sum, lane, index) => sum + rotated(lane, [1n, 7n, 12n, 18n][index] ?? 0n), 0n) & MASK;
      for (const lane of lanes) hash = ((hash ^ mixed(0n, lane)) * P1 + P4) & MASK;
    }
    hash = (hash + BigInt(this.#length)) & MASK;
    let at = 0;
    for (; at + 8 <= this.#restBytes; at += 8) {
      hash ^= mixed(0n, this.#rest.readBigUInt64LE(at));
      hash = (rotated(hash, 27n) * P1 + P4) & MASK;
    }
    if (at + 4 <= this.#restBytes) {
      hash ^= (BigInt(this.#rest.readUInt32LE(at)) * P1) & MASK;
      hash = (rotated(hash, 23n) * P2 + P3) & MASK;
      at += 4;
    }
    for (; at < this.#restBytes; at++) {
      hash ^= (BigInt(this.#rest.readUInt8(at)) * P5) & MASK;
      hash = (rotated(hash, 11n) * P1) & MASK;
    }
    hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
    hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
    return Number((hash ^ (hash >> 32n)) & 0xffff_ffffn);
  }

  #lane(lane: number): bigint {
    const high = BigInt((this.#lanes[2 * lane] ?? 0) >>> 0);
    return (high << 32n) | BigInt((this.#lanes[2 * lane + 1] ?? 0) >>> 0);
  }
}

function rotated(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function mixed(lane: bigint, input: bigint): bigint {
  return (rotated((lane + input * P2) & MASK, 31n) * P1) & MASK;
}

/** `bytes` is a multiple of a stripe. Each lane: add input times P2, rotate by 31, multiply by P1. */
function addStripes(lanes: Int32Array, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let lane = 0; lane < LANES; lane++) {
    let high = lanes[2 * lane] ?? 0;
    let low = lanes[2 * lane + 1] ?? 0;
    for (let at = 8 * lane; at < bytes.length; at += STRIPE_BYTES) {
      const inputLow = view.getInt32(at, true);
      const inputHigh = view.getInt32(at + 4, true);
      const productLow = Math.imul(inputLow, P2_LOW);
      const sum = (low >>> 0) + (productLow >>> 0);
      const sumHigh =
        (high +
          mulHigh(inputLow, P2_LOW) +
          Math.imul(inputHigh, P2_LOW) +
          Math.imul(inputLow, P2_HIGH) +
          (sum > 0xffff_ffff ? 1 : 0)) |
        0;
      const sumLow = sum | 0;
      const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
      const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
      low = Math.imul(turnedLow, P1_LOW);
      high = (mulHigh(turnedLow, P1_LOW) + Math.imul(turnedHigh, P1_LOW) + Math.imul(turnedLow, P1_HIGH)) | 0;
    }
    lanes[2 * lane] = high;
    lanes[2 * lane + 1] = low;
  }
}

/** The high half of the unsigned product. */
function mulHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const cross = Math.imul(aHigh, bLow) >>> 0;
  const other = Math.imul(aLow, bHigh) >>> 0;
  const middle = (Math.imul(aLow, bLow) >>> 16) + (cross & 0xffff) + (other & 0xffff);
  return (Math.imul(aHigh, bHigh) + (cross >>> 16) + (other >>> 16) + (middle >>> 16)) | 0;
}
