import { hash } from 'node:crypto';
import { decodeBytes, type CompactJws } from '../compact-jws.js';
import type { VerificationKey } from '../verification-key.js';
import type { DpopNonces } from './dpop-nonces.js';
import type { DpopExpectations } from './dpop-proof.js';
import { DpopError } from './dpop.error.js';
import type { ProofClaims } from './proof-claims.js';
import { isSameTarget, normalTarget } from './target-uri.js';

/** Point 6 of RFC 9449 §4.3. */
export function checkSignature(jws: CompactJws, key: VerificationKey): void {
  if (!key.verify(jws.signingInput, decodeBytes(jws.signature))) {
    throw new DpopError('proof_invalid', 'The signature of the DPoP proof is not that of its key.');
  }
}

/** Point 8. Methods depend on case (RFC 9110 §9.1). */
export function checkMethod({ htm }: ProofClaims, { method }: DpopExpectations): void {
  if (htm !== method) throw new DpopError('proof_invalid', `The htm of the DPoP proof is not ${method}.`);
}

/** Point 9. The description says the URL that was expected: behind a proxy it is what goes wrong most. */
export function checkTarget({ htu }: ProofClaims, { url, aliases = [] }: DpopExpectations): void {
  if (isSameTarget(htu, url) || aliases.some((alias) => isSameTarget(htu, alias))) return;
  throw new DpopError(
    'proof_invalid',
    `The htu of the DPoP proof is not ${normalTarget(url) ?? 'the URL of the request'}.`,
  );
}

/** Point 10. Returns the nonce to give with the answer, where that of the proof ends soon. */
export function checkNonce({ nonce }: ProofClaims, now: number, nonces: DpopNonces | undefined): string | undefined {
  if (!nonces) return undefined;
  const current = nonces.current(now);
  if (nonce === undefined || !nonces.accepts(nonce, now)) {
    const fault = nonce === undefined ? 'is missing' : 'is not one of ours, or too old';
    throw new DpopError('nonce_required', `The nonce of the DPoP proof ${fault}.`, { nonce: current });
  }
  return nonce === current ? undefined : current;
}

/** Point 11. Written so that a time that is not a number is refused. */
export function checkTime(
  { iat, exp = Infinity, nbf = -Infinity }: ProofClaims,
  now: number,
  { proofLifetime, clockTolerance }: { readonly proofLifetime: number; readonly clockTolerance: number },
): void {
  if (!(Math.max(iat, nbf) <= now + clockTolerance)) {
    throw new DpopError('proof_invalid', 'The DPoP proof is of a time to come: the clocks differ.');
  }
  if (!(now <= Math.min(iat + proofLifetime, exp) + clockTolerance)) {
    throw new DpopError('proof_expired', `The DPoP proof is older than ${proofLifetime} seconds.`);
  }
}

/** Point 12. Nothing here is secret to the sender, so the time that a comparison takes tells nothing. */
export function checkBinding(
  { ath }: ProofClaims,
  proved: string,
  { accessToken, thumbprint }: Pick<DpopExpectations, 'accessToken' | 'thumbprint'>,
): void {
  if (accessToken !== undefined && ath !== hash('sha256', accessToken, 'base64url')) {
    const fault = ath === undefined ? 'is missing' : 'is not the hash of the access token';
    throw new DpopError('proof_invalid', `The ath of the DPoP proof ${fault}.`);
  }
  if (thumbprint !== undefined && proved !== thumbprint) {
    throw new DpopError('key_mismatch', 'The DPoP proof is not of the key that the token is bound to.');
  }
}
