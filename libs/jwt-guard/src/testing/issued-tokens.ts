import type { Members } from './compact-token.js';

/** What an issuer remembers of its tokens, to be asked about them (RFC 7662). */
export class IssuedTokens {
  private readonly claims = new Map<string, Members>();

  add(token: string, claims: Members): void {
    this.claims.set(token, claims);
  }

  /** The same token in another form: what is known of one is known of the other. */
  addForm(form: string, token: string): void {
    const claims = this.claims.get(token);
    if (claims) this.claims.set(form, claims);
  }

  /** In all its forms. Nothing happens where the token is not known (RFC 7009 §2.2). */
  revoke(token: string): void {
    const revoked = this.claims.get(token);
    for (const [form, claims] of this.claims) if (claims === revoked) this.claims.delete(form);
  }

  /** The answer to an introspection (RFC 7662 §2.2). `now` in seconds. */
  describe(token: string, now: number): Members {
    const claims = this.claims.get(token);
    if (!claims || !isCurrent(claims, now)) return { active: false };
    return { active: true, token_type: claims.cnf === undefined ? 'Bearer' : 'DPoP', ...claims };
  }
}

function isCurrent({ exp = Infinity, nbf = -Infinity }: { exp?: unknown; nbf?: unknown }, now: number): boolean {
  return Number(exp) > now && Number(nbf) <= now;
}
