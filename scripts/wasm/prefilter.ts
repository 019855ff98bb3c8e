// The inner loop of src/detect/prefilter/prefilter.ts in AssemblyScript. `npm run wasm` compiles it into prefilter-wasm.ts beside that.
//
// Memory, in bytes from 0:
//   0       the gram table: two bits in one of its 64-bit words for each hash of four folded bytes of a hint's beginning
//   32 Ki   for each of their other hashes one byte: bit n is set where a hint may begin n bytes before
//   64 Ki   a block of folded bytes
//   68 Ki   the group of each of the 256 bytes
//   +256    transitions: for each state `stride` 16-bit numbers of states, by group; state 0 is the dead end, 1 a candidate
//   …       the bytes to search, with readable bytes behind their end

const STARTS: usize = 32 * 1024;
const FOLDED: usize = 64 * 1024;
const GROUPS: usize = 68 * 1024;
const TRANSITIONS: usize = GROUPS + 256;
const CANDIDATE: u32 = 1;
const START: u32 = 2;
const GRAM_MULTIPLIER: u32 = 0x9e3779b1;
const WORD_SHIFT: u32 = 20;
const FIRST_SHIFT: u64 = 14;
const SECOND_SHIFT: u64 = 8;
const START_MULTIPLIER: u32 = 0x85ebca6b;
const START_SHIFT: u32 = 17;
/** Folded at once, so that they and the gram table stay in the nearest cache. */
const BLOCK: usize = 2048;
const STEP: usize = 16;
/** From the beginning of a hint to the gram that shows it, at most; and all of that. */
const REACH: usize = 4;
const GRAM: usize = 4;

/** Address of the first candidate in [from, end), or -1. */
export function next(from: usize, end: usize, stride: u32): i32 {
  let first = end;
  let last = end + REACH;
  for (let block = from; block < last; block += BLOCK) {
    let blockEnd = min(block + BLOCK, last);
    const shift = FOLDED - block;
    for (let at = block; at < blockEnd + GRAM; at += STEP) fold(at, at + shift);
    for (let at = block; at < blockEnd; at += 8) {
      const folded = at + shift;
      const at0 = isGram(folded);
      const at2 = isGram(folded + 2);
      const at4 = isGram(folded + 4);
      const at6 = isGram(folded + 6);
      if (((at0 | at2 | at4 | at6) & 1) == 0) continue;
      let grams = <u32>((at0 & 1) | ((at2 & 1) << 2) | ((at4 & 1) << 4) | ((at6 & 1) << 6));
      for (; grams != 0; grams &= grams - 1) {
        const position = at + <usize>ctz(grams);
        if (position >= blockEnd) break;
        let starts: u32 = load<u8>(STARTS + ((load<u32>(position + shift) * START_MULTIPLIER) >>> START_SHIFT));
        for (; starts != 0; starts &= starts - 1) {
          const start = position - <usize>ctz(starts);
          if (start < from || start >= first || !isCandidate(start, stride)) continue;
          first = start;
          // Another one may begin before it, and show itself behind.
          last = first + REACH;
          blockEnd = min(blockEnd, last);
        }
      }
    }
  }
  return first < end ? <i32>first : -1;
}

/** Its lowest bit says whether both bits of the gram are set in the word that its hash counts. */
// @ts-ignore: decorator
@inline
function isGram(at: usize): u64 {
  const hash = load<u32>(at) * GRAM_MULTIPLIER;
  const word = load<u64>((hash >>> WORD_SHIFT) << 3);
  // A shift looks at no more than six bits.
  return (word >>> (<u64>hash >>> FIRST_SHIFT)) & (word >>> (<u64>hash >>> SECOND_SHIFT));
}

/** 16 bytes as `foldedByte` of src/detect/prefilter/folded-byte.ts has them. */
// @ts-ignore: decorator
@inline
function fold(from: usize, to: usize): void {
  const bytes = v128.load(from);
  const isDigit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  const isNul = i8x16.eq(bytes, i8x16.splat(0));
  const few = v128.or(
    v128.and(bytes, i8x16.splat(<i8>0xb0)),
    v128.bitselect(i8x16.splat(3), i8x16.splat(1), isNul),
  );
  const low = v128.bitselect(i8x16.splat(0x30), few, isDigit);
  const isHigh = i8x16.gt_s(bytes, i8x16.splat(0x3f));
  v128.store(to, v128.bitselect(v128.or(bytes, i8x16.splat(0x20)), low, isHigh));
}

function isCandidate(from: usize, stride: u32): bool {
  let position = from;
  let state = START;
  do {
    const group = <u32>load<u8>(GROUPS + <usize>load<u8>(position++));
    state = <u32>load<u16>(TRANSITIONS + (<usize>(state * stride + group) << 1));
  } while (state > CANDIDATE);
  return state == CANDIDATE;
}
