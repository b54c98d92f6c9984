/** The members of a header or the claims of a token; undefined ones are left out. */
export type Members = Readonly<Record<string, unknown>>;

/** Writes a token: whatever its parts say, whoever signs it. `sign` gives the signature in base64url. */
export function compactToken(header: Members, claims: Members, sign: (input: string) => string): string {
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  return `${input}.${sign(input)}`;
}

function encodePart(members: Members): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}
