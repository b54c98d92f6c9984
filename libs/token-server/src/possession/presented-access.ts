import { Inject, Injectable } from '@nestjs/common';
import { challenge, OAuthError, type OAuthErrorCode } from '@tessera/protocol';
import { AccessRefusedError } from '../http/access-refused.error.js';
import { MissingTokenError } from '../http/missing-token.error.js';
import { type PresentedToken, presentedToken } from '../http/presented-token.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { AccessTokenReader, type ValidAccessToken } from '../tokens/access-token.reader.js';
import type { PossessionCall } from './possession-proof.js';
import { ProofOfPossession } from './proof-of-possession.js';

/** An access token in force, and the person whom it is about. */
export interface PersonAccess extends ValidAccessToken {
  readonly subject: string;
}

/** What is wrong with the token, or with the proof of who holds it. */
const ofAccess = new Set<OAuthErrorCode>([
  'invalid_token',
  'insufficient_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
]);

/** Lets the holders of access tokens into endpoints of this server: the token is in force, has the scope, and is the sender's own. */
@Injectable()
export class PresentedAccess {
  private readonly algorithms: string;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { dpop }: ResolvedOptions,
    private readonly tokens: AccessTokenReader,
    private readonly possession: ProofOfPossession,
  ) {
    this.algorithms = dpop.algorithms.join(' ');
  }

  /** A token in which a person takes part. @throws AccessRefusedError (RFC 6750 §3.1, RFC 9449 §7.1), OAuthError `invalid_request` */
  async ofPerson(call: PossessionCall, scope: string): Promise<PersonAccess> {
    const presented = presentedToken(call.request);
    if (!presented) throw new MissingTokenError([this.challenge('Bearer'), this.challenge('DPoP')]);
    try {
      const found = await this.tokens.read(presented.token);
      if (!found) throw new OAuthError('invalid_token', 'The access token is unknown, expired or revoked.');
      await this.possession.check(call, presented, found.claims.cnf);
      if (isAboutPerson(found) && found.claims.scope.split(' ').includes(scope)) return found;
      throw new OAuthError('insufficient_scope', `The access token was not issued with the scope ${scope}.`);
    } catch (error) {
      throw error instanceof OAuthError && ofAccess.has(error.code) ? this.refused(error, presented) : error;
    }
  }

  /** RFC 9449 §7.2: both schemes are named, so that who came with the wrong one learns of the other. The error stands in that which was used. */
  private refused(error: OAuthError, { scheme }: PresentedToken): AccessRefusedError {
    const other = scheme === 'Bearer' ? 'DPoP' : 'Bearer';
    return new AccessRefusedError(error, [this.challenge(scheme, error), this.challenge(other)]);
  }

  private challenge(scheme: PresentedToken['scheme'], error?: OAuthError): string {
    const algs = scheme === 'DPoP' ? this.algorithms : undefined;
    return challenge(scheme, { realm: 'tessera', error: error?.code, error_description: error?.message, algs });
  }
}

function isAboutPerson(found: ValidAccessToken): found is PersonAccess {
  return found.subject !== undefined;
}
