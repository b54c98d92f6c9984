import { describe, expect, it } from '@jest/globals';
import { addressesOf, isNetwork, networkOf } from './network.js';

describe('The network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:C000:0207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ])('is all of an IPv4 address: %s', (address, network) => expect(networkOf(address)).toBe(network));

  it.each([
    '2001:db8:0:1::1',
    '2001:DB8::1:0:0:0:7',
    '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
    '2001:db8:0:1:1:2:192.0.2.7',
    '2001:db8:0:1::%eth0',
  ])('is the first 64 bits of an IPv6 address: %s', (address) => expect(networkOf(address)).toBe('2001:db8:0:1::/64'));

  it('differs where these bits differ', () => {
    const networks = ['2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8::1', '::1', '::', 'fe80::1', '::ffff:0:1'];
    expect(new Set(networks.map(networkOf)).size).toBe(6);
    expect(networkOf('::1')).toBe(networkOf('::'));
  });

  it('is the text itself where that is no address', () => {
    expect(['', 'unknown', '1.2.3', '::g', '[::1]'].map(networkOf)).toEqual(['', 'unknown', '1.2.3', '::g', '[::1]']);
  });
});

describe('The addresses of networks', () => {
  const isIn = (address: string, ...networks: string[]) =>
    addressesOf(networks).check(address, address.includes(':') ? 'ipv6' : 'ipv4');

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.0/24'],
    ['127.0.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['fd00::1', 'uniquelocal'],
    ['2001:db8::1', '2001:db8::/32'],
  ])('hold %s in %s', (address, network) => {
    expect(isNetwork(network)).toBe(true);
    expect(isIn(address, '203.0.113.1', network)).toBe(true);
  });

  it.each([
    ['192.0.3.7', '192.0.2.0/24'],
    ['192.0.2.8', '192.0.2.7'],
    ['10.0.0.1', 'loopback'],
    ['2001:db9::1', '2001:db8::/32'],
  ])('do not hold %s in %s', (address, network) => expect(isIn(address, network)).toBe(false));

  it.each(['', 'all', '10.0.0.0/0', '10.0.0.0/33', '10.0.0.0/8/8', '*', 'constructor'])('are not %j', (text) =>
    expect(isNetwork(text)).toBe(false),
  );
});
