import { describe, expect, it } from 'vitest';
import { isDocumentationAddress, isPublicIpv4, isPublicIpv6 } from '../../src/detect/ip-address.ts';

describe('IPv4', () => {
  it.each([
    ['an address of a line', '73.41.182.17', true],
    ['the address below a private block', '9.255.255.255', true],
    ['private 10/8', '10.0.0.1', false],
    ['the last of private 172.16/12', '172.31.255.255', false],
    ['the first behind it', '172.32.0.1', true],
    ['private 192.168/16', '192.168.1.1', false],
    ['loopback', '127.0.0.1', false],
    ['link-local', '169.254.1.1', false],
    ['shared by carriers', '100.127.255.255', false],
    ['the first behind it', '100.128.0.1', true],
    ['for benchmarks', '198.19.0.1', false],
    ['multicast', '224.0.0.1', false],
    ['broadcast', '255.255.255.255', false],
    ['this network', '0.1.2.3', false],
    ['above 255', '73.41.256.1', false],
    ['a leading zero', '73.041.1.1', false],
    ['three numbers', '73.41.1', false],
  ])('%s: %s', (_, address, expected) => {
    expect(isPublicIpv4(address)).toBe(expected);
  });
});

describe('IPv6', () => {
  it.each([
    ['eight groups', '2601:19b:4d7f:83a0:1:2:3:4', true],
    ['a gap', '2601:19b:4d7f:83a0::1f', true],
    ['a network, not a host', '2601::1', false],
    ['two gaps', '2601:19b::4d7f::1f', false],
    ['seven groups', '2601:19b:4d7f:83a0:1:2:3', false],
    ['nine groups', '2601:19b:4d7f:83a0:1:2:3:4:5', false],
    ['link-local', 'fe80::1:2:3:4', false],
    ['unique local', 'fd00::1:2:3:4', false],
  ])('%s: %s', (_, address, expected) => {
    expect(isPublicIpv6(address)).toBe(expected);
  });
});

it.each([
  ['203.0.113.9', true],
  ['8.8.8.8', true],
  ['2001:db8::1', true],
  ['73.41.182.17', false],
])('set aside or of everybody: %s %s', (address, expected) => {
  expect(isDocumentationAddress(address)).toBe(expected);
});
