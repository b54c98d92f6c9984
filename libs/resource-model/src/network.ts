import { BlockList, isIP } from 'node:net';

/**
 * What stands for one household or machine: an IPv4 address as a whole; of an IPv6 address the first 64 bits, since whoever has one
 * chooses the other 64 (RFC 4291 §2.5.1). What is no address stands for itself.
 */
export function networkOf(address: string): string {
  const [unscoped] = address.split('%') as [string];
  if (isIP(unscoped) !== 6) return address;
  const groups = groupsOf(unscoped);
  // An IPv4 address as a socket for both families shows it (RFC 4291 §2.5.5.2).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return ipv4Of(groups[6]!, groups[7]!);
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** The eight groups of 16 bits. */
function groupsOf(address: string): number[] {
  // The URL parser brings every way of writing an address into one, without dots (WHATWG URL §3.5).
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::') as [string, string?];
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: 8 - left!.length - right!.length }, () => '0');
  return [...left!, ...zeros, ...right!].map((group) => Number.parseInt(group, 16));
}

function ipv4Of(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Whether a text is an address, a network such as `10.0.0.0/8`, or one of the names `loopback`, `linklocal`, `uniquelocal`. */
export function isNetwork(text: string): boolean {
  if (Object.hasOwn(namedNetworks, text)) return true;
  const [address = '', bits] = text.split('/', 2);
  const version = isIP(address);
  if (bits === undefined || version === 0) return version !== 0;
  return text === `${address}/${bits}` && /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** The addresses of networks as {@link isNetwork} knows them. */
export function addressesOf(networks: readonly string[]): BlockList {
  const addresses = new BlockList();
  for (const network of networks.flatMap((text) => namedNetworks[text] ?? [text])) {
    const [address = '', bits] = network.split('/', 2);
    const version = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) addresses.addAddress(address, version);
    else addresses.addSubnet(address, Number(bits), version);
  }
  return addresses;
}
