import { BlockList, isIPv4 } from 'node:net';

// The special-purpose registries of IANA (RFC 6890), and multicast. One list for each family: Node takes the IPv4-mapped part of IPv6 for all of IPv4.
const special4 = listOf('ipv4', [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
  '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]); // prettier-ignore

/** All that is given out to the world so far (RFC 4291 §2.4); outside of it are loopback, mapped, translated, local and multicast addresses. */
const global6 = listOf('ipv6', ['2000::/3']);

const special6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']);

/** Whether the address belongs to this machine, to a private network, or to anything else that is not a host of the internet. */
export function isSpecialAddress(address: string): boolean {
  if (isIPv4(address)) return special4.check(address, 'ipv4');
  return !global6.check(address, 'ipv6') || special6.check(address, 'ipv6');
}

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network, prefix] = range.split('/') as [string, string];
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
