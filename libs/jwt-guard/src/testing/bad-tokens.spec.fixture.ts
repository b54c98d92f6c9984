import type { AccessTokenErrorCode } from '../token/access-token.error.js';

/** With which code each of the bad tokens is refused. */
export const codeOf: Readonly<Record<string, AccessTokenErrorCode>> = {
  expired: 'token_expired',
  notYetValid: 'token_not_yet_valid',
  issuedInTheFuture: 'token_not_yet_valid',
  withoutExpiry: 'claim_missing',
  forOtherAudience: 'audience_mismatch',
  withoutAudience: 'claim_missing',
  ofOtherIssuer: 'issuer_mismatch',
  ofIssuerWithOtherSlash: 'issuer_mismatch',
  withWrongSignature: 'signature_invalid',
  withUnknownKey: 'key_unknown',
  withKeyInHeader: 'signature_invalid',
  tampered: 'signature_invalid',
  unsigned: 'algorithm_not_allowed',
  signedWithPublicKey: 'algorithm_not_allowed',
  idToken: 'token_type_mismatch',
  withUnknownExtension: 'critical_header_unknown',
  stolen: 'token_bound',
};
