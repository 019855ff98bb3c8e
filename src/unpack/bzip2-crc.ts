/** CRC-32 with the highest bit first (polynomial 04c11db7), as bzip2 has it; zlib's has the lowest first. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc;
});

/** Goes on from `crc`, which begins as -1; the checksum of a block is the complement of the last. */
export function bzip2Crc(bytes: Buffer, length: number, crc: number): number {
  let sum = crc;
  for (let at = 0; at < length; at++) sum = (sum << 8) ^ (TABLE[(sum >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  return sum;
}
