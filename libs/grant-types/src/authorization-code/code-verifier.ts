import { hash, timingSafeEqual } from 'node:crypto';
import { OAuthError } from '@tessera/protocol';
import type { CodeChallenge } from '@tessera/resource-model';

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

/**
 * Checks the proof key (RFC 7636 §4.6). A verifier is required exactly when a challenge was sent: one without a challenge tells of a
 * downgrade (RFC 9700 §2.1.1).
 * @throws OAuthError `invalid_grant`
 */
export function verifyCodeVerifier(challenge: CodeChallenge | undefined, verifier: string | undefined): void {
  if (!challenge && verifier === undefined) return;
  if (!challenge)
    throw new OAuthError('invalid_grant', 'code_verifier was sent, but the request had no code_challenge.');
  if (verifier === undefined)
    throw new OAuthError('invalid_grant', 'code_verifier is missing: the request had a code_challenge.');
  const shown = challenge.method === 'S256' ? hash('sha256', verifier, 'base64url') : verifier;
  if (!verifierForm.test(verifier) || !equal(shown, challenge.value)) {
    throw new OAuthError('invalid_grant', 'code_verifier does not fit the code_challenge of the request.');
  }
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
