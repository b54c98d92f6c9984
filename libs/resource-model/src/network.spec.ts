import { describe, expect, it } from '@jest/globals';
import { networkOf } from './network.js';

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
