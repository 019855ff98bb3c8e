// The inner loop of src/detect/prefilter.ts in AssemblyScript, for WebAssembly's 128-bit SIMD. `npm run wasm` compiles it into
// src/detect/prefilter-wasm.ts.
//
// Memory, in bytes from 0:
//   0    for each of four positions, 16 bytes by low and 16 by high half of a byte: the eight buckets that it may belong to;
//        and the same again for eight further buckets
//   256  the group of each of the 256 bytes
//   512  transitions: for each state `stride` 16-bit numbers of states, by group; state 0 is the dead end, 1 a candidate
//   …    the bytes to search, with readable bytes behind their end

const GROUPS: usize = 256;
const TRANSITIONS: usize = 512;
const CANDIDATE: u32 = 1;
const START: u32 = 2;

/** Address of the first candidate in [from, end), or -1. */
export function next(from: usize, end: usize, stride: u32): i32 {
  const low0 = v128.load(0);
  const high0 = v128.load(16);
  const low1 = v128.load(32);
  const high1 = v128.load(48);
  const low2 = v128.load(64);
  const high2 = v128.load(80);
  const low3 = v128.load(96);
  const high3 = v128.load(112);
  const half = i8x16.splat(15);
  for (let at = from; at < end; at += 16) {
    const bytes0 = v128.load(at);
    const bytes1 = v128.load(at, 1);
    const bytes2 = v128.load(at, 2);
    const bytes3 = v128.load(at, 3);
    const lows0 = v128.and(bytes0, half);
    const lows1 = v128.and(bytes1, half);
    const lows2 = v128.and(bytes2, half);
    const lows3 = v128.and(bytes3, half);
    const highs0 = i8x16.shr_u(bytes0, 4);
    const highs1 = i8x16.shr_u(bytes1, 4);
    const highs2 = i8x16.shr_u(bytes2, 4);
    const highs3 = i8x16.shr_u(bytes3, 4);
    const buckets = v128.or(
      v128.and(
        v128.and(both(low0, lows0, high0, highs0), both(low1, lows1, high1, highs1)),
        v128.and(both(low2, lows2, high2, highs2), both(low3, lows3, high3, highs3)),
      ),
      v128.and(
        v128.and(
          both(v128.load(0, 128), lows0, v128.load(0, 144), highs0),
          both(v128.load(0, 160), lows1, v128.load(0, 176), highs1),
        ),
        v128.and(
          both(v128.load(0, 192), lows2, v128.load(0, 208), highs2),
          both(v128.load(0, 224), lows3, v128.load(0, 240), highs3),
        ),
      ),
    );
    if (!v128.any_true(buckets)) continue;
    let lanes = i8x16.bitmask(i8x16.ne(buckets, i8x16.splat(0)));
    for (; lanes != 0; lanes &= lanes - 1) {
      const position = at + ctz(lanes);
      if (position >= end) return -1;
      if (isCandidate(position, stride)) return <i32>position;
    }
  }
  return -1;
}

/** The buckets that both halves of 16 bytes allow. */
// @ts-ignore: decorator
@inline
function both(low: v128, lows: v128, high: v128, highs: v128): v128 {
  return v128.and(v128.swizzle(low, lows), v128.swizzle(high, highs));
}

function isCandidate(position: usize, stride: u32): bool {
  let state = START;
  do {
    const group = <u32>load<u8>(GROUPS + <usize>load<u8>(position++));
    state = <u32>load<u16>(TRANSITIONS + (<usize>(state * stride + group) << 1));
  } while (state > CANDIDATE);
  return state == CANDIDATE;
}
