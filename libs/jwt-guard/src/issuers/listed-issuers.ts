import type { TrustedIssuer } from './trusted-issuer.js';
import { TrustedIssuers } from './trusted-issuers.js';

/** Issuers that the configuration names. */
export class ListedIssuers extends TrustedIssuers {
  readonly ofReferenceTokens: TrustedIssuer | undefined;
  readonly description: string;
  private readonly byName: ReadonlyMap<string, TrustedIssuer>;

  constructor(private readonly issuers: readonly TrustedIssuer[]) {
    super();
    this.byName = new Map(issuers.map((issuer) => [issuer.settings.issuer, issuer]));
    this.ofReferenceTokens = issuers.find(({ introspector }) => introspector !== undefined);
    // One name helps to find a misspelt issuer; a list of them would tell anybody who the tenants are.
    const [first, ...others] = this.byName.keys();
    this.description = others.length === 0 ? `${first} alone, letter for letter` : 'others';
  }

  override find(issuer: string): TrustedIssuer | undefined {
    return this.byName.get(issuer);
  }

  override list(): readonly TrustedIssuer[] {
    return this.issuers;
  }
}
