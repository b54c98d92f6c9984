import type { TrustedIssuer } from '../issuers/trusted-issuer.js';
import type { AccessTokenClaims, UncheckedClaims } from './access-token-claims.js';
import { AccessTokenError } from './access-token.error.js';
import { checkAudience, checkKind, checkRequired, checkTimes } from './check-claims.js';
import { readAccess } from './read-access.js';
import type { VerifiedAccess } from './verified-access.js';

/** What the issuer says about a reference token (RFC 7662 §2.2), held against the same rules as the claims of a JWT. */
export async function verifyReferenceToken(token: string, issuer: TrustedIssuer): Promise<VerifiedAccess> {
  const answer = await issuer.introspector!.introspect(token);
  if (!answer) throw new AccessTokenError('token_inactive', 'The token is unknown, expired or revoked.');
  const { settings } = issuer;
  const claims = withIdentity(answer, settings.issuer);
  checkUse(claims);
  checkKind(claims);
  checkAudience(claims, settings);
  checkTimes(claims, Math.floor(settings.clock() / 1000), settings.clockTolerance);
  for (const [name, required] of settings.requiredClaims) checkRequired(claims, name, required);
  return readAccess('reference', claims, settings);
}

/** RFC 7662 §2.1: issuers answer about refresh tokens as well, and these open no API. `token_use` is written by Hydra, Cognito and others. */
function checkUse({ token_type: type, token_use: use }: UncheckedClaims): void {
  const isAccessToken =
    (type === undefined || (typeof type === 'string' && accessTokenTypes.has(type.toLowerCase()))) &&
    (use === undefined || use === 'access' || use === 'access_token');
  if (!isAccessToken) throw new AccessTokenError('token_type_mismatch', 'The token is not an access token.');
}

const accessTokenTypes: ReadonlySet<string> = new Set(['bearer', 'dpop', 'access_token']);

/**
 * The answer as claims. An issuer may leave out who it is (RFC 7662 §2.2: `iss` is optional), but must not name another;
 * a token without a person is its client's (RFC 9068 §2.2).
 */
function withIdentity(answer: UncheckedClaims, issuer: string): AccessTokenClaims {
  if (answer.iss !== undefined && answer.iss !== issuer) {
    throw new AccessTokenError(
      'issuer_mismatch',
      `The token is from another issuer; this API trusts ${issuer} for it.`,
    );
  }
  const sub = answer.sub ?? answer.client_id;
  if (typeof sub !== 'string' || sub === '') {
    throw new AccessTokenError(
      'claim_missing',
      'The issuer says neither for whom the token is (sub) nor which client has it.',
    );
  }
  return { ...answer, iss: issuer, sub };
}
