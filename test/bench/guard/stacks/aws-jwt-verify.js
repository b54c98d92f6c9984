import { awsJwtVerifier } from '../verifiers.js';
import { protectedBy } from './bearer-guard.js';

export function protect(fixture) {
  const verifier = awsJwtVerifier(fixture);
  return { ...protectedBy((token) => verifier.verify(token)), prepare: () => verifier.hydrate() };
}
