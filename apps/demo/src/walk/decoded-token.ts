/** What a JWT says, unverified: for a reader, never for a decision. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Undefined for what is not a signed JWT. */
export function decodeToken(token: string): DecodedToken | undefined {
  const parts = token.split('.');
  const [header, claims] = parts.slice(0, 2).map(decodePart);
  return parts.length === 3 && header && claims ? { header, claims } : undefined;
}

function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
