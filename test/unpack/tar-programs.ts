import { spawnSync } from 'node:child_process';

/** True when a program that a test compares with is not installed: the test is skipped then, but never in CI. */
export function isMissing(program: string): boolean {
  if (process.env['PHISCAN_REQUIRE_SERVERS'] === '1') return false;
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined;
}
