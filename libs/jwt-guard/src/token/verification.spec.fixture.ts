import { IssuerKeySource } from '../keys/issuer-key-source.js';
import type { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { GuardSettings } from '../options/guard-settings.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { AccessTokenError } from './access-token.error.js';
import { AccessTokenVerifier } from './access-token-verifier.js';

/** A verifier of api1 that knows nothing yet. */
export function verifierFor(issuer: LoopbackIssuer, options: Partial<JwtGuardOptions> = {}): AccessTokenVerifier {
  const settings = new GuardSettings({ issuer: issuer.url, audience: 'api1', ...options });
  return new AccessTokenVerifier(settings, new IssuerKeySource(settings));
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
