// The inner loop of src/detect/prefilter/prefilter.ts in AssemblyScript. `npm run wasm` compiles it into prefilter-wasm.ts beside that.
//
// Memory, in bytes from 0:
//   0       the gram table: one bit for each hash of four folded bytes that a hint can begin with
//   16 Ki   the group of each of the 256 bytes
//   +256    transitions: for each state `stride` 16-bit numbers of states, by group; state 0 is the dead end, 1 a candidate
//   …       the bytes to search, with readable bytes behind their end; and as much room for their folded form

const GROUPS: usize = 16384;
const TRANSITIONS: usize = GROUPS + 256;
const CANDIDATE: u32 = 1;
const START: u32 = 2;
const MULTIPLIER: u32 = 0x9e3779b1;
const HASH_SHIFT: u32 = 15;
const STEP: usize = 16;

/** Address of the first candidate in [from, end), or -1. `folded` is how far behind the bytes their folded form is kept. */
export function next(from: usize, end: usize, folded: usize, stride: u32): i32 {
  // The gram of the last byte reaches into the step behind it.
  for (let at = from; at < end + STEP; at += STEP) fold(at, folded);
  for (let at = from; at < end; at += 4) {
    const any = isGram(at + folded) | isGram(at + folded + 1) | isGram(at + folded + 2) | isGram(at + folded + 3);
    if (any == 0) continue;
    for (let position = at; position < min(at + 4, end); position++) {
      if (isGram(position + folded) != 0 && isCandidate(position, stride)) return <i32>position;
    }
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function isGram(at: usize): u32 {
  const hash = (load<u32>(at) * MULTIPLIER) >>> HASH_SHIFT;
  return (<u32>load<u8>(hash >>> 3) >>> (hash & 7)) & 1;
}

/** 16 bytes with capitals as small letters, and every digit as 0. */
// @ts-ignore: decorator
@inline
function fold(at: usize, folded: usize): void {
  const bytes = v128.load(at);
  const capital = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(26));
  const digit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const small = v128.or(bytes, v128.and(capital, i8x16.splat(0x20)));
  v128.store(at + folded, v128.bitselect(i8x16.splat(0x30), small, digit));
}

function isCandidate(position: usize, stride: u32): bool {
  let state = START;
  do {
    const group = <u32>load<u8>(GROUPS + <usize>load<u8>(position++));
    state = <u32>load<u16>(TRANSITIONS + (<usize>(state * stride + group) << 1));
  } while (state > CANDIDATE);
  return state == CANDIDATE;
}
