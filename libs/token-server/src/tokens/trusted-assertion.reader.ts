import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Assertion, Assertions } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import { type Client, UsedIdStore } from '@tessera/resource-model';
import { TrustedJwtError, TrustedJwtReader } from './trusted-jwt.reader.js';

/** Seconds that clocks of nodes may differ: none must forget an assertion that another one still takes. */
const clockSkew = 60;

/** Reads assertions of trusted servers about people; each counts once. */
@Injectable()
export class TrustedAssertionReader extends Assertions {
  constructor(
    private readonly jwts: TrustedJwtReader,
    private readonly usedIds: UsedIdStore,
  ) {
    super();
  }

  mayPresent(client: Client): boolean {
    return this.jwts.trustedFor(client).length > 0;
  }

  async read(assertion: string, client: Client): Promise<Assertion> {
    const { claims, issuer, person } = await this.jwts.read(assertion, client).catch(refuse);
    const { jti, exp } = claims;
    // RFC 7523 §3 (7): without an id nobody could tell whether it was there before.
    if (typeof jti !== 'string' || jti === '') throw new OAuthError('invalid_grant', 'assertion: it has no jti.');
    const id = hash('sha256', JSON.stringify([issuer.issuer, jti]), 'base64url');
    return {
      person,
      scopes: issuer.scopes,
      use: () => this.usedIds.use(`jwt-bearer ${id}`, Math.ceil(exp) + clockSkew),
    };
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TrustedJwtError)) throw error;
  throw new OAuthError('invalid_grant', `assertion: ${error.message}.`, { cause: error.cause });
}
