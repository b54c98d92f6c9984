import { fastJwtVerifier } from '../verifiers.js';
import { protectedBy } from './bearer-guard.js';

export function protect(fixture, { cache }) {
  return protectedBy(fastJwtVerifier(fixture, { cache }));
}
