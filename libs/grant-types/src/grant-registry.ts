import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { Grant } from './grant.js';

/** The grants this server knows: the one list that the token endpoint, discovery and the check of clients read. */
export class GrantRegistry {
  private readonly grants: ReadonlyMap<string, Grant>;

  constructor(grants: readonly Grant[]) {
    for (const { type } of grants) {
      if (grants.filter((grant) => grant.type === type).length > 1) {
        throw new Error(`Two grants are registered for grant_type '${type}': leave one of them out.`);
      }
    }
    this.grants = new Map(grants.map((grant) => [grant.type, grant]));
  }

  get types(): string[] {
    return [...this.grants.keys()];
  }

  /** @throws OAuthError `unsupported_grant_type`, or `unauthorized_client` (RFC 6749 §5.2) */
  allowedFor(client: Client, type: string): Grant {
    const grant = this.grants.get(type);
    if (!grant) {
      throw new OAuthError('unsupported_grant_type', `grant_type '${type}' is not one of ${this.types.join(', ')}.`);
    }
    if (!this.isAllowed(grant, client)) {
      throw new OAuthError('unauthorized_client', `The client may not use grant_type '${type}'.`);
    }
    return grant;
  }

  find(type: string): Grant | undefined {
    return this.grants.get(type);
  }

  /** Whether the client may use the grant. */
  isAllowed(grant: Grant, client: Client): boolean {
    return grant.isAllowedFor?.(client) ?? client.allowedGrantTypes.includes(grant.type);
  }
}
