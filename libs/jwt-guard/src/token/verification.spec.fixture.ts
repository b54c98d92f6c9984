import { TokenOpener } from '../decryption/token-opener.js';
import { GuardHooks } from '../guard/guard-hooks.js';
import { makeIssuers } from '../issuers/make-issuers.js';
import { GuardSettings } from '../options/guard-settings.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { AccessTokenError } from './access-token.error.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { VerifiedTokenCache } from './verified-token.cache.js';

/** A verifier of api1 that knows nothing yet. */
export function verifierFor(
  issuer: { readonly url: string },
  options: Partial<JwtGuardOptions> = {},
): AccessTokenVerifier {
  const settings = new GuardSettings({ issuer: issuer.url, audience: 'api1', ...options });
  const issuers = makeIssuers(settings, new GuardHooks(settings.hooks));
  return new AccessTokenVerifier(
    issuers,
    new VerifiedTokenCache(settings.tokenCacheSize),
    settings.clock,
    settings.decryption && new TokenOpener(settings.decryption),
  );
}

/** The code of the refusal, or 'accepted'. No refusal may echo the token. */
export async function judge(verifier: AccessTokenVerifier, token: string): Promise<string> {
  try {
    await verifier.verify(token);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof AccessTokenError)) throw error;
    for (const part of token.split('.').filter((text) => text.length > 8)) expect(error.message).not.toContain(part);
    return error.code;
  }
}

/** One part of a token: JSON in base64url. */
export function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
