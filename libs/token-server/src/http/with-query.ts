/** The URI with more parameters. What it has is kept as it is: a client compares its registered URI character by character. */
export function withQuery(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (present.length === 0) return uri;
  const [address = '', ...fragment] = uri.split('#');
  const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  const whole = `${address}${separator}${new URLSearchParams(present).toString()}`;
  return [whole, ...fragment].join('#');
}
