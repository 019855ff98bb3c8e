import { describe, expect, it } from 'vitest';
import { formatPlatform, parsePlatform, wantsPlatform } from '../../src/image/platform.ts';

describe('a wanted platform', () => {
  it.each([
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/arm64/8', 'linux/arm64', true],
    ['aarch64', 'linux/arm64', true],
    ['linux/x86_64', 'linux/amd64', true],
    ['linux/amd64', 'linux/amd64/v3', true],
    ['linux/amd64/v1', 'linux/amd64', true],
    ['linux/amd64/v2', 'linux/amd64', false],
    ['linux/amd64/v2', 'linux/amd64/v3', false],
    ['linux/arm', 'linux/arm/v7', true],
    ['linux/arm', 'linux/arm/v6', false],
    ['linux/arm/v7', 'linux/arm', true],
    ['linux/armhf', 'linux/arm/v7', true],
    ['linux/armel', 'linux/arm/v6', true],
    ['linux/i386', 'linux/386', true],
    ['macos/arm64', 'darwin/arm64', true],
    ['windows/amd64', 'linux/amd64', false],
    ['linux/amd64', 'linux/arm64', false],
  ])('%s takes %s: %s', (wanted, held, expected) => {
    const [left, right] = [parsePlatform(wanted), parsePlatform(held)];
    expect(left !== undefined && right !== undefined && wantsPlatform(left, right)).toBe(expected);
  });

  it.each(['', '/', 'linux/', 'a/b/c/d', 'linux//v8', 'li nux/amd64', `linux/${'a'.repeat(40)}`])(
    '%j is none',
    (text) => {
      expect(parsePlatform(text)).toBeUndefined();
    },
  );

  it.each([
    ['Linux/AMD64', 'linux/amd64'],
    ['linux/arm64/v8', 'linux/arm64/v8'],
    ['arm', 'linux/arm'],
  ])('%s is shown as %s', (text, shown) => {
    const platform = parsePlatform(text);
    expect(platform === undefined ? '' : formatPlatform(platform)).toBe(shown);
  });
});
