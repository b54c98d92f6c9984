import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JwtGuardOptions, TrustedIssuerOptions } from '../options/jwt-guard.options.js';
import type { AccessTokenVerifier } from '../token/access-token-verifier.js';
import { verifierFor } from '../token/verification.spec.fixture.js';

const { privateKey, publicKey } = await generateKeyPair('RS256');
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' }] };

/** A verifier with the options of a preset, and the keys of the test in the place of the issuer's. */
export function presetVerifier(preset: TrustedIssuerOptions): AccessTokenVerifier {
  return verifierFor({ url: preset.issuer }, { ...withTestKeys(preset) });
}

/** A verifier with what a preset gives for `resolveIssuer`. */
export function resolverVerifier(
  resolve: NonNullable<JwtGuardOptions['resolveIssuer']>,
  audience: string,
): AccessTokenVerifier {
  const resolveIssuer = async (issuer: string): Promise<TrustedIssuerOptions | undefined> => {
    const preset = await resolve(issuer);
    return preset && withTestKeys(preset);
  };
  return verifierFor({ url: '' }, { issuer: undefined, audience, resolveIssuer });
}

/** Signs a token as an issuer would: `typ` is what it writes into the header. */
export function sign(claims: Record<string, unknown>, typ: string | undefined = 'JWT'): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iat: now, exp: now + 3600, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'test', ...(typ !== '' && { typ }) })
    .sign(privateKey);
}

function withTestKeys({ jwksUri: _, ...preset }: TrustedIssuerOptions): TrustedIssuerOptions {
  return { ...preset, jwks };
}
