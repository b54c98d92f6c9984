import { remoteJoseVerifier } from '../verifiers.js';
import { protectedBy } from './bearer-guard.js';

export function protect(fixture) {
  return protectedBy(remoteJoseVerifier(fixture));
}
