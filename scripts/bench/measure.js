// Whole processes, timed from outside.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Starts a command and gives its exit, wall time in milliseconds and peak memory in KiB (Linux's VmHWM). */
export async function measure(command, args, { input, env } = {}) {
  const begun = performance.now();
  const child = spawn(command, args, {
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const watch = watchMemory(child.pid);
  if (input) pipeline(input, child.stdin).catch(() => undefined);
  const code = await new Promise((done) => child.once('close', done));
  const ms = performance.now() - begun;
  return { code, ms, peakKiB: watch.stop(), stdout, stderr };
}

function watchMemory(pid) {
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It ended between two looks.
    }
  }, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** Runs `sides` in turn, `rounds` times after one that does not count, and gives the median time of each, and of the ratio
 * of the first to each other, taken round by round: the machine's speed drifts, and both sides drift with it. */
export async function alternate(sides, rounds) {
  const times = sides.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, side] of sides.entries()) {
      const ms = await side();
      if (round >= 0) times[index].push(ms);
    }
  }
  const [first] = times;
  return times.map((all) => ({ ms: median(all), ratio: median(all.map((ms, round) => first[round] / ms)) }));
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
